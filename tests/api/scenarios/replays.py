"""Situations of replays."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.governance.proposing import a_draft_of, content, the_members
from tests.membership.members import admitted

from canut.lab.replays.models import Replay
from canut.lab.replays.usecases.begin_replays import begin_replays
from canut.lab.replays.usecases.run_replay import run_replay

FLOOR = {"parameter": "pay.floor_hourly_minor", "value": 1600}


def replay(cast: Cast) -> Replay:
    """The replay of a draft that would raise the floor, done."""
    author, *others = the_members()
    a_draft_of(author, others, of=content(), at=cast.at)
    begin_replays(at=cast.at)
    made = Replay.objects.get()
    run_replay(replay_id=made.pk, at=cast.at)
    made.refresh_from_db()
    return made


def of_proposal(cast: Cast) -> int:
    version = replay(cast).version
    assert version is not None
    return version.proposal_id


ABOUT_ONE = {
    "get_replay": lambda cast, pk: cast.get(None, f"/replays/{pk}"),
    "get_replay_of_proposal": lambda cast, pk: cast.get(None, f"/proposals/{pk}/replay"),
}
several(ABOUT_ONE, "replay_not_found", lambda _cast: 2**62)
says("get_replay", "200")(lambda cast: ABOUT_ONE["get_replay"](cast, replay(cast).pk))
says("get_replay_of_proposal", "200")(
    lambda cast: ABOUT_ONE["get_replay_of_proposal"](cast, of_proposal(cast))
)


@says("ask_for_a_replay", "201")
def asking(cast: Cast) -> Call:
    admitted(cast.worker, at=cast.at)
    return cast.post(cast.worker, "/replays", FLOOR)


@says("ask_for_a_replay", "not_a_member")
def _(cast: Cast) -> Call:
    return cast.post(cast.peer, "/replays", FLOOR)


@says("ask_for_a_replay", "replay_refused")
def _(cast: Cast) -> Call:
    return asking(cast).but(body={**FLOOR, "scope_kind": "guild", "scope_key": "3"})


@says("ask_for_a_replay", "replay_under_way")
def _(cast: Cast) -> Call:
    call = asking(cast)
    Replay.objects.create(asked_by=cast.worker, settings=[], asked_at=cast.at - timedelta(minutes=1))
    return call


@says("ask_for_a_replay", "bad_input")
def _(cast: Cast) -> Call:
    return asking(cast).but(body={**FLOOR, "value": None})
