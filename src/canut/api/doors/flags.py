"""Flags: saying that something should not be here, and what becomes of one's own."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.flags import (
    Flag,
    FlaggedMatter,
    FlaggedThing,
    FlagIn,
    FlagTrust,
    ObjectionIn,
    flag_said,
    matter_said,
    thing_said,
)
from canut.justice.flags.queries import matter_for_author, matters_about, own_flag, own_flags
from canut.justice.flags.refusals import (
    DutyNotFlagged,
    FlagDecided,
    FlagsOwn,
    MatterNotFound,
    NothingToFlag,
    NothingToObject,
    ObjectedAlready,
    TooManyFlags,
)
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.justice.flags.usecases.object_to_hiding import object_to_hiding
from canut.membership.access import NotAMember
from canut.people.models import Scope

doors = Doors("flags")


@doors.post(
    "/flags",
    scope=Scope.DECIDE,
    answers=Flag,
    replays=Replays.NATURAL,
    refuses=(NotAMember, NothingToFlag, FlagsOwn, DutyNotFlagged, FlagDecided, TooManyFlags),
)
def flag_something(request: Asked, body: FlagIn) -> Flag:
    """Say that something should not be here. Nobody is told who did; the same again changes nothing."""
    by, at = request.auth.by, request.auth.at
    given = flag_thing(
        kind=body.kind, subject_id=body.subject_id, ground=body.ground, words=body.words, by=by, at=at
    )
    return flag_said(own_flag(given.pk, by=by))


@doors.get("/flags", scope=Scope.ACCOUNT, answers=Page[Flag])
def list_flags(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Flag]:
    """What the caller flagged, the latest first."""
    by, at = request.auth.by, request.auth.at
    page = own_flags(by=by, at=at, before=after(cursor, "flags"), most=limit)
    return Page[Flag](
        items=[flag_said(one) for one in page.flags],
        next_cursor=cursor_to("flags", page.next_before) if page.next_before else None,
    )


@doors.get("/flags/trust", scope=Scope.ACCOUNT, answers=FlagTrust)
def read_flag_trust(request: Asked) -> FlagTrust:
    """What became of the caller's flags of late, and whether new ones count."""
    return FlagTrust.model_validate(own_flags(by=request.auth.by, at=request.auth.at, most=1).trust)


@doors.get("/flags/about-me", scope=Scope.ACCOUNT, answers=Page[FlaggedThing])
def list_flagged_things(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[FlaggedThing]:
    """What was hidden of the caller's, the latest first."""
    page = matters_about(by=request.auth.by, before=after(cursor, "flags-about-me"), most=limit)
    return Page[FlaggedThing](
        items=[thing_said(card) for card in page.cards],
        next_cursor=cursor_to("flags-about-me", page.next_before) if page.next_before else None,
    )


@doors.get(
    "/flags/about-me/{matter_id}", scope=Scope.ACCOUNT, answers=FlaggedMatter, refuses=(MatterNotFound,)
)
def get_flagged_thing(request: Asked, matter_id: Id) -> FlaggedMatter:
    """Something of the caller's that was flagged: what is said against it, and where it stands."""
    return matter_said(matter_for_author(matter_id, by=request.auth.by))


@doors.post(
    "/flags/about-me/{matter_id}/objection",
    scope=Scope.DECIDE,
    answers=FlaggedMatter,
    replays=Replays.NATURAL,
    refuses=(MatterNotFound, NothingToObject, ObjectedAlready),
)
def object_to_a_hiding(request: Asked, matter_id: Id, body: ObjectionIn) -> FlaggedMatter:
    """Object, once, to a person's decision that hides something of the caller's. Another person answers."""
    object_to_hiding(matter_id=matter_id, words=body.words, by=request.auth.by, at=request.auth.at)
    return matter_said(matter_for_author(matter_id, by=request.auth.by))
