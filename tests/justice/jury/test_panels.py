"""Peers hear a case: drawn by lot, paid, blind, two of three, declined, redrawn, widened, or not found."""

from datetime import timedelta

import pytest
from tests.charter.log_lines import a_line
from tests.guilds.crafts import a_guild, a_member
from tests.justice.jury.panels import DRAWN, OPENED, Dispute, counted, fresh, heard, live, take, vote, votes
from tests.membership.members import a_member_of, active_on, members_of

from canut.justice.jury.access import JurySeatNotFound
from canut.justice.jury.lots import lot_of
from canut.justice.jury.models import Panel, PanelProject, Seat
from canut.justice.jury.usecases.decline_seat import SeatIsOver, decline_seat
from canut.justice.jury.usecases.follow_panels import follow_panels
from canut.justice.jury.usecases.take_seat import take_seat
from canut.justice.queries import hearing_of
from canut.justice.states import CaseBy, CaseState
from canut.justice.usecases.decide_case import decide_case
from canut.ledger.models import Kind
from canut.ledger.queries import advanced_minor, fund_minor, verify
from canut.membership.models import Candidate
from canut.membership.usecases.answer_seat import lapse_seats
from canut.people.usecases.close_account import close_account
from canut.work.models import Requirement, ShownWork, Task
from canut.work.refusals import NoneLeft
from canut.work.usecases.leave_task import skip_task

pytestmark = pytest.mark.django_db


def test_two_of_three_decide_and_the_worker_is_paid():
    # Given an appeal for which three peers were drawn, each with a task of their own
    dispute = Dispute()
    panel = dispute.drawn()
    seats = live(panel)
    assert (panel.peers, panel.votes_needed, panel.seats, panel.pool) == (3, 2, 3, "workers")
    assert len(seats) == 3
    assert panel.decide_by == DRAWN + timedelta(days=5)
    assert not {dispute.worker.pk, dispute.requester.pk} & {seat.person_id for seat in seats}
    # Each task is for its juror alone
    with pytest.raises(JurySeatNotFound):
        take_seat(seat_id=seats[0].pk, by=seats[1].person, at=DRAWN)
    # When the first takes theirs, they sit
    take(seats[0])
    heard()
    assert fresh(seats[0]).state == "sitting"
    # When two say that the rejection does not stand
    vote(seats[0], "falls", reason="It is a cat.")
    counted()
    assert fresh(panel.case).state == "open"
    vote(seats[2], "falls", reason="A cat, I say.", at=DRAWN + timedelta(minutes=59))
    heard(at=DRAWN + timedelta(minutes=59))
    follow_panels(at=DRAWN + timedelta(minutes=59, seconds=59))
    assert fresh(panel.case).state == "open"  # the moment is to tell nobody whose vote it was
    for _run in range(2):
        counted()
    # Then it falls, with their reasons, and nobody else is needed
    case = fresh(panel.case)
    assert (case.state, case.decided_by) == ("falls", "jury")
    assert set(case.reason.split("\n\n* * *\n\n")) == {"It is a cat.", "A cat, I say."}
    assert dispute.assignment.state == "approved"
    assert [fresh(seat).state for seat in seats] == ["voted", "not_needed", "voted"]
    assert (fresh(panel).state, lot_of(panel).state) == ("decided", "closed")
    # Both jurors are paid at the floor, out of what the operator advanced
    paid = Task.objects.get(pk=seats[0].task_id).assignments.get()
    assert paid.state == "approved"
    assert paid.reward_minor > 300
    assert advanced_minor(Kind.JUSTICE_FUND, "EUR") > 0
    assert verify() == []
    # And the duty is closed, with what it does not need back in the fund
    assert PanelProject.objects.get(panel=panel).ended_at == DRAWN + timedelta(hours=1)
    assert fund_minor(Kind.JUSTICE_FUND, "EUR") > 0


def test_a_split_vote_waits_for_the_third_and_a_vote_after_the_decision_changes_nothing():
    dispute = Dispute()
    panel = dispute.drawn()
    first, second, third = live(panel)
    vote(first, "stands")
    vote(second, "falls")
    counted()
    assert fresh(panel.case).state == "open"
    vote(third, "stands", reason="It says dog.")
    counted()
    assert (fresh(panel.case).state, panel.case.decided_by) == ("stands", "jury")
    assert dispute.assignment.state == "rejected"
    # Two agree while the third holds the task: who has begun is paid, and nothing changes
    other = Dispute()
    panel = other.drawn()
    first, second, third = live(panel)
    begun = take(third)
    votes(panel, "falls", "falls")
    assert fresh(panel.case).state == "falls"
    assert fresh(third).state == "not_needed"
    vote(third, "stands")
    counted()
    assert (fresh(third).state, third.vote, third.counts) == ("voted", "stands", False)
    assert fresh(panel.case).state == "falls"
    assert fresh(begun).state == "approved"
    follow_panels(at=DRAWN)
    assert not PanelProject.objects.filter(panel=panel, ended_at=None).exists()


