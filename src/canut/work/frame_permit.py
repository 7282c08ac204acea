"""What a frame's address holds: a permit to answer one item of one assignment once, or a look at a draft.

A permit is signed with the site's secret over what it is for, so that the same page drawn twice has the
same one; the database keeps its hash alone (`FramePermit`). Whoever holds it may answer that item, and
nothing else: it says nothing of who works, and is no way into the site.
"""

import hmac
from base64 import b32encode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from canut.kernel.refusals import NotFound

_SALT = b"canut.work.frame_permit:"
_PREVIEW = "preview"


class FramePermitUnknown(NotFound):
    """The address of a page in a frame was not made by this site, or is too old."""

    code = "frame_permit_unknown"

    def __init__(self) -> None:
        super().__init__(_("There is nothing here: this address was not made by this site, or is too old."))


def permit_text(*, assignment_id: int, item: str, used: int, expires_at: datetime) -> str:
    """Return the permit for an item that was answered `used` times, good until a moment."""
    body = f"permit.{assignment_id}.{item}.{used}.{expires_at.timestamp()}"
    return urlsafe_b64encode(_signed(body, settings.SECRET_KEY)).decode().rstrip("=")


def permit_hash(text: str) -> str:
    """Return what is kept of a permit."""
    return sha256(text.encode(errors="replace")).hexdigest()


def name_for_page(*, project_id: int, worker_id: int) -> str:
    """Return what a page elsewhere is told of who works: the same name within one project only."""
    return "A" + b32encode(
        _signed(f"worker.{project_id}.{worker_id}", settings.SECRET_KEY)[:12]
    ).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Look:
    """A look at one item of a revision, with the task of this number; `expires_at` in seconds since 1970."""

    revision_id: int
    item: str
    number: int
    expires_at: int


def look_text(look: Look) -> str:
    """Return the look as text for an address."""
    body = f"{_PREVIEW}.{look.revision_id}.{look.item}.{look.number}.{look.expires_at}"
    return f"{body}.{_signed(body, settings.SECRET_KEY).hex()}"


def read_look(text: str, *, now: float) -> Look | None:
    """Return what a genuine look that has not run out says, else None. `now` in seconds since 1970."""
    body, _dot, signature = text.rpartition(".")
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    given = signature.encode(errors="replace")
    if not any(hmac.compare_digest(given, _signed(body, secret).hex().encode()) for secret in secrets):
        return None
    kind, revision_id, item, number, expires_at = body.split(".")
    look = Look(int(revision_id), item, int(number), int(expires_at))
    return look if kind == _PREVIEW and look.expires_at > now else None


def _signed(body: str, secret: str) -> bytes:
    return hmac.new(_SALT + secret.encode(), body.encode(errors="replace"), sha256).digest()
