"""The key by which a worker is known in their credentials: `did:key`, which says nothing else of them.

The private half is the worker's alone. The site makes a pair if asked, hands the private half over once and
forgets it; or the worker brings a key that they have, and shows that it is theirs. docs/decisions says why.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canut.guilds.credentials import issuers, parsing


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A fresh pair, at the only moment when its private half is known here (PKCS #8 in PEM)."""

    did: str
    private_pem: str


def make_key() -> MadeKey:
    """Return a pair that never was before."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return MadeKey(did=issuers.did_key(private.public_key()), private_pem=pem.decode())


def linking_statement(*, did: str, site_did: str, party_id: int, secret: str) -> str:
    """Return the text that a worker signs with a key of theirs to have it taken for their credentials.

    It is for this key, this site and this account: signed, it is of no use to anybody else. The account
    is there as a digest that only this site can make, so the text tells nobody who the worker is.
    """
    account = hmac.new(f"canut.guilds.linking {secret}".encode(), f"{party_id} {did}".encode(), sha256)
    return f"I hold the key {did} and want my credentials from {site_did} to name it. {account.hexdigest()}"


def is_signed(statement: str, *, did: str, signature: str) -> bool:
    """Tell whether `signature` (base64url) over `statement` (UTF-8) was made with the key that `did` is."""
    try:
        issuers.key_of_did(did).verify(parsing.read_base64url(signature), statement.encode())
    except (ValueError, InvalidSignature):
        return False
    return True
