"""Reading: a member's own badges in every shape, what the site publishes, and what it once signed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials import images, issuers, proofs, site, statements, status_lists
from canut.guilds.credentials.access import credential_of_holder
from canut.guilds.credentials.models import IssuedCredential, IssuerKey, StatusList, SubjectKey
from canut.guilds.credentials.statements import Form
from canut.guilds.credentials.verifying import Verified, verify
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person

Shape = Literal["json", "jwt", "svg", "png"]


class StatusListNotFound(NotFound):
    code = "status_list_not_found"


class BadgeOfEarlierName(Refusal):
    """The site had another name when it issued this, and can sign no more as that."""

    code = "badge_of_earlier_name"


class BadgeTakenBack(Refusal):
    """It was revoked, so it is not signed any more."""

    code = "badge_taken_back"
    status = 410


@dataclass(frozen=True, slots=True)
class Badge:
    """One of a member's credentials, as their own page shows it."""

    credential_id: UUID
    guild_id: int
    level: int
    name: str
    subject_did: str
    issued_at: datetime
    revoked_at: datetime | None
    revoked_for: str | None


@dataclass(frozen=True, slots=True)
class KeyOfSite:
    """One of the site's keys, for those who run it."""

    multibase: str
    created_at: datetime
    retired_at: datetime | None
    withdrawn_at: datetime | None


# --- A member's own ---------------------------------------------------------------------------------


def badges_of(party_id: int) -> list[Badge]:
    """Return a member's credentials, the newest first, revoked ones too. For the member alone."""
    rows = IssuedCredential.objects.filter(holder_id=party_id).order_by("-issued_at", "-pk")
    return [
        Badge(
            credential_id=row.uuid,
            guild_id=row.guild_id,
            level=row.level,
            name=row.statement["name"],
            subject_did=row.subject_did,
            issued_at=row.issued_at,
            revoked_at=row.revoked_at,
            revoked_for=row.revoked_for,
        )
        for row in rows
    ]


def subject_did_of(party_id: int) -> str | None:
    """Return the key that a member's badges are made out to now, None if there is none."""
    row = SubjectKey.objects.filter(party_id=party_id, ended_at__isnull=True).first()
    return row.did if row else None


def badge_file(
    *, credential_id: UUID, shape: Shape, by: Person, at: datetime, form: Form = "data_integrity"
) -> bytes:
    """Return one of `by`'s own badges, signed now with the key in use, in the shape they want.

    `form` says how the credential in an image is signed. "json" is Data Integrity and "jwt" a token
    by nature.

    Raises:
        CredentialNotFound: there is none, or it is somebody else's.
        BadgeTakenBack: it was taken back.
        BadgeOfEarlierName: the site has another name since; `issue_credential` makes a new one.
        IssuerKeyCannotBeOpened, NoIssuerKey, SiteHasNoDid: the site cannot sign now.
    """
    row = credential_of_holder(credential_id, by=by)
    if row.revoked_at is not None:
        raise BadgeTakenBack(_("This badge was taken back, so it cannot be fetched any more."))
    if row.statement["issuer"]["id"] != site.signer().did:
        raise BadgeOfEarlierName(_("This badge is from when the site had another name. Ask for a new one."))
    as_token = shape == "jwt" or (form == "jwt" and shape in ("svg", "png"))
    credential = _signed(row.statement, "jwt" if as_token else "data_integrity", at=at)
    if shape in ("json", "jwt"):
        return credential.encode()
    draw = images.svg_badge if shape == "svg" else images.png_badge
    guild = row.statement["credentialSubject"]["achievement"]["creator"]
    return draw(
        guild_name=guild["name"], level=row.level, site_name=site.signer().name, credential=credential
    )


def data_of(party_id: int) -> dict[str, Any]:
    """Return everything that this room knows of somebody, for their own export."""
    keys = SubjectKey.objects.filter(party_id=party_id).order_by("pk")
    rows = IssuedCredential.objects.filter(holder_id=party_id).order_by("pk")
    return {
        "subject_keys": [
            {
                "did": key.did,
                "made_here": key.made_here,
                "created_at": key.created_at,
                "ended_at": key.ended_at,
            }
            for key in keys
        ],
        "credentials": [
            {
                "statement": row.statement,
                "issued_at": row.issued_at,
                "revoked_at": row.revoked_at,
                "revoked_for": row.revoked_for,
            }
            for row in rows
        ],
    }


# --- What the site publishes ------------------------------------------------------------------------


def did_document() -> dict[str, Any]:
    """Return what belongs at `site.DID_PATH`: the site's DID with every key it ever signed with.

    Raises:
        SiteHasNoDid: the site cannot issue credentials.
    """
    return issuers.did_document(site.signer().did, site.published_keys())


def keys_of_site() -> list[KeyOfSite]:
    """Return the site's keys, the newest first."""
    rows = IssuerKey.objects.order_by("-created_at", "-pk")
    return [KeyOfSite(row.public_multibase, row.created_at, row.retired_at, row.withdrawn_at) for row in rows]


def status_list_file(*, number: int, at: datetime, form: Form = "data_integrity") -> bytes:
    """Return a status list as it is now, signed; what belongs at `site.list_address(number)`.

    Raises:
        StatusListNotFound: there is none of this number.
        IssuerKeyCannotBeOpened, NoIssuerKey, SiteHasNoDid: the site cannot sign now.
    """
    if not StatusList.objects.filter(number=number).exists():
        raise StatusListNotFound(_("There is no status list of this number."))
    statement = status_lists.status_list_statement(
        did=site.signer().did, address=site.list_address(number), revoked=_revoked(number), at=at
    )
    return _signed(statement, form, at=at).encode()


# --- Checking ---------------------------------------------------------------------------------------


def verify_here(content: bytes, *, at: datetime) -> Verified:
    """Return what a badge says that this site issued: by its own keys and, for revocation, its own books.

    Raises:
        CredentialRefused: one of its subclasses, by what is wrong.
        SiteHasNoDid: the site cannot issue credentials.
    """

    def own_list(address: str) -> status_lists.StatusList | None:
        number = site.list_number(address)
        if number is None or not StatusList.objects.filter(number=number).exists():
            return None
        return status_lists.as_it_is(address=address, revoked=_revoked(number), at=at)

    return verify(content, issuer=site.own_issuer(), status_list_at=own_list, at=at, status_needed=True)


def _revoked(number: int) -> list[int]:
    rows = IssuedCredential.objects.filter(status_list_id=number, revoked_at__isnull=False)
    return list(rows.order_by("status_index").values_list("status_index", flat=True))


def _signed(statement: dict[str, Any], form: Form, *, at: datetime) -> str:
    did, key = site.signer().did, site.key_in_use()
    if form == "jwt":
        return proofs.signed_token(statement, key, did=did)
    signed = proofs.signed_document(statement, key, did=did, at=statements.day_of(at))
    return json.dumps(signed, ensure_ascii=False, indent=1)
