"""Stopping an algorithm: what is stopped, moving that one be, and supporting it."""

from django.http import HttpRequest

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.moratoria import (
    Moratoria,
    MoratoriumMotion,
    MoratoriumMotionIn,
    MotionInList,
    algorithm_said,
    card_said,
    motion_said,
)
from canut.governance.moratoria.queries import ended_motions, moratoria_page, motion_seen
from canut.governance.moratoria.refusals import (
    AlreadyStopped,
    CollegeMovesNone,
    CollegeTooSmall,
    MoratoriumNotFound,
    MotionRests,
    MotionRuns,
    NotGathering,
    NotTheMover,
    OfAnotherCollege,
)
from canut.governance.moratoria.usecases.move_moratorium import move_moratorium
from canut.governance.moratoria.usecases.support_motion import (
    support_motion,
    withdraw_motion,
    withdraw_motion_support,
)
from canut.kernel import clock
from canut.membership.access import NotAMember, NotAnActiveMember
from canut.people.models import Person, Scope

doors = Doors("moratoria")


@doors.get("/moratoria", scope=None, answers=Moratoria)
def list_moratoria(request: HttpRequest) -> Moratoria:
    """The algorithms that members can stop, which are stopped, and the motions on their way. Needs no key."""
    page = moratoria_page(by=None, at=clock.now())
    return Moratoria(algorithms=[algorithm_said(one) for one in page.algorithms])


@doors.get("/moratoria/ended", scope=None, answers=Page[MotionInList])
def list_ended_motions(request: HttpRequest, cursor: Cursor = None, limit: Limit = 50) -> Page[MotionInList]:
    """The motions that have ended, the latest first. Needs no key."""
    shown, further = ended_motions(before=after(cursor, "moratoria-ended"), most=limit)
    return Page[MotionInList](
        items=[card_said(card) for card in shown],
        next_cursor=None if further is None else cursor_to("moratoria-ended", further),
    )


@doors.get("/moratoria/{motion_id}", scope=None, answers=MoratoriumMotion, refuses=(MoratoriumNotFound,))
def get_motion(request: HttpRequest, motion_id: Id) -> MoratoriumMotion:
    """One motion: why, how far it is, and its votes and decisions. Needs no key."""
    return _seen(motion_id)


@doors.post(
    "/moratoria",
    scope=Scope.DECIDE,
    answers=MoratoriumMotion,
    status=201,
    refuses=(
        NotAMember,
        NotAnActiveMember,
        CollegeMovesNone,
        CollegeTooSmall,
        AlreadyStopped,
        MotionRuns,
        MotionRests,
    ),
)
def move_a_moratorium(request: Asked, body: MoratoriumMotionIn) -> MoratoriumMotion:
    """Move that an algorithm be stopped at once. The caller's college alone supports it and votes on it."""
    by = request.auth.by
    moved = move_moratorium(algorithm=body.algorithm, reason=body.reason, by=by, at=request.auth.at)
    return _seen(moved.pk, by=by)


@doors.put(
    "/moratoria/{motion_id}/support",
    scope=Scope.DECIDE,
    answers=MoratoriumMotion,
    refuses=(MoratoriumNotFound, NotAMember, NotAnActiveMember, OfAnotherCollege, NotGathering),
)
def support_a_motion(request: Asked, motion_id: Id) -> MoratoriumMotion:
    """Support a motion of the caller's college. Supporting it twice changes nothing."""
    support_motion(motion_id=motion_id, by=request.auth.by, at=request.auth.at)
    return _seen(motion_id, by=request.auth.by)


@doors.delete(
    "/moratoria/{motion_id}/support",
    scope=Scope.DECIDE,
    answers=None,
    status=204,
    refuses=(MoratoriumNotFound, NotGathering),
)
def take_motion_support_back(request: Asked, motion_id: Id) -> None:
    """Take the caller's support back while it is gathered; without one there is nothing to take back."""
    withdraw_motion_support(motion_id=motion_id, by=request.auth.by, at=request.auth.at)


@doors.post(
    "/moratoria/{motion_id}/withdraw",
    scope=Scope.DECIDE,
    answers=MoratoriumMotion,
    replays=Replays.NATURAL,
    refuses=(MoratoriumNotFound, NotTheMover, NotGathering),
)
def withdraw_a_motion(request: Asked, motion_id: Id) -> MoratoriumMotion:
    """Withdraw the caller's own motion while it gathers support."""
    withdraw_motion(motion_id=motion_id, by=request.auth.by, at=request.auth.at)
    return _seen(motion_id, by=request.auth.by)


def _seen(motion_id: int, *, by: Person | None = None) -> MoratoriumMotion:
    return motion_said(motion_seen(motion_id, by=by, at=clock.now()))
