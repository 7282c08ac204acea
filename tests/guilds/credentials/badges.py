"""Badges and those who sign them, made without a database."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from canut.guilds.credentials import issuers, proofs, statements, status_lists
from canut.guilds.credentials.issuers import Issuer, PublishedKey
from canut.guilds.credentials.statements import Achievement, Reviewed, Signer, Standing

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DID = "did:web:canut.example"
LIST = "https://canut.example/credentials/status/1"
SUBJECT = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
PLACE = 4711


def a_key(number: int = 1) -> Ed25519PrivateKey:
    """Return the key of this number, always the same one."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


@dataclass(frozen=True)
class Site:
    """Somebody who signs: a site with one key or several, the first of which is in use."""

    did: str = DID
    numbers: tuple[int, ...] = (1,)
    withdrawn: tuple[int, ...] = ()

    @property
    def did_json(self) -> bytes:
        published = [
            PublishedKey(issuers.multibase(a_key(n).public_key()), NOON if n in self.withdrawn else None)
            for n in self.numbers
        ]
        return json.dumps(issuers.did_document(self.did, published)).encode()

    @property
    def issuer(self) -> Issuer:
        return issuers.read_did_document(self.did_json)

    def says(self, **changes: Any) -> dict[str, Any]:
        """Return an unsigned level of a guild; `changes` replace members, None takes one out."""
        document = statements.level_statement(
            credential_id=UUID("5c1c5b4e-6d41-4a3e-9d0f-2f8a4f1a0001"),
            signer=Signer(self.did, "canut.example", "https://canut.example"),
            subject_did=SUBJECT,
            achievement=Achievement(
                "Transcription", "https://canut.example/guilds/3", 2, "Ten blind reviews above 3.0.", "en", 4
            ),
            reviewed=Reviewed(24, Decimal("3.27")),
            standing=Standing(LIST, PLACE),
            awarded_at=NOON,
            valid_until=None,
        )
        return {name: value for name, value in {**document, **changes}.items() if value is not None}

    def signs(self, document: dict[str, Any], *, key: int | None = None) -> dict[str, Any]:
        """Return a document with a Data Integrity proof."""
        return proofs.signed_document(
            document, a_key(key or self.numbers[0]), did=self.did, at=statements.day_of(NOON)
        )

    def token(self, document: dict[str, Any], *, key: int | None = None) -> str:
        return proofs.signed_token(document, a_key(key or self.numbers[0]), did=self.did)

    def badge(self, **changes: Any) -> dict[str, Any]:
        return self.signs(self.says(**changes))

    def status_list(self, *revoked: int, at: datetime = NOON, address: str = LIST) -> dict[str, Any]:
        return self.signs(
            status_lists.status_list_statement(did=self.did, address=address, revoked=revoked, at=at)
        )


def written(document: Any) -> bytes:
    return document.encode() if isinstance(document, str) else json.dumps(document).encode()


def no_list(_address: str) -> None:
    """Be offline: no status list is at hand."""
