"""Badges: having a level as one, one's own as files, and checking one that somebody shows."""

from typing import Annotated, Literal
from uuid import UUID

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Path, Query

from canut.api.doors.uploads import FIELD, FILE_BODY, length_of
from canut.api.keys import Asked, address_of
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.refusals import RequestNotUnderstood
from canut.api.shapes.badges import Badge, BadgeCheck, badge_said, checked_said
from canut.api.shapes.common import Page
from canut.guilds.credentials.access import BadgeTakenBack, CredentialNotFound, SubjectKeyMissing
from canut.guilds.credentials.issuers import SiteHasNoDid
from canut.guilds.credentials.limits import TooManyChecks, count_check
from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.queries import (
    BadgeOfEarlierName,
    Shape,
    badge_file,
    badges_of,
    own_badge,
    verify_here,
)
from canut.guilds.credentials.reading import MOST_IMAGE_BYTES
from canut.guilds.credentials.refused import CredentialRefused, CredentialTooLarge
from canut.guilds.credentials.site import IssuerKeyCannotBeOpened
from canut.guilds.credentials.usecases.revoke_credential import revoke_credential
from canut.guilds.credentials.usecases.show_badge import hide_badge, show_badge
from canut.guilds.usecases.get_badge import LevelNotHeld
from canut.guilds.usecases.get_badge import get_badge as get_a_badge
from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.people.access import WorkerRoleMissing
from canut.people.models import Scope

doors = Doors("badges")

ROOM_FOR_THE_FORM_BYTES = 100_000
BadgeId = Annotated[str, Path(description="A badge's number, a UUID.")]
AsShape = Annotated[
    Shape, Query(description="`json` for wallets, `jwt` for programs, `svg` and `png` for people.")
]
Signed = Annotated[
    Literal["data_integrity", "jwt"],
    Query(description="How the badge in an image is signed; the other two are what they are."),
]


