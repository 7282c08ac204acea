"""The sign by which a mail that comes back is known as one of ours: its letter's number, signed by the site.

It stands in the address to which mail servers return a mail, and in its message id.
"""

import hmac
import re
from email.utils import parseaddr

from django.conf import settings
from django.utils.crypto import salted_hmac

_SALT = "canut.people.notices.letter"
_SIGN_LENGTH = 20
_TAG = re.compile(rf"(?<![0-9a-z])([1-9][0-9]{{0,17}})-([0-9a-f]{{{_SIGN_LENGTH}}})(?![0-9a-z])")


def tag_of(letter_id: int) -> str:
    """Return what stands for a letter: digits, a hyphen and lower-case letters, as no mail server changes."""
    return f"{letter_id}-{_sign(letter_id, settings.SECRET_KEY)}"


def letter_in(text: str) -> int | None:
    """Return the number of the letter whose tag stands in a text; None if none does that this site made."""
    for found in _TAG.finditer(text.lower()):
        letter_id = int(found[1])
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            if hmac.compare_digest(_sign(letter_id, secret), found[2]):
                return letter_id
    return None


def return_address(letter_id: int) -> str:
    """Return where mail servers send a letter back to; "" if the site has no such address."""
    name, at, host = settings.CANUT_BOUNCE_ADDRESS.rpartition("@")
    return f"{name}+{tag_of(letter_id)}{at}{host}" if at else ""


def message_id(letter_id: int) -> str:
    """Return the message id of a letter: the same each time it is sent, so that mailboxes know it again."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{tag_of(letter_id)}@{host}>"


def _sign(letter_id: int, secret: str) -> str:
    return salted_hmac(_SALT, str(letter_id), secret=secret, algorithm="sha256").hexdigest()[:_SIGN_LENGTH]
