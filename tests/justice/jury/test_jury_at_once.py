"""Two at once: one panel is drawn, the last votes decide once, and who gives up is replaced once."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.justice.jury.panels import DRAWN, Dispute, fresh, live, take, vote
from tests.people.at_once import at_once

from canut.justice.jury.models import Panel, Seat
from canut.justice.jury.usecases.decline_seat import decline_seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.read_votes import cast_vote, read_votes
from canut.kernel.models import Event
from canut.kernel.refusals import Refusal
from canut.ledger.models import LedgerEntry
from canut.ledger.queries import verify
from canut.membership.models import Lot
from canut.work.models import Assignment

pytestmark = pytest.mark.usefixtures("committed")


def test_two_jurors_who_vote_at_once_decide_once_and_nobody_is_drawn_twice() -> None:
    dispute = Dispute(peers=7)
    case = dispute.appealed()
    at_once(lambda _runner: follow_panels(at=DRAWN), 1, 2)
    panel = Panel.objects.get(case=case)
    assert Lot.objects.filter(subject_kind="panel").count() == 1
    first, second, third = live(panel)

    # Two who do the same thing about one seat at once: one other is asked
    def give_up(_click: int) -> str:
        try:
            return decline_seat(seat_id=third.pk, by=third.person, at=DRAWN).state
        except Refusal as refusal:
            return refusal.code

    assert set(at_once(give_up, 1, 2)) == {"left"}
    assert len(live(panel)) == 3

    # Two votes at once, each of which is the one that is missing, and the sweeps beside them
    votes = [vote(seat, "falls").assignment_id for seat in (first, second)]

    def read(assignment_id: int) -> str:
        with transaction.atomic():
            return cast_vote(Assignment.objects.get(pk=assignment_id), at=DRAWN).state

    assert at_once(read, *votes, *votes) == ["voted"] * 4
    at_once(lambda _runner: follow_panels(at=DRAWN + timedelta(hours=1)), 1, 2)
    follow_panels(at=DRAWN + timedelta(hours=1))
    assert (fresh(case).state, fresh(panel).state) == ("falls", "decided")
    assert Event.objects.filter(name="case.decided").count() == 1
    assert LedgerEntry.objects.filter(reason="reward", subject_id=dispute.assignment.pk).count() == 1
    at_once(lambda _runner: read_votes(at=DRAWN) + follow_panels(at=DRAWN), 1, 2)
    assert Seat.objects.filter(panel=panel, state="voted").count() == 2
    assert verify() == []


def test_who_takes_the_task_while_the_seat_is_given_up_has_one_of_both() -> None:
    dispute = Dispute(peers=5)
    panel = dispute.drawn()
    seat = live(panel)[0]

    def act(what: str) -> str:
        try:
            if what == "take":
                return str(take(seat).state)
            return decline_seat(seat_id=seat.pk, by=seat.person, at=DRAWN).state
        except Refusal as refusal:
            return refusal.code

    at_once(act, "take", "decline")
    while read_votes(at=DRAWN):
        pass
    follow_panels(at=DRAWN)
    held = Assignment.objects.filter(task_id=seat.task_id, state="held").exists()
    assert fresh(seat).state == "left"
    assert not held or not live(panel) or len(live(panel)) == 3
    assert len(live(panel)) == 3
