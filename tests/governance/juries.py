"""Juries as tests need them: a draft that somebody blocks, members to draw, and juries brought to a point."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations

from tests.builders import NOON
from tests.governance.proposing import a_draft_of, the_members
from tests.membership.members import a_member_of

from canut.governance.models import Proposal
from canut.governance.resolution.models import Jury, Seat, Statement
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.follow_jury import follow_juries, lots_of
from canut.governance.resolution.usecases.listen import answer_restatement, make_statement, restate
from canut.governance.usecases.check_sense import check_sense
from canut.membership.queries_lots import seats_of_lot
from canut.membership.usecases.answer_seat import answer_seat
from canut.people.models import Person

SOON = NOON + timedelta(hours=1)


class Conflict:
    """A draft, its author, one who blocks it, and enough members of each college to draw from."""

    def __init__(self, *, workers: int = 6, requesters: int = 4, team: int = 2) -> None:
        self.members = the_members(workers, requesters)
        self.team = [a_member_of("team", at=NOON - timedelta(days=1)) for _each in range(team)]
        self.author, self.blocker = self.members[0], self.members[1]
        self.draft: Proposal = a_draft_of(self.author, self.members[1:4])
        check_sense(
            proposal_id=self.draft.pk,
            by=self.blocker,
            stance="block",
            reason="It closes small projects.",
            at=NOON,
        )

    def called(self, *, at: datetime = NOON) -> Jury:
        return call_jury(
            proposal_id=self.draft.pk, by=self.blocker, reason="Are small projects worth less?", at=at
        )

    def seated(self) -> Jury:
        """Return a jury whose drawn members have all accepted."""
        jury = self.called()
        all_accept(jury)
        return fresh(jury)

    def understood(self) -> Jury:
        """Return a jury in which everybody was understood by all."""
        jury = self.seated()
        all_are_understood(jury)
        return fresh(jury)


def fresh(jury: Jury) -> Jury:
    jury.refresh_from_db()
    return jury


def drawn(jury: Jury) -> list[tuple[int, Person]]:
    """Return who is offered a seat and has not answered, with the lot's number."""
    return [
        (lot.number, Person.objects.get(pk=seat.person_id))
        for lot in lots_of(jury)
        for seat in seats_of_lot(lot.number)
        if seat.state == "offered"
    ]


def all_accept(jury: Jury, *, at: datetime = SOON) -> None:
    for number, person in drawn(jury):
        answer_seat(number=number, by=person, accept=True, at=at)
    follow_juries(at=at)


def jurors(jury: Jury) -> list[Person]:
    return [seat.person for seat in Seat.objects.filter(jury=jury, left_at__isnull=True).order_by("number")]


def of_college(jury: Jury, college: str) -> list[Person]:
    rows = Seat.objects.filter(jury=jury, college=college, left_at__isnull=True).order_by("number")
    return [seat.person for seat in rows]


def all_are_understood(jury: Jury, people: Sequence[Person] = (), *, at: datetime = SOON) -> None:
    people = people or jurors(jury)
    for person in people:
        make_statement(jury_id=jury.pk, by=person, text=f"I, {person.pk}, think so.", at=at)
    for other, person in permutations(people, 2):
        said_back(jury, other, person, at=at)


def said_back(jury: Jury, by: Person, of: Person, *, at: datetime = SOON) -> None:
    """Let one juror say back what another said, who says that this is what they meant."""
    statement = Statement.objects.get(seat__jury=jury, seat__person=of)
    again = restate(jury_id=jury.pk, statement_id=statement.pk, by=by, text="You think so.", at=at)
    answer_restatement(jury_id=jury.pk, restatement_id=again.pk, by=of, understood=True, missed="", at=at)
