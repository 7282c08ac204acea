"""Whatever members do, in whatever order, nobody sits on the board whom the ballots did not bring there."""

from datetime import timedelta
from math import ceil
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from tests.builders import NOON
from tests.governance.ballot_box import as_if_committed, by_rule
from tests.governance.boards import DAY, VOTE_ENDS, VOTE_OPENS, an_open_vote
from tests.membership.members import active_on
from tests.stories import RollsBack, examples

from canut.governance.ballots.models import Vote
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.board import rules_stv
from canut.governance.board.access import held_seats
from canut.governance.board.models import (
    CountedRanking,
    Election,
    RankedBallot,
    RecallPetition,
    RecallSignature,
    Seat,
)
from canut.governance.board.refusals import (
    AlreadyOnBoard,
    ElectionNotOpen,
    NominationsOver,
    OwnSeat,
    PetitionOver,
    PetitionRuns,
    PetitionTooSoon,
)
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.close_election import close_due_elections
from canut.governance.board.usecases.end_nominations import end_due_nominations
from canut.governance.board.usecases.fill_seats import end_barred_seats, fill_empty_seats
from canut.governance.board.usecases.follow_petitions import follow_petitions
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.open_elections import open_due_elections
from canut.governance.board.usecases.petition import (
    petition_recall,
    sign_petition,
    take_signature_back,
    withdraw_petition,
)
from canut.governance.board.usecases.stand import stand_for_election
from canut.membership.access import NotAMember
from canut.membership.models import Membership

pytestmark = pytest.mark.django_db

MEMBERS, STANDING, SEATS = 8, 5, 3
LAST = VOTE_ENDS + 60 * DAY
SHARE = 0.3
WHO = st.integers(0, MEMBERS - 1)
NTH = st.integers(0, 5)
RANKINGS = st.lists(st.integers(1, STANDING), unique=True, max_size=STANDING)


