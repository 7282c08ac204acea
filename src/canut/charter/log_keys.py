"""The keys by which this site signs its log: who it is to those who check, and the one in use."""

from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from canut.charter.models import LogKey
from canut.charter.notes import ED25519, Key
from canut.kernel.refusals import Refusal
from canut.kernel.sealing import SealedWithAnotherSecret, unseal

PURPOSE = "canut.charter log key"


class LogKeyCannotBeOpened(Refusal):
    """The installation's secret was changed, and what it sealed was not kept up."""

    code = "log_key_cannot_be_opened"
    status = 503


def origin() -> str:
    """Return by which name a new key of this site signs: its address without the scheme."""
    address = urlsplit(settings.SITE_URL)
    return f"{address.netloc}{address.path.rstrip('/')}/log"


def public_key(row: LogKey) -> Key:
    """Return the public half as notes have it."""
    return Key(row.name, ED25519, bytes(row.public))


def private_key(row: LogKey) -> Ed25519PrivateKey:
    """Return the private half of the key in use.

    Raises:
        LogKeyCannotBeOpened: it is sealed with a secret that the installation no longer has.
    """
    assert row.sealed_private is not None  # the key in use has it
    try:
        return Ed25519PrivateKey.from_private_bytes(unseal(bytes(row.sealed_private), purpose=PURPOSE))
    except SealedWithAnotherSecret as error:
        raise LogKeyCannotBeOpened(
            _(
                "The log cannot be signed now: the site's secret was changed. Whoever runs it puts the "
                "earlier one into CANUT_SECRET_KEY_FALLBACKS, or renews the key with `canut log rotate`."
            )
        ) from error
