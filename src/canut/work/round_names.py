"""The names under which a requester knows the workers of a prototype round: they lead to nobody."""

import hmac
from base64 import b32encode
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from canut.people.queries import WhoIs

_SALT = "canut.work.round_names"


def name_in_round(*, round_id: int, worker_id: int) -> str:
    """Return a stable name that tells a round's workers apart and leads to nobody (MECHANISMS 3.7)."""
    signed = hmac.new(settings.SECRET_KEY.encode(), f"{_SALT}.{round_id}.{worker_id}".encode(), sha256)
    return f"round-{round_id}-{b32encode(signed.digest()[:5]).decode().lower()}"


def nameless(*, simulated: bool) -> WhoIs:
    """Return a worker of a round as a requester sees them on a page: without name or number."""
    return WhoIs(0, _("a worker of the prototype round"), simulated, is_closed=False)
