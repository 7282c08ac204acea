"""Whatever members do, in whatever order, a vote counts exactly the last ballots of its electors."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, precondition, rule
from tests.builders import NOON
from tests.governance.ballot_box import a_vote, as_if_committed
from tests.membership.members import a_member_of
from tests.stories import RollsBack, examples

from canut.governance.ballots.models import Ballot, CollegeTally, CountedBallot
from canut.governance.ballots.refusals import NotAnElector, VoteEnded, VoteStillOpen
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.governance.ballots.usecases.close_vote import close_vote
from canut.membership.models import Membership
from canut.membership.states import College
from canut.people.models import Person

pytestmark = pytest.mark.django_db

CHOICES = st.sampled_from(["yes", "no", "abstain"])
COLLEGES = st.sampled_from([College.WORKERS, College.REQUESTERS, College.TEAM])
YES_PER_NO = {"ordinary": 1, "pay": 1, "constitutional": 2}
QUORUM_PERCENT = {"ordinary": 0, "pay": 10, "constitutional": 25}


class BallotStory(RollsBack):
    """`members` is who is one now, `electors` who was at the opening, `cast` what each said last."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON
        self.members: dict[int, str] = {}
        self.vote: Any = None
        self.class_ = ""
        self.electors: dict[int, str] = {}
        self.cast: dict[int, str] = {}
        self.receipts: dict[int, str] = {}
        self.result: Any = None

    @initialize(target=people, sizes=st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 3)))
    def members_there_are(self, sizes: tuple[int, int, int]) -> Person:
        first = self._comes(College.WORKERS)
        for college, size in zip(College, sizes, strict=True):
            for _each in range(size):
                self._comes(college)
        return first

    def _comes(self, college: College) -> Person:
        person = a_member_of(college, at=self.at)
        self.members[person.pk] = college
        return person

    @rule(target=people, college=COLLEGES)
    def somebody_comes(self, college: College) -> Person:
        return self._comes(college)

    @rule(person=people)
    def somebody_leaves(self, person: Person) -> None:
        Membership.objects.filter(person=person, ended_at=None).update(ended_at=self.at, ended_as="left")
        self.members.pop(person.pk, None)

    @precondition(lambda self: self.vote is None)
    @rule(class_=st.sampled_from(list(YES_PER_NO)))
    def a_vote_opens(self, class_: str) -> None:
        self.vote, self.class_ = a_vote(class_=class_, at=self.at), class_
        people = list(self.members.values())
        self.electors = {one: own for one, own in self.members.items() if people.count(own) >= 3}

    @precondition(lambda self: self.vote is not None)
    @rule(person=people, choice=CHOICES)
    def somebody_votes(self, person: Person, choice: str) -> None:
        self._votes(person.pk, choice)

    @precondition(lambda self: self.electors)
    @rule(data=st.data(), choices=st.lists(CHOICES, min_size=1, max_size=8))
    def several_electors_vote(self, data: st.DataObject, choices: list[str]) -> None:
        for choice in choices:
            self._votes(data.draw(st.sampled_from(sorted(self.electors))), choice)

    def _votes(self, person_id: int, choice: str) -> None:
        person = Person.objects.get(pk=person_id)
        try:
            receipt = cast_ballot(vote_id=self.vote.pk, by=person, choice=choice, at=self.at)
        except NotAnElector:
            assert person_id not in self.electors
        except VoteEnded:
            assert self.at >= self.vote.closes_at
        else:
            assert person_id in self.electors
            assert self.at < self.vote.closes_at
            assert self.receipts.setdefault(person_id, receipt) == receipt
            self.cast[person_id] = choice

    # Members stay active for weeks: before a vote opens, no longer passes than that
    @precondition(lambda self: self.vote is not None or self.at < NOON + timedelta(days=10))
    @rule(days=st.integers(1, 8))
    def days_pass(self, days: int) -> None:
        self.at += timedelta(days=days)

    @precondition(lambda self: self.vote is not None)
    @rule()
    def the_vote_is_closed(self) -> None:
        try:
            result = close_vote(vote_id=self.vote.pk, at=self.at)
        except VoteStillOpen:
            assert self.at < self.vote.closes_at
            return
        assert self.result is None or self.result == result
        self.result = result
        as_if_committed()

    @invariant()
    def no_more_is_told_than_may_be(self) -> None:
        if self.vote is None:
            return
        tallies = CollegeTally.objects.filter(vote=self.vote)
        if self.result is None:
            assert Ballot.objects.count() == len(self.cast)
            assert not CountedBallot.objects.exists()
            assert set(tallies.values_list("outcome", "yes", "ballots")) == {("", None, None)}
            return
        assert not Ballot.objects.exists()
        assert set(CountedBallot.objects.values_list("receipt", flat=True)) == {
            self.receipts[person_id] for person_id in self.cast
        }

    @invariant()
    def the_result_is_what_counting_by_hand_gives(self) -> None:
        if self.result is None:
            return
        carried = []
        for one in self.result.colleges:
            said = [choice for who, choice in self.cast.items() if self.electors[who] == one.college]
            yes, no = said.count("yes"), said.count("no")
            asked = one.college in self.electors.values()
            assert one.is_asked is asked
            assert one.ballots == len(said)
            told = (yes, no, said.count("abstain")) if asked and len(said) >= 5 else (None, None, None)
            assert (one.yes, one.no, one.abstain) == told
            if asked and one.college != College.TEAM:
                electors = list(self.electors.values()).count(one.college)
                enough = 100 * len(said) >= QUORUM_PERCENT[self.class_] * electors
                carried.append(enough and yes > no and yes >= YES_PER_NO[self.class_] * no)
        assert self.result.is_adopted is (bool(carried) and all(carried))


TestBallotStory = BallotStory.TestCase
TestBallotStory.settings = settings(max_examples=examples(8, 25), stateful_step_count=20, deadline=None)


@pytest.mark.long
class TestManyBallotStories(BallotStory.TestCase):
    settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
