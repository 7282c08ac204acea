"""Situations of the board."""

from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says, several
from tests.governance.ballot_box import by_rule
from tests.governance.proposing import an_idea
from tests.membership.members import a_member_of, active_on, admitted, members_of

from canut.governance.board.models import Election, Motion, RecallPetition, Seat
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.close_election import close_due_elections
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.move_motion import end_due_motions, move_motion
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.petition import petition_recall
from canut.governance.board.usecases.stand import stand_for_election
from canut.membership.states import College
from canut.people.models import Person

DAY = timedelta(days=1)


def a_worker_among(cast: Cast, *, ago: int, others: int = 3) -> list[Person]:
    """Make the cast's worker and peer members, active then and now, and others who were active then."""
    then = cast.at - ago * DAY
    for person in (cast.worker, cast.peer):
        admitted(person, at=then)
        active_on(person, 30, at=cast.at)
    return [cast.worker, cast.peer, *members_of(College.WORKERS, others, at=then)]


def nominations(cast: Cast) -> Election:
    """An election that began today, in which the worker may stand."""
    a_worker_among(cast, ago=0)
    open_due_elections(at=cast.at)
    return Election.objects.get()


def standing(cast: Cast) -> Election:
    election = nominations(cast)
    stand_for_election(election_id=election.pk, by=cast.worker, statement="I listen.", at=cast.at)
    return election


def voting(cast: Cast) -> Election:
    """An election whose vote opened two days ago; the worker is an elector, and candidates 1 to 4 stand."""
    began = cast.at - 16 * DAY
    people = a_worker_among(cast, ago=16, others=4)
    open_due_elections(at=began)
    election = Election.objects.get()
    for person in people[2:]:
        stand_for_election(election_id=election.pk, by=person, statement="", at=began)
    end_due_nominations(at=election.nominations_end_at)
    cast_ranking(election_id=election.pk, by=people[1], ranking=[2, 1], at=cast.at)
    return election


def counted(cast: Cast) -> Election:
    """An election that was counted just now, of so few ballots as may be told."""
    by_rule("ballot.detail_least_votes", 3, at=cast.at - 40 * DAY)
    began = cast.at - 28 * DAY
    people = a_worker_among(cast, ago=28, others=4)
    open_due_elections(at=began)
    election = Election.objects.get()
    for person in people[2:]:
        stand_for_election(election_id=election.pk, by=person, statement="", at=began)
    end_due_nominations(at=election.nominations_end_at)
    for person in people[:4]:
        cast_ranking(election_id=election.pk, by=person, ranking=[2, 1], at=cast.at - DAY)
    close_due_elections(at=cast.at)
    return election


def seat(cast: Cast, whose: str = "worker") -> Seat:
    """A seat of the worker's, elected without a vote today; the peer belongs to the same college."""
    a_worker_among(cast, ago=14)
    open_due_elections(at=cast.at - 14 * DAY)
    election = Election.objects.get()
    holder = getattr(cast, whose)
    stand_for_election(election_id=election.pk, by=holder, statement="", at=cast.at - DAY)
    end_due_nominations(at=cast.at)
    return Seat.objects.get()


def petition(cast: Cast) -> RecallPetition:
    """The peer's petition, which needs two, for recalling the worker."""
    by_rule("board.recall_share", "0.5", at=cast.at - 40 * DAY)
    held = seat(cast)
    a_member_of(College.WORKERS, at=cast.at)
    return petition_recall(seat_id=held.pk, by=cast.peer, reason="No.", at=cast.at)


def withdrawn(cast: Cast) -> RecallPetition:
    begun = petition(cast)
    RecallPetition.objects.filter(pk=begun.pk).update(state="withdrawn", ended_at=cast.at)
    return begun


def motion(cast: Cast) -> Motion:
    """A motion of a board of two, the worker and somebody else."""
    seat(cast)
    other = a_member_of(College.TEAM, at=cast.at)
    members_of(College.TEAM, 2, at=cast.at)
    open_due_elections(at=cast.at)
    election = Election.objects.get(college="team")
    stand_for_election(election_id=election.pk, by=other, statement="", at=cast.at)
    Election.objects.filter(pk=election.pk).update(nominations_end_at=cast.at + timedelta(seconds=1))
    end_due_nominations(at=cast.at + timedelta(seconds=1))
    return move_motion(kind="ratification", by=other, reason="Now.", at=cast.at)


def decided(cast: Cast) -> Motion:
    open_one = motion(cast)
    end_due_motions(at=open_one.closes_at)
    return open_one