def test_who_declines_gives_the_task_back_or_leaves_is_followed_by_the_next():
    dispute = Dispute(peers=7)
    panel = dispute.drawn()
    first, second, third = live(panel)
    for _click in range(2):
        decline_seat(seat_id=first.pk, by=first.person, at=DRAWN)
    assert (fresh(first).state, len(live(panel))) == ("left", 3)
    with pytest.raises(NoneLeft):
        take(first)
    # From the task: put back after it was taken
    held = take(second)
    heard()
    skip_task(assignment_id=held.pk, by=second.person, at=DRAWN)
    heard()
    assert (fresh(second).state, len(live(panel))) == ("left", 3)
    # From the seat, while the task is in hand: it is put back
    held = take(third)
    heard()
    decline_seat(seat_id=third.pk, by=third.person, at=DRAWN)
    assert (fresh(third).state, fresh(held).state) == ("left", "given_back")
    # Who closes their account is followed too
    fourth = live(panel)[0]
    close_account(by=fourth.person, what_is_open=lambda _party: [], at=DRAWN)
    follow_panels(at=DRAWN)
    assert fresh(fourth).state == "left"
    assert len(live(panel)) == 3
    states = Candidate.objects.filter(lot=lot_of(panel)).exclude(state="").values_list("state", flat=True)
    assert sorted(states) == ["declined", "excluded", "offered", "offered", "offered", "released", "released"]
    # Who has voted has nothing to give up; a stranger has no seat
    votes(panel, "falls")
    voted = Seat.objects.get(panel=panel, state="voted")
    with pytest.raises(SeatIsOver):
        decline_seat(seat_id=voted.pk, by=voted.person, at=DRAWN)
    for seat_id in (voted.pk, 0, -1, 2**70):
        with pytest.raises(JurySeatNotFound):
            decline_seat(seat_id=seat_id, by=dispute.worker, at=DRAWN)


def test_a_panel_that_runs_out_of_time_is_redrawn_and_votes_given_stay():
    dispute = Dispute(peers=6)
    panel = dispute.drawn()
    votes(panel, "falls")
    before = {seat.person_id for seat in live(panel)}
    late = panel.decide_by
    for person in dispute.members:
        active_on(person, 5, at=late)
    follow_panels(at=late - timedelta(seconds=1))
    assert fresh(panel).state == "open"
    follow_panels(at=late)
    assert fresh(panel).state == "lapsed"
    assert lot_of(panel).state == "closed"
    again = Panel.objects.get(case=panel.case, number=2)
    assert (again.seats, again.peers, again.votes_needed) == (2, 3, 2)
    assert not before & {seat.person_id for seat in live(again)}
    assert Seat.objects.filter(panel=panel, state="voted", counts=True).count() == 1
    votes(again, "falls", at=late)
    assert (fresh(panel.case).state, fresh(again).state) == ("falls", "decided")


@pytest.mark.parametrize("first", ["reader", "sweep"])
def test_a_vote_handed_in_in_time_counts_though_it_is_read_after_the_end(first):
    dispute = Dispute(peers=6)
    panel = dispute.drawn()
    for seat in live(panel)[:2]:
        vote(seat, "falls")
    # When nothing was read until the panel's time was over
    if first == "reader":
        heard(at=panel.decide_by + timedelta(seconds=1))
    follow_panels(at=panel.decide_by + timedelta(seconds=2))
    # Then both votes count, nobody else is drawn, and reading them again changes nothing
    for _run in range(2):
        assert (fresh(panel.case).state, fresh(panel).state) == ("falls", "decided")
        assert Seat.objects.filter(panel__case=panel.case, counts=True).count() == 2
        heard(at=panel.decide_by + timedelta(seconds=3))
    assert Panel.objects.filter(case=panel.case).count() == 1
    assert dispute.assignment.state == "approved"
    assert verify() == []


def test_peers_are_of_the_guild_first_and_the_draw_is_widened():
    dispute = Dispute(peers=2)
    guild = a_guild()
    Requirement.objects.create(
        project=dispute.project, scale="guild", scale_id=guild.pk, comparator="at_least", value=2
    )
    masters = [a_member(guild, level=2, person=one) for one in members_of("workers", 3)]
    for one in members_of("workers", 2):
        a_member(guild, level=1, person=one)
    panel = dispute.drawn()
    assert (panel.pool, panel.guild_id) == ("guild_level", guild.pk)
    assert {seat.person_id for seat in live(panel)} == {one.person_id for one in masters}
    # When one of them declines, nobody at that level is left to follow: two can decide
    gone = live(panel)[0]
    decline_seat(seat_id=gone.pk, by=gone.person, at=DRAWN)
    assert len(live(panel)) == 2
    # When all have left, the draw is widened to the guild, and to all workers
    for seat in live(panel):
        decline_seat(seat_id=seat.pk, by=seat.person, at=DRAWN)
    follow_panels(at=DRAWN)
    again = Panel.objects.get(case=panel.case, number=2)
    assert (fresh(panel).state, again.pool, len(live(again))) == ("lapsed", "workers", 3)


