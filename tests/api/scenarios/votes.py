"""Situations of votes."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.governance.ballot_box import a_vote, all_cast
from tests.membership.members import active_on, admitted, members_of

from canut.governance.ballots.models import Vote
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.membership.states import College


def vote(cast: Cast, *, ended: bool = False) -> Vote:
    """A vote among six workers, of whom the cast's is one; ended just now, or ending in two weeks."""
    at = cast.at - timedelta(days=15) if ended else cast.at
    active_on(cast.worker, 5, at=at)
    admitted(cast.worker, at=at)
    others = members_of(College.WORKERS, 5, at=at)
    opened = a_vote(at=at, days=14)
    all_cast(opened, others, "yes", "no", "yes", "abstain", "yes", at=at)
    if ended:
        close_vote(vote_id=opened.pk, at=cast.at)
    return opened


def casting(cast: Cast, pk: int) -> Call:
    return cast.put(cast.worker, f"/votes/{pk}/ballot", {"choice": "yes"})


ABOUT_ONE = {
    "get_vote": lambda cast, pk: cast.get(None, f"/votes/{pk}"),
    "list_ballots": lambda cast, pk: cast.get(None, f"/votes/{pk}/ballots"),
    "get_own_ballot": lambda cast, pk: cast.get(cast.worker, f"/votes/{pk}/ballot"),
    "cast_a_ballot": casting,
}
several(ABOUT_ONE, "vote_not_found", lambda cast: vote(cast).pk + 1)
for _operation in ("get_own_ballot", "cast_a_ballot"):
    says(_operation, "not_an_elector")(
        lambda cast, call=ABOUT_ONE[_operation]: call(cast, vote(cast).pk).but(by=cast.peer)  # type: ignore[misc]
    )
    says(_operation, "200")(lambda cast, call=ABOUT_ONE[_operation]: call(cast, vote(cast).pk))  # type: ignore[misc]
says("get_vote", "200")(lambda cast: ABOUT_ONE["get_vote"](cast, vote(cast, ended=True).pk))
says("list_ballots", "200")(lambda cast: ABOUT_ONE["list_ballots"](cast, vote(cast, ended=True).pk))
says("list_ballots", "vote_still_open")(lambda cast: ABOUT_ONE["list_ballots"](cast, vote(cast).pk))
says("cast_a_ballot", "vote_ended")(lambda cast: casting(cast, vote(cast, ended=True).pk))


@says("cast_a_ballot", "bad_input")
def _(cast: Cast) -> Call:
    return casting(cast, vote(cast).pk).but(body={"choice": "maybe"})


@says("list_votes", "200")
def _(cast: Cast) -> Call:
    vote(cast)
    return cast.get(None, "/votes?ended=false")
