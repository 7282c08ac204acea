"""This site as an issuer: its DID, where its lists are, and the key in use."""

from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials import issuers
from canut.guilds.credentials.issuers import Issuer, PublishedKey
from canut.guilds.credentials.models import IssuerKey
from canut.guilds.credentials.statements import Signer
from canut.kernel.refusals import Refusal
from canut.kernel.sealing import SealedWithAnotherSecret, unseal

PURPOSE = "canut.guilds.credentials issuer key"
DID_PATH = "/.well-known/did.json"
"""Where `did:web` looks (did:web Method Specification, "Read (Resolve)")."""


class NoIssuerKey(Refusal):
    """The site has never signed anything."""

    code = "no_issuer_key"


class IssuerKeyCannotBeOpened(Refusal):
    """The installation's secret was changed, and what it sealed was not kept up."""

    code = "issuer_key_cannot_be_opened"
    status = 503


def signer() -> Signer:
    """Return who this site is to those who check what it signed.

    Raises:
        SiteHasNoDid: it has no address that keys could be looked up at.
    """
    did = issuers.did_of_site(settings.SITE_URL)
    return Signer(did, host(), settings.SITE_URL)


def host() -> str:
    """Return the name by which the site is known, which stands on the picture of its badges."""
    return urlsplit(settings.SITE_URL).hostname or ""


def guild_address(guild_id: int) -> str:
    """Return where a guild has its page; what its levels mean is said below it, under `levels/`."""
    return f"{settings.SITE_URL}/guilds/{guild_id}/"


def list_address(number: int) -> str:
    """Return where the status list of this number is published."""
    return f"{settings.SITE_URL}/credentials/status/{number}"


def list_number(address: str) -> int | None:
    """Return the number of the list of ours that has this address, None if it is none of ours."""
    number = address.removeprefix(list_address(0)[:-1])
    return int(number) if number != address and number.isascii() and number.isdigit() else None


def published_keys() -> list[PublishedKey]:
    """Return every key that this site ever signed with, the newest first."""
    rows = IssuerKey.objects.order_by("-created_at", "-pk")
    return [PublishedKey(row.public_multibase, row.withdrawn_at) for row in rows]


def own_issuer() -> Issuer:
    """Return this site as those see it who read its did.json.

    Raises:
        SiteHasNoDid: as in `signer`.
    """
    did = signer().did
    keys = {}
    for key in published_keys():
        public = issuers.key_of_did(f"did:key:{key.multibase}")
        held = issuers.IssuerKey(
            public, asserts=key.withdrawn_at is None, withdrawn=key.withdrawn_at is not None
        )
        keys[issuers.method_of_proofs(did, public)] = keys[issuers.method_of_tokens(did, public)] = held
    return Issuer(did, keys)


def key_in_use() -> Ed25519PrivateKey:
    """Return the private key by which this site signs now.

    Raises:
        NoIssuerKey: there is none yet.
        IssuerKeyCannotBeOpened: it is sealed with a secret that the installation no longer has.
    """
    row = IssuerKey.objects.filter(retired_at__isnull=True).first()
    if row is None or row.sealed_private is None:
        raise NoIssuerKey(_("This site has not signed any badge yet, so it has no key for it."))
    try:
        return Ed25519PrivateKey.from_private_bytes(unseal(bytes(row.sealed_private), purpose=PURPOSE))
    except SealedWithAnotherSecret as error:
        raise IssuerKeyCannotBeOpened(
            _(
                "Badges cannot be signed now: the site's secret was changed. Whoever runs it puts the earlier"
                " one into CANUT_SECRET_KEY_FALLBACKS, or renews the key with `canut issuer rotate`."
            )
        ) from error
