"""Situations of motions to stop an algorithm."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.membership.members import a_member_of, active_on, admitted, members_of
from tests.work.cascades import charter_says

from canut.governance.moratoria.models import Motion
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.usecases.move_moratorium import move_moratorium
from canut.governance.moratoria.usecases.support_motion import withdraw_motion
from canut.membership.states import College

BODY = {"algorithm": "feed_order", "reason": "It hides new requesters."}


def college(cast: Cast, others: int = 3) -> None:
    """The cast's worker and peer among active workers."""
    for person in (cast.worker, cast.peer):
        active_on(person, 5, at=cast.at)
        admitted(person, at=cast.at)
    members_of(College.WORKERS, others, at=cast.at)


def motion(cast: Cast) -> Motion:
    college(cast)
    return move_moratorium(by=cast.worker, at=cast.at, **BODY)


def ended(cast: Cast) -> Motion:
    return withdraw_motion(motion_id=motion(cast).pk, by=cast.worker, at=cast.at)


def moving(cast: Cast) -> Call:
    return cast.post(cast.worker, "/moratoria", BODY)


ABOUT_ONE = {
    "get_motion": lambda cast, pk: cast.get(None, f"/moratoria/{pk}"),
    "support_a_motion": lambda cast, pk: Call(cast.peer, "PUT", f"/moratoria/{pk}/support"),
    "take_motion_support_back": lambda cast, pk: Call(cast.worker, "DELETE", f"/moratoria/{pk}/support"),
    "withdraw_a_motion": lambda cast, pk: cast.post(cast.worker, f"/moratoria/{pk}/withdraw"),
}
several(ABOUT_ONE, "moratorium_not_found", lambda cast: motion(cast).pk + 1)
for _operation in ("get_motion", "support_a_motion", "withdraw_a_motion"):
    says(_operation, "200")(lambda cast, call=ABOUT_ONE[_operation]: call(cast, motion(cast).pk))  # type: ignore[misc]
for _operation in ("support_a_motion", "take_motion_support_back"):
    says(_operation, "moratorium_not_gathering")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, ended(cast).pk)  # type: ignore[misc]
    )
says("take_motion_support_back", "204")(
    lambda cast: ABOUT_ONE["take_motion_support_back"](cast, motion(cast).pk)
)


@says("withdraw_a_motion", "moratorium_not_gathering")
def _(cast: Cast) -> Call:
    found = motion(cast)
    Motion.objects.filter(pk=found.pk).update(state=MoratoriumState.LAPSED, ended_at=cast.at)
    return ABOUT_ONE["withdraw_a_motion"](cast, found.pk)


@says("withdraw_a_motion", "moratorium_not_the_mover")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["withdraw_a_motion"](cast, motion(cast).pk).but(by=cast.peer)


@says("support_a_motion", "not_a_member")
def _(cast: Cast) -> Call:
    return ABOUT_ONE["support_a_motion"](cast, motion(cast).pk).but(by=cast.stranger)


@says("support_a_motion", "not_an_active_member")
def _(cast: Cast) -> Call:
    idle = a_member_of(College.WORKERS, at=cast.at, active=False)
    return ABOUT_ONE["support_a_motion"](cast, motion(cast).pk).but(by=idle)


@says("support_a_motion", "moratorium_of_another_college")
def _(cast: Cast) -> Call:
    other = a_member_of(College.REQUESTERS, at=cast.at)
    return ABOUT_ONE["support_a_motion"](cast, motion(cast).pk).but(by=other)


@says("list_moratoria", "200")
def _(cast: Cast) -> Call:
    motion(cast)
    return cast.get(None, "/moratoria")


@says("list_ended_motions", "200")
def _(cast: Cast) -> Call:
    ended(cast)
    return cast.get(None, "/moratoria/ended")


@says("list_ended_motions", "bad_input")
def _(cast: Cast) -> Call:
    return cast.get(None, "/moratoria/ended?limit=0")


@says("list_ended_motions", "cursor_not_usable")
def _(cast: Cast) -> Call:
    return cast.get(None, "/moratoria/ended?cursor=nonsense")


@says("move_a_moratorium", "201")
def _(cast: Cast) -> Call:
    college(cast)
    return moving(cast)


@says("move_a_moratorium", "bad_input")
def _(cast: Cast) -> Call:
    college(cast)
    return moving(cast).but(body=BODY | {"algorithm": "time"})


@says("move_a_moratorium", "not_a_member")
def _(cast: Cast) -> Call:
    return moving(cast)


@says("move_a_moratorium", "not_an_active_member")
def _(cast: Cast) -> Call:
    return moving(cast).but(by=a_member_of(College.WORKERS, at=cast.at, active=False))


@says("move_a_moratorium", "moratorium_college_moves_none")
def _(cast: Cast) -> Call:
    return moving(cast).but(by=a_member_of(College.TEAM, at=cast.at))


@says("move_a_moratorium", "moratorium_college_too_small")
def _(cast: Cast) -> Call:
    college(cast, others=0)
    return moving(cast)


@says("move_a_moratorium", "moratorium_motion_runs")
def _(cast: Cast) -> Call:
    motion(cast)
    return moving(cast).but(by=cast.peer)


@says("move_a_moratorium", "moratorium_already_holds")
def _(cast: Cast) -> Call:
    college(cast)
    charter_says("moratorium.feed_order", True, at=cast.at)
    return moving(cast)


@says("move_a_moratorium", "moratorium_rests")
def _(cast: Cast) -> Call:
    found = motion(cast)
    earlier = cast.at - timedelta(minutes=1)
    Motion.objects.filter(pk=found.pk).update(state=MoratoriumState.VOTE, vote_id=1)
    Motion.objects.filter(pk=found.pk).update(
        state=MoratoriumState.REJECTED, decision_number=1, ended_at=max(found.moved_at, earlier)
    )
    return moving(cast)
