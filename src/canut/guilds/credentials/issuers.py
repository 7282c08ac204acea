"""Who signs: a site's name among DIDs, the document that publishes its keys, and reading such a document.

Sources: W3C "Decentralized Identifiers (DIDs) v1.0", "did:web Method Specification", "Controlled
Identifiers v1.0" (Multikey, JsonWebKey). Keys are Ed25519 (RFC 8032) throughout.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.utils.translation import gettext_lazy as _
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3.did import did_key_from_pem, multikey_from_pem, resolve_did

from canut.guilds.credentials import parsing
from canut.guilds.credentials.refused import IssuerDocumentMalformed
from canut.kernel.refusals import Refusal

MOST_DOCUMENT_BYTES = 256 * 1024
MOST_KEYS = 1000
"""Of one issuer. A site that changed its key every week for nineteen years has as many."""

_MULTIKEY_TYPES = ("Multikey", "Ed25519VerificationKey2020")
_JWK_TYPES = ("JsonWebKey", "JsonWebKey2020")


class SiteHasNoDid(Refusal):
    """The site's address is none that others could look its keys up at."""

    code = "site_has_no_did"


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A key that an issuer publishes or has published.

    `asserts` tells whether it may vouch for a credential; `withdrawn` that the issuer took it back,
    so that whatever it signed is worth nothing, whenever that says it was signed.
    """

    public: Ed25519PublicKey
    asserts: bool = True
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whom we check against: a DID, and its keys by the address of each (`did#fragment`)."""

    did: str
    keys: Mapping[str, IssuerKey]


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """What a site publishes of one of its keys."""

    multibase: str
    withdrawn_at: datetime | None = None


def did_of_site(url: str) -> str:
    """Return the `did:web` of the site at this address, such as `did:web:canut.example`.

    A site on this machine alone is called `localhost` with its port, since the method allows no
    number in place of a name; such a site's keys have to be handed over as a file.

    Raises:
        SiteHasNoDid: the address is not https, or has no host name, or a path.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    is_number = _is_number(host)
    local = host == "localhost" or (is_number and ip_address(host).is_loopback)
    if not host or parts.path.strip("/") or parts.username or (not local and parts.scheme != "https"):
        raise SiteHasNoDid(_("Credentials need a site with an https address and nothing behind its name."))
    if is_number and not local:
        raise SiteHasNoDid(_("Credentials need a site with a name. This one is known by a number only."))
    name = "localhost" if local else host
    return "did:web:" + quote(f"{name}:{parts.port}" if parts.port else name, safe="")


def multibase(key: Ed25519PublicKey) -> str:
    """Return a public key as `publicKeyMultibase` (Multikey), which begins with z6Mk."""
    return multikey_from_pem(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def did_key(key: Ed25519PublicKey) -> str:
    """Return the `did:key` of a public key: a name that is nothing but the key."""
    return did_key_from_pem(key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def key_of_did(did: str) -> Ed25519PublicKey:
    """Return the key that a `did:key` is.

    Raises:
        ValueError: it is no did:key, is spelled in another way, or its key is not Ed25519.
    """
    try:
        key = _from_pem(resolve_did(did)) if did.startswith("did:key:z6Mk") else None
    except LibOpenBadgesException as error:
        raise ValueError("not a did:key") from error
    if key is None or did_key(key) != did:
        raise ValueError("not the did:key of an Ed25519 key")
    return key


def jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """Return a public key as a JSON Web Key (RFC 8037)."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": "Ed25519", "x": parsing.write_base64url(raw)}


def thumbprint(key: Ed25519PublicKey) -> str:
    """Return the JWK thumbprint of a key (RFC 7638, RFC 8037 appendix A.3)."""
    said = '{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.format(**jwk(key))
    return parsing.write_base64url(sha256(said.encode()).digest())


def method_of_proofs(did: str, key: Ed25519PublicKey) -> str:
    """Return the address that a Data Integrity proof names this key by."""
    return f"{did}#{multibase(key)}"