OF_ELECTION = {
    "get_election": lambda cast, pk: cast.get(None, f"/board/elections/{pk}"),
    "list_rankings": lambda cast, pk: cast.get(None, f"/board/elections/{pk}/ballots"),
    "get_own_ranking": lambda cast, pk: cast.get(cast.worker, f"/board/elections/{pk}/ballot"),
    "rank_candidates": lambda cast, pk: cast.put(
        cast.worker, f"/board/elections/{pk}/ballot", {"ranking": [1, 3]}
    ),
    "stand_for_board": lambda cast, pk: cast.put(
        cast.worker, f"/board/elections/{pk}/candidacy", {"statement": "I listen."}
    ),
    "withdraw_from_board": lambda cast, pk: Call(cast.worker, "DELETE", f"/board/elections/{pk}/candidacy"),
}
OF_SEAT = {
    "leave_board": lambda cast, pk: Call(cast.worker, "DELETE", f"/board/seats/{pk}"),
    "begin_recall": lambda cast, pk: cast.post(cast.peer, f"/board/seats/{pk}/recall", {"reason": "No."}),
}
OF_RECALL = {
    "get_recall": lambda cast, pk: cast.get(None, f"/board/recalls/{pk}"),
    "sign_recall": lambda cast, pk: cast.put(cast.worker, f"/board/recalls/{pk}/signature"),
    "unsign_recall": lambda cast, pk: Call(cast.peer, "DELETE", f"/board/recalls/{pk}/signature"),
    "withdraw_recall": lambda cast, pk: Call(cast.peer, "DELETE", f"/board/recalls/{pk}"),
}
OF_MOTION = {
    "get_board_motion": lambda cast, pk: cast.get(None, f"/board/motions/{pk}"),
    "say_to_board_motion": lambda cast, pk: cast.put(
        cast.worker, f"/board/motions/{pk}/vote", {"choice": "no", "words": "Not now."}
    ),
}
several(OF_ELECTION, "election_not_found", lambda _cast: 999_999)
several(OF_SEAT, "board_seat_not_found", lambda _cast: 999_999)
several(OF_RECALL, "petition_not_found", lambda _cast: 999_999)
several(OF_MOTION, "motion_not_found", lambda cast: motion(cast).pk + 1)


def about(operation: str, cast: Cast, pk: int) -> Call:
    every = OF_ELECTION | OF_SEAT | OF_RECALL | OF_MOTION
    return every[operation](cast, pk)


says("get_board", "200")(lambda cast: (petition(cast), cast.get(None, "/board"))[1])
says("list_elections", "200")(lambda cast: (nominations(cast), cast.get(None, "/board/elections"))[1])
says("get_election", "200")(lambda cast: about("get_election", cast, counted(cast).pk))
says("list_rankings", "200")(lambda cast: about("list_rankings", cast, counted(cast).pk))
for _operation in ("get_own_ranking", "rank_candidates"):
    says(_operation, "200")(lambda cast, one=_operation: about(one, cast, voting(cast).pk))  # type: ignore[misc]
    says(_operation, "not_in_election")(
        lambda cast, one=_operation: about(one, cast, voting(cast).pk).but(by=cast.stranger)  # type: ignore[misc]
    )
says("rank_candidates", "election_not_open")(
    lambda cast: about("rank_candidates", cast, nominations(cast).pk)
)
says("rank_candidates", "ranking_wrong")(
    lambda cast: about("rank_candidates", cast, voting(cast).pk).but(body={"ranking": [1, 1]})
)
says("rank_candidates", "bad_input")(
    lambda cast: about("rank_candidates", cast, voting(cast).pk).but(body={"ranking": ["1"]})
)
says("stand_for_board", "200")(lambda cast: about("stand_for_board", cast, nominations(cast).pk))
says("stand_for_board", "bad_input")(
    lambda cast: about("stand_for_board", cast, nominations(cast).pk).but(body={"statement": 1})
)
says("withdraw_from_board", "204")(lambda cast: about("withdraw_from_board", cast, standing(cast).pk))
for _operation in ("stand_for_board", "withdraw_from_board"):
    says(_operation, "nominations_over")(lambda cast, one=_operation: about(one, cast, voting(cast).pk))  # type: ignore[misc]
says("withdraw_from_board", "not_a_candidate")(
    lambda cast: about("withdraw_from_board", cast, nominations(cast).pk)
)
says("stand_for_board", "not_a_member")(
    lambda cast: about("stand_for_board", cast, nominations(cast).pk).but(by=cast.stranger)
)


@says("stand_for_board", "not_an_active_member")
def _(cast: Cast) -> Call:
    admitted(cast.stranger, at=cast.at)
    return about("stand_for_board", cast, nominations(cast).pk).but(by=cast.stranger)


@says("stand_for_board", "of_another_college")
def _(cast: Cast) -> Call:
    return about("stand_for_board", cast, nominations(cast).pk).but(
        by=a_member_of(College.REQUESTERS, at=cast.at)
    )


@says("stand_for_board", "already_on_board")
def _(cast: Cast) -> Call:
    seat(cast)
    open_due_elections(at=cast.at)  # for the seats that nobody took
    return about("stand_for_board", cast, Election.objects.get(is_for_rest=True).pk)


