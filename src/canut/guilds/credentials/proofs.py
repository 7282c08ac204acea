"""Signing a document and checking a signature, both ways that Open Badges 3.0 knows.

- Data Integrity with the cryptosuite `eddsa-rdfc-2022` (W3C "Data Integrity EdDSA Cryptosuites v1.0"): the
  proof stands in the document, and covers what the JSON means rather than its spelling.
- VC-JWT (Open Badges 3.0, section 8.2): the document is the payload of a token, signed with EdDSA.

Canonicalisation (RDFC-1.0), the hashes and the contexts are openbadgeslib's. So is the validation of contexts
that keeps the two meanings of a document, its JSON and what was signed, from drifting apart: it is
inside the library's verifier, which has a clock of its own and one error for everything, so we call
its parts by their inner names. Its version is pinned, and our tests fail if a name goes.
"""

from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.utils.translation import gettext_lazy as _
from openbadgeslib.errors import ErrorSigningFile
from openbadgeslib.ob3.contexts import UnknownContextError, document_loader, load_context
from openbadgeslib.ob3.ldp import (
    OB3GuardUnavailable,
    _check_json_ld_form,
    _screen_structure,
    add_data_integrity_proof,
    verify_data_integrity_proof,
)
from openbadgeslib.ob3.verifier import OB3VerificationError

from canut.guilds.credentials import issuers
from canut.guilds.credentials.issuers import Issuer, IssuerKey
from canut.guilds.credentials.reading import Token
from canut.guilds.credentials.refused import (
    CredentialContextRefused,
    CredentialKeyUnknown,
    CredentialKeyWithdrawn,
    CredentialMalformed,
    CredentialSignedOtherwise,
    CredentialTampered,
    CredentialUnsigned,
)

CRYPTOSUITE = "eddsa-rdfc-2022"
ALGORITHM = "EdDSA"
CREDENTIALS_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_TOKEN_TYPES = ("JWT", "vc+jwt")
_REGISTERED = ("iss", "sub", "jti", "nbf", "exp", "iat")


# --- Signing ----------------------------------------------------------------------------------------


def signed_document(
    document: dict[str, Any], key: Ed25519PrivateKey, *, did: str, at: datetime
) -> dict[str, Any]:
    """Return `document` with a Data Integrity proof, in an array as the schema of Open Badges 3.0 wants.

    `at` is written into the proof; give it no finer than others may know.

    Raises:
        ValueError: the document says something that its contexts do not define, so that the signature
            would not cover it. A mistake in our own text, never somebody's input.
    """
    try:
        signed = add_data_integrity_proof(
            document, _pem(key), issuers.method_of_proofs(did, key.public_key()), created=at.astimezone(UTC)
        )
        _check_json_ld_form(signed, signed["proof"], document_loader())
    except (ErrorSigningFile, OB3VerificationError) as error:
        raise ValueError(f"this document cannot be signed: {error}") from error
    return {**signed, "proof": [signed["proof"]]}


def signed_token(document: dict[str, Any], key: Ed25519PrivateKey, *, did: str) -> str:
    """Return `document` as a VC-JWT: its members, and the registered claims that repeat some of them."""
    claims = {**document, **_claims(document)}
    headers = {"kid": issuers.method_of_tokens(did, key.public_key()), "typ": "JWT"}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


# --- Checking ---------------------------------------------------------------------------------------


def checked_document(content: dict[str, Any] | Token, issuer: Issuer) -> tuple[dict[str, Any], str]:
    """Return the document that `issuer` signed, without proof or claims, and the address of the key.

    Whether it is in force, and whether it is a badge, is not asked here.

    Raises:
        CredentialUnsigned, CredentialSignedOtherwise, CredentialContextRefused, CredentialKeyUnknown,
        CredentialKeyWithdrawn, CredentialTampered: as each says.
        CredentialMalformed: it contradicts itself.
    """
    if isinstance(content, Token):
        return _checked_token(content, issuer)
    return _checked_proof(content, issuer)


def _checked_proof(document: dict[str, Any], issuer: Issuer) -> tuple[dict[str, Any], str]:
    proof = _only_proof(document)
    if (proof.get("type"), proof.get("cryptosuite")) != ("DataIntegrityProof", CRYPTOSUITE):
        raise CredentialSignedOtherwise(
            _("This credential is signed in a way that is not taken here. It should be eddsa-rdfc-2022.")
        )
    if proof.get("proofPurpose") != "assertionMethod":
        raise CredentialSignedOtherwise(_("This credential's signature was made for another purpose."))
    if "expires" in proof:
        raise CredentialSignedOtherwise(_("This credential's signature has an end of its own."))
    address = proof.get("verificationMethod")
    key = _key(issuer, address)
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    _check_contexts(unsigned)
    secured = {**unsigned, "proof": proof}
    try:
        _screen_structure(secured, contexts=False)  # what costs too much, before anything is spent on it
        _check_json_ld_form(secured, proof, document_loader())
        verify_data_integrity_proof(secured, _public_pem(key.public))
    except OB3GuardUnavailable:
        raise  # the verifier is down, which is no finding about a credential
    except OB3VerificationError as error:
        raise _tampered() from error
    return unsigned, str(address)