class BoardStory(RollsBack):
    """People are known by their place in `people`; the first five stand, as candidates 1 to 5.

    `cast` is what each ranked last, `sits` who sits, `sat` who ever did, `empty` how many seats wait for
    somebody to follow, `gone` who left the membership. `signed` is who signed which petition.
    """

    def __init__(self) -> None:
        super().__init__()
        self.at = VOTE_OPENS
        self.cast: dict[int, list[int]] = {}
        self.sits: set[int] = set()
        self.sat: set[int] = set()
        self.gone: set[int] = set()
        self.empty = 0
        self.is_counted = False
        self.signed: dict[int, set[int]] = {}

    @initialize()
    def a_vote_is_open(self) -> None:
        self.election, self.people = an_open_vote(members=MEMBERS, standing=STANDING)
        by_rule("board.recall_share", str(SHARE), at=VOTE_OPENS)
        for person in self.people:
            active_on(person, (LAST - NOON).days, at=LAST)

    def who_sits(self, nth: int) -> int:
        """Return one of those who sit. Lots decide who that is, so no draw may depend on them."""
        return sorted(self.sits)[nth % len(self.sits)]

    def seat(self, who: int) -> Seat:
        return Seat.objects.filter(candidate__person=self.people[who]).latest("pk")

    @rule(who=WHO, ranking=RANKINGS)
    def somebody_ranks(self, who: int, ranking: list[int]) -> None:
        try:
            cast_ranking(election_id=self.election.pk, by=self.people[who], ranking=ranking, at=self.at)
        except ElectionNotOpen:
            assert self.at >= VOTE_ENDS
        else:
            assert self.at < VOTE_ENDS
            self.cast[who] = ranking

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.at = min(self.at + timedelta(days=days), LAST)

    @precondition(lambda self: not self.is_counted)
    @rule()
    def the_vote_is_over(self) -> None:
        self.at = max(self.at, VOTE_ENDS)
        assert close_due_elections(at=self.at) == 1
        as_if_committed()
        self.is_counted = True
        self.election.refresh_from_db()
        expected = rules_stv.elect(
            candidates=range(1, STANDING + 1),
            seats=SEATS,
            ballots=[tuple(ranking) for ranking in self.cast.values()],
            lot=self.election.sheet["lot"],
        )
        self.sits = {number - 1 for number in expected.elected}
        assert len(self.sits) == SEATS
        self.sat = set(self.sits)

    @rule(who=WHO)
    def somebody_leaves_the_membership(self, who: int) -> None:
        if len(self.gone) < 3:
            Membership.objects.filter(person=self.people[who], ended_at=None).update(
                ended_at=self.at, ended_as="left"
            )
            self.gone.add(who)

    @precondition(lambda self: self.is_counted)
    @rule(nth=NTH)
    def somebody_resigns(self, nth: int) -> None:
        if not self.sits:
            return
        who = self.who_sits(nth)
        for _click in range(2):
            leave_seat(seat_id=self.seat(who).pk, by=self.people[who], at=self.at)
        self._empties({who})

    def _empties(self, people: set[int]) -> None:
        self.sits -= people
        self.empty += len(people)

    @precondition(lambda self: self.is_counted)
    @rule()
    def seats_are_filled(self) -> None:
        barred = self.sits & self.gone
        assert end_barred_seats(at=self.at) == len(barred)
        self._empties(barred)
        left = set(range(STANDING)) - self.sat - self.gone
        was = set(self.sits)
        assert fill_empty_seats(at=self.at) == min(self.empty, len(left))
        as_if_committed()
        self.empty = 0
        now = self._sitting()
        assert was <= now  # nobody loses a seat by it
        assert now - was <= left  # and nobody comes back to one
        self.sits, self.sat = now, self.sat | now
        assert fill_empty_seats(at=self.at) == 0

    @precondition(lambda self: self.is_counted)
    @rule(who=WHO)
    def seats_for_which_nobody_follows_are_elected_for(self, who: int) -> None:
        runs = Election.objects.exclude(state="over")
        was = runs.exists()
        waits = self.empty or was
        begun = open_due_elections(at=self.at)
        assert begun == 0 or not waits
        rest = runs.first()
        if rest is None or who in self.gone:
            return
        try:
            stand_for_election(election_id=rest.pk, by=self.people[who], statement="", at=self.at)
        except AlreadyOnBoard:
            assert who in self.sits
        except NominationsOver:
            assert self.at >= rest.nominations_end_at
        else:
            assert who not in self.sits

    @precondition(lambda self: self.is_counted)
    @rule()
    def nominations_for_the_rest_end(self) -> None:
        rest = Election.objects.filter(is_for_rest=True, state="nominations").first()
        if rest is None or end_due_nominations(at=self.at) == 0:
            return
        as_if_committed()
        rest.refresh_from_db()
        now = self._sitting()
        assert self.sits <= now
        assert len(now - self.sits) <= rest.seats
        assert not (now - self.sits) & self.gone
        self.sits, self.sat = now, self.sat | now

    @precondition(lambda self: self.is_counted)
    @rule(who=WHO, nth=NTH)
    def somebody_asks_for_a_recall(self, who: int, nth: int) -> None:
        if not self.sits:
            return
        of = self.who_sits(nth)
        before = RecallPetition.objects.filter(seat=self.seat(of)).order_by("-pk").first()
        runs = before is not None and before.state in ("open", "vote")
        try:
            petition = petition_recall(
                seat_id=self.seat(of).pk, by=self.people[who], reason="They never come.", at=self.at
            )
        except NotAMember:
            assert who in self.gone
        except OwnSeat:
            assert who == of
        except PetitionRuns:
            assert runs
        except PetitionTooSoon:
            assert before is not None
            assert before.state in ("kept", "lapsed")
            assert self.at < before.ended_at + 30 * DAY
        else:
            if not runs:
                assert petition.needed == ceil(round(SHARE * (MEMBERS - len(self.gone)), 6))
                self.signed[petition.pk] = {who}

    @precondition(lambda self: self.is_counted)
    @rule(who=WHO, act=st.sampled_from([sign_petition, take_signature_back, withdraw_petition]), nth=NTH)
    def somebody_does_something_about_a_petition(self, who: int, act: Any, nth: int) -> None:
        if not self.signed:
            return
        number = sorted(self.signed)[nth % len(self.signed)]
        petition = RecallPetition.objects.get(pk=number)
        if act is withdraw_petition:
            who = self.people.index(petition.by)
        is_open = petition.state == "open" and self.at < petition.lapses_at
        try:
            after = act(petition_id=number, by=self.people[who], at=self.at)
        except NotAMember:
            assert act is sign_petition
            assert who in self.gone
            return
        except PetitionOver:
            assert not is_open
            return
        mine = self.signed[number]
        if act is sign_petition and is_open:
            mine.add(who)
        elif act is take_signature_back:
            mine.discard(who)
        assert (after.state == "vote") == (petition.state == "vote" or len(mine) >= petition.needed)

    @rule(yes=st.integers(0, MEMBERS), no=st.integers(0, MEMBERS))
    def recalls_are_voted_on_and_petitions_end(self, yes: int, no: int) -> None:
        recalled = set()
        for petition in RecallPetition.objects.filter(state="vote").select_related("seat__candidate"):
            vote = Vote.objects.get(pk=petition.vote_id)
            may = [one for one in self.people if self.people.index(one) not in self.gone]
            is_open = self.at < vote.closes_at
            choices = (["yes"] * yes + ["no"] * no)[: len(may)] if is_open else []
            for person, choice in zip(may, choices, strict=False):
                cast_ballot(vote_id=vote.pk, by=person, choice=choice, at=self.at)
            of = self.people.index(petition.seat.candidate.person)
            if is_open:
                self.at = min(vote.closes_at, LAST)
                if (
                    self.at == vote.closes_at
                    and of in self.sits
                    and choices.count("yes") > choices.count("no")
                ):
                    recalled.add(of)
        moot = RecallPetition.objects.filter(state="open", seat__ended_at__isnull=False)
        over = list(moot.values_list("pk", flat=True))
        follow_petitions(at=self.at)
        as_if_committed()
        assert set(RecallPetition.objects.filter(pk__in=over).values_list("state", flat=True)) <= {"moot"}
        self._empties(recalled & self.sits)

    def _sitting(self) -> set[int]:
        held = held_seats().values_list("candidate__person_id", flat=True)
        found = [self.people.index(one) for one in self.people if one.pk in set(held)]
        assert len(found) == len(held)  # one seat each
        return set(found)

    @invariant()
    def who_sits_is_who_was_brought_there(self) -> None:
        assert self._sitting() == self.sits
        assert len(self.sits) <= SEATS

    @invariant()
    def the_ballots_are_those_that_were_cast(self) -> None:
        rankings = CountedRanking if self.is_counted else RankedBallot
        found = sorted(map(list, rankings.objects.values_list("ranking", flat=True)))
        assert found == sorted(self.cast.values())
        assert not (RankedBallot if self.is_counted else CountedRanking).objects.exists()

    @invariant()
    def names_under_a_petition_are_kept_while_it_is_open_and_no_longer(self) -> None:
        for petition in RecallPetition.objects.all():
            count = RecallSignature.objects.filter(petition=petition).count()
            mine = self.signed[petition.pk]
            assert count == (len(mine) if petition.state == "open" else 0)
            assert petition.state != "open" or count < petition.needed


TestBoardStory = BoardStory.TestCase
TestBoardStory.settings = settings(max_examples=examples(5, 25), stateful_step_count=20, deadline=None)


@pytest.mark.long
class TestManyBoardStories(BoardStory.TestCase):
    settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
