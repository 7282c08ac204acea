"""Signing a message, when it is tried again, and which addresses one may be sent to."""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from canut.kernel.outside import Network

SECRET_PREFIX = "whsec_"  # noqa: S105 - how such secrets begin everywhere
SECRET_BYTES = 32
AGAIN_AFTER_SECONDS: Sequence[int] = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""How long after each failed attempt the next one is; after the last the message is given up."""
DISABLED_AFTER = timedelta(days=5)
"""An endpoint that took nothing for so long is sent nothing more."""
GONE = 410
"""What a program answers that wants nothing more, ever."""


def signature(secret: bytes, *, uid: str, timestamp: int, body: str) -> str:
    """Return the signature of a message, as it stands in its header.

    `timestamp` is in seconds since 1970, at the moment of sending. The message's id, this moment and the body
    are signed together, so none of them can be another's.

    Source: Standard Webhooks 1.0.0, "Signature scheme", symmetric (v1).
    """
    signed = f"{uid}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def written_secret(secret: bytes) -> str:
    """Return a secret as programs are given it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def again_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many failed attempts of one message; None to give it up."""
    if attempts > len(AGAIN_AFTER_SECONDS):
        return None
    return timedelta(seconds=AGAIN_AFTER_SECONDS[max(0, attempts - 1)])


def may_be_told(url: str, *, allowed: Sequence[Network]) -> bool:
    """Tell whether messages may be sent to an address: https, and the name of a machine on the internet.

    Into a network that the operator allows, a number does and http too. Where a name leads is looked at each
    time that something is sent.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    if not host or port == 0 or parts.username is not None or parts.password is not None or parts.fragment:
        return False
    if not all("!" <= letter <= "~" for letter in url) or parts.scheme not in ("http", "https"):
        return False
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" and _is_name(host)
    return any(number.version == network.version and number in network for network in allowed)


def _is_name(host: str) -> bool:
    """Tell whether a host is a name of the internet's. What looks like a number is none (127.1, 0x7f.1)."""
    last = host.rstrip(".").rpartition(".")[2]
    return "." in host.strip(".") and last[:1].isalpha()