def test_jurors_read_the_language_of_the_case_as_long_as_enough_do():
    dispute = Dispute(peers=5, language="br")
    breton = [a_member_of("requesters", languages=["en", "br-FR"]) for _each in range(3)]
    panel = dispute.drawn()
    assert {seat.person_id for seat in live(panel)} == {one.pk for one in breton}
    assert panel.pool == "members"
    # When all of them have left, somebody hears it rather than nobody
    for seat in live(panel):
        decline_seat(seat_id=seat.pk, by=seat.person, at=DRAWN)
    follow_panels(at=DRAWN)
    again = Panel.objects.get(case=panel.case, number=2)
    assert {seat.person_id for seat in live(again)} <= {one.pk for one in dispute.members}


def test_nobody_of_a_small_guild_sits_twice_in_sixty_days_while_others_can():
    dispute, other = Dispute(peers=4), Dispute(peers=0)
    guild = a_guild()
    for project in (dispute.project, other.project):
        Requirement.objects.create(
            project=project, scale="guild", scale_id=guild.pk, comparator="at_least", value=2
        )
    masters = {a_member(guild, level=2, person=one).person_id for one in members_of("workers", 3)}
    panel = dispute.drawn()
    votes(panel, "falls", "falls", "falls")
    assert {seat.person_id for seat in Seat.objects.filter(panel=panel)} == masters
    # When another appeal in the same guild comes up, those who have served rest, and the draw is widened
    second = other.drawn()
    served = set(Seat.objects.filter(panel=panel, state="voted").values_list("person_id", flat=True))
    assert served
    assert not served & {seat.person_id for seat in live(second)}
    assert (second.pool, len(live(second))) == ("workers", 3)


def test_no_peers_in_fourteen_days_and_the_appeal_is_upheld():
    dispute = Dispute(peers=2)
    case = dispute.appealed()
    end = OPENED + timedelta(days=14)
    for at in (DRAWN, end - timedelta(seconds=1)):
        follow_panels(at=at)
        assert fresh(case).state == "open"
    assert not Panel.objects.exists()
    follow_panels(at=end)
    assert (fresh(case).state, case.decided_by, case.reason) == ("falls", "no_peers", "")
    assert dispute.assignment.state == "approved"


def test_a_case_waits_for_peers_as_long_as_was_said_when_it_was_opened():
    case = Dispute(peers=2).appealed()
    told = hearing_of(case).lapses_at
    day = timedelta(days=1)
    a_line(
        parameter="jury.lapse_days",
        old_value=14,
        new_value=21,
        effective_at=OPENED + 2 * day,
        recorded_at=OPENED + day,
    )
    assert hearing_of(case).lapses_at == told == OPENED + 14 * day
    follow_panels(at=told - timedelta(seconds=1))
    assert fresh(case).state == "open"
    follow_panels(at=told)
    assert (fresh(case).state, case.decided_by) == ("falls", "no_peers")


def test_who_does_not_answer_in_time_is_followed_and_who_is_at_work_is_not_thrown_out():
    dispute = Dispute(peers=6)
    panel = dispute.drawn()
    first, second, third = live(panel)
    at_work = take(first)  # and nobody has read it yet
    answer_by = DRAWN + timedelta(days=3)
    assert lapse_seats(at=answer_by) == 3
    follow_panels(at=answer_by)
    assert [fresh(seat).state for seat in (first, second, third)] == ["offered", "left", "left"]
    assert len(live(panel)) == 4
    assert fresh(at_work).state == "held"


def test_a_case_that_the_other_side_settles_needs_no_panel():
    dispute = Dispute()
    panel = dispute.drawn()
    decide_case(case_id=panel.case_id, outcome=CaseState.DROPPED, by=CaseBy.TAKEN_BACK, at=DRAWN)
    follow_panels(at=DRAWN)
    assert fresh(panel).state == "dropped"
    assert live(panel) == []
    assert fund_minor(Kind.JUSTICE_FUND, "EUR") > 0


def test_a_juror_reads_neither_name_and_sees_both_attempts():
    dispute = Dispute(names=["therequester", "theworker"])
    panel = dispute.drawn(words="I am TheWorker, and @therequester knows the ears.")
    task = live(panel)[0].task
    assert ShownWork.objects.filter(task=task).count() == 2
    shown = str(task.shown)
    assert "I am (name), and (name) knows the ears." in shown
    assert "the second time" in shown
    assert "theworker" not in shown.lower()