def method_of_tokens(did: str, key: Ed25519PublicKey) -> str:
    """Return the `kid` that a JWT names this key by."""
    return f"{did}#{thumbprint(key)}"


def did_document(did: str, keys: Iterable[PublishedKey]) -> dict[str, Any]:
    """Return the document that a `did:web` leads to: every key there ever was, the newest first.

    Each key stands there twice, as Data Integrity wants it (Multikey) and as JOSE does (JsonWebKey). A
    key that another has followed stays, for what it signed stays true. One that was withdrawn stays
    too, so that nobody takes it for unknown, but says so and may assert nothing.
    """
    methods: list[dict[str, Any]] = []
    asserting = []
    for key in keys:
        public = key_of_did(f"did:key:{key.multibase}")
        ended = {"revoked": f"{key.withdrawn_at:%Y-%m-%dT%H:%M:%SZ}"} if key.withdrawn_at else {}
        both: list[dict[str, Any]] = [
            {"id": method_of_proofs(did, public), "type": "Multikey", "publicKeyMultibase": key.multibase},
            {"id": method_of_tokens(did, public), "type": "JsonWebKey", "publicKeyJwk": jwk(public)},
        ]
        methods += [{**method, "controller": did, **ended} for method in both]
        if not key.withdrawn_at:
            asserting += [method["id"] for method in both]
    return {
        "@context": [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
            "https://w3id.org/security/jwk/v1",
        ],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": asserting,
    }


def read_did_document(content: bytes) -> Issuer:
    """Return whom a DID document speaks of, with the keys we can check with; others are left out.

    Raises:
        IssuerDocumentMalformed: it is no DID document, or its keys are not in order.
    """
    try:
        if len(content) > MOST_DOCUMENT_BYTES:
            raise parsing.NotReadable
        return _issuer(parsing.read_json(content))
    except (parsing.NotReadable, KeyError, TypeError, AttributeError) as error:
        raise IssuerDocumentMalformed(
            _("The file with the issuer's keys is no DID document. It is the did.json of their site.")
        ) from error


def _issuer(document: Any) -> Issuer:
    did = document["id"]
    if not isinstance(did, str) or not did.startswith("did:") or "#" in did:
        raise parsing.NotReadable
    methods = list(document["verificationMethod"])
    asserting = {_full(entry, did) for entry in document["assertionMethod"] if isinstance(entry, str)}
    for entry in document["assertionMethod"]:
        if isinstance(entry, dict):  # a key that is published for this alone
            methods.append(entry)
            asserting.add(_full(entry["id"], did))
    if len(methods) > 2 * MOST_KEYS:
        raise parsing.NotReadable
    keys: dict[str, IssuerKey] = {}
    for method in methods:
        address = _full(method["id"], did)
        public = _public_key(method)
        if address in keys:
            raise parsing.NotReadable  # two keys of one name: whose signature is it?
        if public is None or method["controller"] != did or not address.startswith(f"{did}#"):
            continue
        keys[address] = IssuerKey(public, address in asserting, method.get("revoked") is not None)
    return Issuer(did, keys)


def _full(address: str, did: str) -> str:
    return did + address if address.startswith("#") else address


def _public_key(method: dict[str, Any]) -> Ed25519PublicKey | None:
    """Return the key of a verification method, None if it is of a kind that signs no badge of ours."""
    try:
        if method["type"] in _MULTIKEY_TYPES:
            return key_of_did(f"did:key:{method['publicKeyMultibase']}")
        if method["type"] in _JWK_TYPES:
            given = method["publicKeyJwk"]
            if given["kty"] == "OKP" and given["crv"] == "Ed25519" and "d" not in given:
                return Ed25519PublicKey.from_public_bytes(parsing.read_base64url(given["x"]))
    except ValueError:
        pass
    return None


def _from_pem(pem: bytes) -> Ed25519PublicKey | None:
    key = load_pem_public_key(pem)
    return key if isinstance(key, Ed25519PublicKey) else None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