says("leave_board", "204")(lambda cast: about("leave_board", cast, seat(cast).pk))
says("leave_board", "not_your_board_seat")(
    lambda cast: about("leave_board", cast, seat(cast).pk).but(by=cast.peer)
)
says("begin_recall", "201")(lambda cast: about("begin_recall", cast, seat(cast).pk))
says("begin_recall", "bad_input")(
    lambda cast: about("begin_recall", cast, seat(cast).pk).but(body={"reason": ""})
)
says("begin_recall", "board_reason_missing")(
    lambda cast: about("begin_recall", cast, seat(cast).pk).but(body={"reason": "  "})
)
says("begin_recall", "own_seat")(lambda cast: about("begin_recall", cast, seat(cast).pk).but(by=cast.worker))
says("begin_recall", "not_a_member")(
    lambda cast: about("begin_recall", cast, seat(cast).pk).but(by=cast.stranger)
)


@says("begin_recall", "board_seat_not_held")
def _(cast: Cast) -> Call:
    left = seat(cast)
    leave_seat(seat_id=left.pk, by=cast.worker, at=cast.at)
    return about("begin_recall", cast, left.pk)


@says("begin_recall", "petition_runs")
def _(cast: Cast) -> Call:
    running = petition(cast)
    return about("begin_recall", cast, running.seat_id).but(by=a_member_of(College.WORKERS, at=cast.at))


@says("begin_recall", "petition_too_soon")
def _(cast: Cast) -> Call:
    ended = petition(cast)
    RecallPetition.objects.filter(pk=ended.pk).update(state="lapsed", ended_at=cast.at)
    return about("begin_recall", cast, ended.seat_id)


def unlike_members(operation: str, thing: str) -> None:
    """Register that members of no or another college, and idle ones, are refused."""

    def call(cast: Cast) -> Call:
        return about(operation, cast, seat(cast).pk if thing == "seat" else petition(cast).pk)

    @says(operation, "not_an_active_member")
    def _(cast: Cast) -> Call:
        admitted(cast.stranger, at=cast.at)
        return call(cast).but(by=cast.stranger)

    says(operation, "of_another_college")(
        lambda cast: call(cast).but(by=a_member_of(College.REQUESTERS, at=cast.at))
    )


unlike_members("begin_recall", "seat")
unlike_members("sign_recall", "petition")
says("get_recall", "200")(lambda cast: about("get_recall", cast, petition(cast).pk))
says("sign_recall", "200")(lambda cast: about("sign_recall", cast, petition(cast).pk))
says("sign_recall", "not_a_member")(
    lambda cast: about("sign_recall", cast, petition(cast).pk).but(by=cast.stranger)
)
says("unsign_recall", "204")(lambda cast: about("unsign_recall", cast, petition(cast).pk))
says("withdraw_recall", "204")(lambda cast: about("withdraw_recall", cast, petition(cast).pk))
says("withdraw_recall", "not_your_board_seat")(
    lambda cast: about("withdraw_recall", cast, petition(cast).pk).but(by=cast.worker)
)
for _operation in ("sign_recall", "unsign_recall"):
    says(_operation, "petition_over")(lambda cast, one=_operation: about(one, cast, withdrawn(cast).pk))  # type: ignore[misc]


@says("withdraw_recall", "petition_over")
def _(cast: Cast) -> Call:
    ended = petition(cast)
    RecallPetition.objects.filter(pk=ended.pk).update(state="lapsed", ended_at=cast.at)
    return about("withdraw_recall", cast, ended.pk)


RATIFY = {"kind": "ratification", "reason": "It is time."}


def moving(cast: Cast) -> Call:
    seat(cast)
    return cast.post(cast.worker, "/board/motions", RATIFY)


says("move_board_motion", "201")(moving)
says("move_board_motion", "not_on_board")(lambda cast: moving(cast).but(by=cast.peer))
says("move_board_motion", "bad_input")(lambda cast: moving(cast).but(body={"kind": "other", "reason": "x"}))
says("move_board_motion", "board_reason_missing")(
    lambda cast: moving(cast).but(body=RATIFY | {"reason": " "})
)
says("move_board_motion", "proposal_not_found")(
    lambda cast: moving(cast).but(body={"kind": "overrule", "proposal_id": 987_654, "reason": "x"})
)


@says("move_board_motion", "nothing_to_decide")
def _(cast: Cast) -> Call:
    call = moving(cast)
    idea = an_idea(cast.worker, at=cast.at)
    return call.but(body={"kind": "overrule", "proposal_id": idea.pk, "reason": "x"})


says("get_board_motion", "200")(lambda cast: about("get_board_motion", cast, motion(cast).pk))
says("say_to_board_motion", "200")(lambda cast: about("say_to_board_motion", cast, motion(cast).pk))
says("say_to_board_motion", "not_on_board")(
    lambda cast: about("say_to_board_motion", cast, motion(cast).pk).but(by=cast.peer)
)
says("say_to_board_motion", "motion_over")(lambda cast: about("say_to_board_motion", cast, decided(cast).pk))
says("say_to_board_motion", "bad_input")(
    lambda cast: about("say_to_board_motion", cast, motion(cast).pk).but(body={"choice": "maybe"})
)