def _only_proof(document: dict[str, Any]) -> dict[str, Any]:
    proofs = document.get("proof")
    proofs = proofs if isinstance(proofs, list) else [] if proofs is None else [proofs]
    if not proofs:
        raise CredentialUnsigned(_("This credential has no signature. Anybody could have written it."))
    if len(proofs) > 1 or not isinstance(proofs[0], dict):
        raise CredentialSignedOtherwise(_("This credential should have one signature, and has several."))
    return proofs[0]


def _checked_token(token: Token, issuer: Issuer) -> tuple[dict[str, Any], str]:
    header = token.header
    if header.get("alg") == "none" or not token.signature:
        raise CredentialUnsigned(_("This credential has no signature. Anybody could have written it."))
    if header.get("alg") != ALGORITHM or header.get("typ", "JWT") not in _TOKEN_TYPES or "crit" in header:
        raise CredentialSignedOtherwise(
            _("This credential is signed in a way that is not taken here. It should be a token with EdDSA.")
        )
    # Keys that a token brings along (jwk, jku, x5c) are never looked at: it names one of the issuer's.
    address = header.get("kid")
    if isinstance(address, str) and address.startswith("#"):
        address = issuer.did + address
    key = _key(issuer, address)
    try:
        jwt.PyJWS().decode_complete(token.compact, key=key.public, algorithms=[ALGORITHM])
    except jwt.InvalidTokenError as error:
        raise _tampered() from error
    document = {name: value for name, value in token.payload.items() if name not in _REGISTERED}
    _check_contexts(document)
    if "proof" in document or _contradicts(token.payload, document):
        raise CredentialMalformed(_("This credential contradicts itself: its token says what it does not."))
    return document, str(address)


def _key(issuer: Issuer, address: object) -> IssuerKey:
    key = issuer.keys.get(address) if isinstance(address, str) else None
    if key is None:
        raise CredentialKeyUnknown(
            _("This credential is signed with a key that %(issuer)s has not published. It may be forged.")
            % {"issuer": issuer.did},
            issuer=issuer.did,
        )
    if key.withdrawn or not key.asserts:
        raise CredentialKeyWithdrawn(
            _("This credential is signed with a key that %(issuer)s has withdrawn. Ask for a new copy.")
            % {"issuer": issuer.did},
            issuer=issuer.did,
        )
    return key


def _check_contexts(document: dict[str, Any]) -> None:
    """See that every word is defined by a published context that came with the library.

    A context that is written into the credential, or read from anywhere, could redefine them.
    """
    contexts = document.get("@context")
    if not isinstance(contexts, list) or contexts[:1] != [CREDENTIALS_CONTEXT]:
        raise _context_refused()
    for context in contexts:
        try:
            load_context(context if isinstance(context, str) else "")
        except UnknownContextError as error:
            raise _context_refused() from error


def _context_refused() -> CredentialContextRefused:
    return CredentialContextRefused(
        _("This credential defines its words itself, or takes them from where we do not know them.")
    )


def _tampered() -> CredentialTampered:
    return CredentialTampered(
        _("This credential was changed after it was signed, or somebody else signed it. Do not trust it.")
    )


def _claims(document: dict[str, Any]) -> dict[str, Any]:
    """Return the registered claims of a document (Open Badges 3.0, section 8.2.4)."""
    issuer, subject = document["issuer"], document["credentialSubject"]
    claims = {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": document["id"],
        "nbf": _seconds(document["validFrom"]),
    }
    if "id" in subject:
        claims["sub"] = subject["id"]
    if "validUntil" in document:
        claims["exp"] = _seconds(document["validUntil"])
    return claims


def _contradicts(payload: dict[str, Any], document: dict[str, Any]) -> bool:
    try:
        wanted = _claims(document)
    except (KeyError, TypeError, ValueError):
        return True
    found = {name: payload[name] for name in _REGISTERED if name in payload and name != "iat"}
    return found != wanted


def _seconds(moment: str) -> int:
    return int(read_moment(moment).timestamp())


def read_moment(text: object) -> datetime:
    """Return a moment as XML Schema writes it (`2026-11-22T00:00:00Z`).

    Raises:
        ValueError: it is written otherwise, or has no time zone.
    """
    moment = datetime.fromisoformat(text) if isinstance(text, str) and "T" in text else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("not a moment with a time zone")
    return moment


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