@doors.get("/badges", scope=Scope.ACCOUNT, answers=Page[Badge])
def list_badges(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Badge]:
    """The caller's badges, newest first, those that were taken back too."""
    rows = badges_of(request.auth.by.pk, before_id=after(cursor, "badges"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="badges", row_id=lambda row: row.id)
    return Page[Badge](items=[badge_said(row) for row in shown], next_cursor=following)


@doors.get("/badges/{str:badge_id}", scope=Scope.ACCOUNT, answers=Badge, refuses=(CredentialNotFound,))
def get_badge(request: Asked, badge_id: BadgeId) -> Badge:
    """One badge of the caller's."""
    return badge_said(own_badge(_id(badge_id), by=request.auth.by))


@doors.put(
    "/guilds/{guild_id}/membership/badges/{level}",
    scope=Scope.ACCOUNT,
    answers=Badge,
    refuses=(WorkerRoleMissing, LevelNotHeld, SubjectKeyMissing, SiteHasNoDid),
)
def have_a_badge(request: Asked, guild_id: Id, level: Id) -> Badge:
    """Have a level that the caller has in a guild as a badge, made out to the key that they use now.

    The badge that there is is returned, unless it names an earlier key of theirs. A key is made, or brought,
    on the caller's page of badges.
    """
    issued = get_a_badge(guild_id=guild_id, level=level, by=request.auth.by, at=request.auth.at)
    return badge_said(own_badge(issued.uuid, by=request.auth.by))


@doors.delete(
    "/badges/{str:badge_id}", scope=Scope.ACCOUNT, answers=None, status=204, refuses=(CredentialNotFound,)
)
def take_badge_back(request: Asked, badge_id: BadgeId) -> None:
    """Let a badge of the caller's count no longer: whoever checks a copy of it is told so. Twice is safe."""
    badge = own_badge(_id(badge_id), by=request.auth.by)
    revoke_credential(
        credential_id=badge.credential_id,
        reason=RevokedFor.HOLDER_ASKED,
        by=request.auth.by,
        at=request.auth.at,
    )


@doors.put(
    "/badges/{str:badge_id}/shown",
    scope=Scope.ACCOUNT,
    answers=Badge,
    refuses=(CredentialNotFound, BadgeTakenBack),
)
def show_a_badge(request: Asked, badge_id: BadgeId) -> Badge:
    """Show everybody, beside the caller's screen name, that this badge is theirs."""
    shown = show_badge(credential_id=_id(badge_id), by=request.auth.by, at=request.auth.at)
    return badge_said(own_badge(shown.uuid, by=request.auth.by))


@doors.delete(
    "/badges/{str:badge_id}/shown",
    scope=Scope.ACCOUNT,
    answers=None,
    status=204,
    refuses=(CredentialNotFound,),
)
def hide_a_badge(request: Asked, badge_id: BadgeId) -> None:
    """Show a badge no more. It stays the caller's, and good."""
    hide_badge(credential_id=_id(badge_id), by=request.auth.by, at=request.auth.at)


@doors.get(
    "/badges/{str:badge_id}/file",
    scope=Scope.ACCOUNT,
    answers="application/octet-stream",
    refuses=(
        CredentialNotFound,
        BadgeTakenBack,
        BadgeOfEarlierName,
        IssuerKeyCannotBeOpened,
        SiteHasNoDid,
    ),
)
def fetch_badge(
    request: Asked, badge_id: BadgeId, shape: AsShape = "json", signed: Signed = "data_integrity"
) -> HttpResponse:
    """A badge of the caller's as a file, signed now.

    Whoever has it can check it without this site, by its published keys and status lists.
    """
    content = badge_file(
        credential_id=_id(badge_id), shape=shape, form=signed, by=request.auth.by, at=request.auth.at
    )
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="badge.{shape}"'
    return response


@doors.post(
    "/badge-checks",
    scope=None,
    answers=BadgeCheck,
    refuses=(BadInput, TooManyChecks, SiteHasNoDid, RequestNotUnderstood),
    replays=Replays.NATURAL,
    extra={"requestBody": FILE_BODY},
)
def check_badge(request: HttpRequest) -> BadgeCheck:
    """Whether a badge of this site is genuine and in force: JSON, JWT, SVG or PNG, at most 4 MB.

    Send a form with the field `file`, or the file's bytes as the body. It is kept nowhere. Needs no key;
    one network address has 60 checks in ten minutes.
    """
    at = clock.now()
    count_check(address_of(request), at=at)
    try:
        return BadgeCheck(
            genuine=True, badge=checked_said(verify_here(_content(request), at=at)), code=None, sentence=None
        )
    except CredentialRefused as refused:
        return BadgeCheck(genuine=False, badge=None, code=refused.code, sentence=str(refused))


def _content(request: HttpRequest) -> bytes:
    """Return the file that a request brings, read into memory only if it says that it is bearable.

    Raises:
        CredentialTooLarge: it is not. BadInput: there is no file.
    """
    if length_of(request) > MOST_IMAGE_BYTES + ROOM_FOR_THE_FORM_BYTES:
        raise CredentialTooLarge(
            _("This file is too large: no badge has more than 4 MB. It was not looked at."),
            most=MOST_IMAGE_BYTES,
        )
    if request.content_type == "multipart/form-data":
        request.upload_handlers = [_InMemory(request)]
        sent = request.FILES.get(FIELD)
        content = sent.read() if sent is not None else b""
    else:
        content = request.read(MOST_IMAGE_BYTES + 1)
    if not content:
        sentence = _("Send the file in this field of the form, or as the body.")
        raise BadInput(sentence, errors={FIELD: sentence})
    return content


class _InMemory(MemoryFileUploadHandler):
    """Keeps a file of any size in memory, and not for a moment on a disk."""

    def handle_raw_input(self, *_given: object, **_more: object) -> None:
        self.activated = True


def _id(written: str) -> UUID:
    """Return the id that an address names; what is none is the id of nothing."""
    try:
        return UUID(written)
    except ValueError:
        return UUID(int=0)
