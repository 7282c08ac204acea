"""Earnings and money: every figure is the ledger's own, and every line has its place in it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker
from tests.stories import examples
from tests.told import told
from tests.work.decided import a_rejected_submission, a_returned_submission, a_reworked_submission

from canut.ledger.models import Kind, LedgerEntry
from canut.ledger.queries import party_total_minor, project_total_minor, verify
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.work.access import RequesterRoleMissing
from canut.work.queries.earnings import earnings_page
from canut.work.queries.money import money_page
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_project import close_project
from canut.work.usecases.pay_bonus import pay_bonus
from canut.work.usecases.sweep_deadlines import release_rejected_places
from canut.work.usecases.tell_of_bonus import tell_of_bonus

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(hours=5)


def all_lines(page_of, by, at, **asked):
    """Return every line, page by page."""
    found, before = [], None
    while True:
        page = page_of(by=by, at=at, before_id=before, most=3, **asked)
        found += page.lines
        before = page.next_cursor
        if before is None:
            return found


# --- Earnings -------------------------------------------------------------------------------------


def test_what_waits_is_awaited_and_what_is_approved_is_earned(requester, worker):
    project = a_project(owner=requester, rows=3)
    submissions = [a_submission(worker=worker, project=project) for _each in range(3)]
    earnings = earnings_page(by=worker, at=NOON).earnings
    assert (earnings.awaiting_minor, earnings.earned_minor) == (180, 0)
    approve_submission(submission_id=submissions[0].pk, by=requester, at=LATER)
    earnings = earnings_page(by=worker, at=LATER).earnings
    assert (earnings.awaiting_minor, earnings.earned_minor, earnings.payable_minor) == (120, 60, 0)


def test_pay_becomes_payable_on_its_payday_and_not_before(requester, worker):
    submission = a_submission(worker=worker, project=a_project(owner=requester))
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    due = submission.submitted_at + timedelta(days=7)
    before = earnings_page(by=worker, at=due - timedelta(seconds=1)).earnings
    assert [(day.day, day.amount_minor) for day in before.paydays] == [(due.date(), 60)]
    assert before.payable_minor == 0
    after = earnings_page(by=worker, at=due).earnings
    assert (list(after.paydays), after.payable_minor) == ([], 60)


def test_reworked_pay_is_payable_when_its_own_time_is_over(requester, worker):
    submission = a_reworked_submission(worker=worker, project=a_project(owner=requester))
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    due = NOON + timedelta(
        minutes=1, hours=2, days=7
    )  # the first submission, two hours of rework, seven days
    assert earnings_page(by=worker, at=due - timedelta(seconds=1)).earnings.payable_minor == 0
    assert earnings_page(by=worker, at=due).earnings.payable_minor == 60 + 50


def test_rework_counts_among_what_is_awaited_disputed_and_earned(requester, worker):
    project = a_project(owner=requester, rows=3)
    reworked = a_reworked_submission(worker=worker, project=project)
    assert earnings_page(by=worker, at=LATER).earnings.awaiting_minor == 60 + 50
    approve_submission(submission_id=reworked.pk, by=requester, at=LATER)
    assert earnings_page(by=worker, at=LATER).earnings.earned_minor == 60 + 50
    rejected = a_rejected_submission(worker=worker, project=project)
    assert earnings_page(by=worker, at=LATER).earnings.disputed_minor == 60 + 50
    release_rejected_places(at=LATER + timedelta(days=8))
    assert rejected
    assert earnings_page(by=worker, at=LATER + timedelta(days=8)).earnings.disputed_minor == 0


def test_what_was_sent_back_is_neither_awaited_nor_earned(requester, worker):
    a_returned_submission(worker=worker, project=a_project(owner=requester))
    earnings = earnings_page(by=worker, at=LATER).earnings
    assert (earnings.awaiting_minor, earnings.disputed_minor, earnings.earned_minor) == (0, 0, 0)


def test_a_line_shows_time_pay_per_hour_payday_and_what_the_requester_paid_on_top(requester, worker):
    project = a_project(owner=requester, title="Cats")
    submission = a_submission(worker=worker, project=project)
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    (line,) = earnings_page(by=worker, at=LATER).lines
    assert (line.title, line.amount_minor, line.active_seconds, line.hourly_minor) == ("Cats", 60, 60, 3600)
    assert line.payable_at == submission.submitted_at + timedelta(days=7)
    assert {due.name: due.share_minor for due in line.dues} == {
        "service_fee": Decimal("3.90"),
        "guarantee_levy": Decimal("1.2"),
        "training_levy": Decimal("0.6"),
        "guild_levy": Decimal("0.6"),
        "justice_levy": Decimal("0.3"),
    }
    assert line.charter_entry >= 0


def test_the_exact_parts_of_dues_add_up_to_what_was_booked_to_the_cent(requester, worker):
    project = a_project(owner=requester, rows=7, reward_minor=53)
    for _each in range(7):
        submission = a_submission(worker=worker, project=project)
        approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    lines = all_lines(earnings_page, worker, LATER)
    for name in ("service_fee", "guarantee_levy", "training_levy", "guild_levy", "justice_levy"):
        parts = sum(due.share_minor for line in lines for due in line.dues if due.name == name)
        booked = sum(
            entry.amount_minor
            for entry in LedgerEntry.objects.filter(subject_kind="project", subject_id=project.pk, note=name)
        )
        assert abs(parts - booked) <= Decimal("0.5"), name


def test_a_bonus_is_a_line_of_its_own_with_its_reason_and_payable_at_once(requester, worker):
    submission = a_submission(worker=worker, project=a_project(owner=requester))
    pay_bonus(
        assignment_id=submission.assignment_id,
        by=requester,
        amount_minor=150,
        reason="Thank you!",
        key="k",
        at=NOON,
    )
    (job,) = ProcrastinateJob.objects.filter(task_name="work.tell_of_bonus")
    assert [tell_of_bonus(**job.args, at=NOON) for _twice in range(2)] == [True, True]
    (notice,) = told(worker, kind="pay")
    assert notice.subject == "A bonus of €1.50 from Requester"
    assert notice.text.endswith("\n\nThank you!")
    page = earnings_page(by=worker, at=NOON)
    assert (page.lines[0].reason, page.lines[0].note, page.lines[0].dues) == ("bonus", "Thank you!", ())
    assert (page.earnings.earned_minor, page.earnings.payable_minor) == (150, 150)


def test_volunteer_work_earns_nothing_and_breaks_nothing(requester, worker):
    project = a_project(owner=requester, kind="volunteer")
    submission = a_submission(worker=worker, project=project)
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    page = earnings_page(by=worker, at=LATER)
    assert (page.earnings.earned_minor, page.earnings.awaiting_minor, list(page.lines)) == (0, 0, [])


def test_nobody_reads_anothers_earnings(requester, worker, peer):
    submission = a_submission(worker=worker, project=a_project(owner=requester))
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    assert earnings_page(by=peer, at=LATER).earnings.earned_minor == 0


def test_a_page_of_earnings_costs_the_same_queries_however_many_projects(
    requester, worker, django_assert_max_num_queries
):
    for _each in range(8):
        submission = a_submission(worker=worker, project=a_project(owner=requester))
        approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    with django_assert_max_num_queries(20):
        assert len(earnings_page(by=worker, at=LATER).lines) == 8


# --- Money ----------------------------------------------------------------------------------------


def test_a_requester_reads_what_is_free_held_spent_and_given_back(requester, worker):
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    project = a_project(owner=requester, rows=2, reward_minor=60)
    page = money_page(by=requester, at=NOON)
    (funds,) = page.projects
    assert funds.given_minor == funds.held_minor == before - page.balance_minor > 120
    submission = a_submission(worker=worker, project=project)
    approve_submission(submission_id=submission.pk, by=requester, at=LATER)
    close_project(project_id=project.pk, by=requester, at=LATER)
    (funds,) = money_page(by=requester, at=LATER).projects
    assert funds.spent_minor == 60 + 4 + 1 + 1 + 1 + 0  # the reward, the fee, and the levies rounded half up
    assert funds.held_minor == 0
    assert funds.refunded_minor == funds.given_minor - funds.spent_minor


def test_a_bonus_is_paid_from_the_balance_itself(requester, worker):
    submission = a_submission(worker=worker, project=a_project(owner=requester))
    pay_bonus(
        assignment_id=submission.assignment_id,
        by=requester,
        amount_minor=150,
        reason="Thanks",
        key="k",
        at=NOON,
    )
    page = money_page(by=requester, at=NOON)
    assert page.direct_minor == 150
    assert (page.lines[0].reason, page.lines[0].amount_minor) == ("bonus", -150)


def test_somebody_who_is_no_requester_and_never_had_money_is_told_so(worker):
    with pytest.raises(RequesterRoleMissing):
        money_page(by=worker, at=NOON)


def test_who_gave_the_role_up_still_sees_their_money(requester):
    type(requester).objects.filter(pk=requester.pk).update(is_requester=False)
    requester.refresh_from_db()
    assert money_page(by=requester, at=NOON).balance_minor == 1_000_000


STEPS = st.lists(
    st.sampled_from(["deposit", "publish", "approve", "rework", "reject", "bonus", "close", "late_approval"]),
    min_size=3,
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=examples(7, 25), deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_whatever_happened_both_histories_reconcile_with_the_ledger(db, steps):
    with transaction.atomic():
        requester, worker = a_requester(), a_worker()
        story = _Story(requester, worker)
        for step in ["publish", *steps]:
            getattr(story, step)()
        at = story.at + timedelta(days=30)
        _reconciles(requester, worker, at)
        transaction.set_rollback(True)


class _Story:
    """Does one step after the other, each an hour later, as far as it can be done."""

    def __init__(self, requester, worker):
        self.requester, self.worker, self.at, self.projects = requester, worker, NOON, []

    def _next(self):
        self.at += timedelta(days=1)
        return self.at

    @property
    def _open(self):
        return [
            project for project in self.projects if type(project).objects.get(pk=project.pk).state == "live"
        ]

    def deposit(self):
        at = self._next()
        deposit_play_money(by=self.requester, amount_minor=777, currency="EUR", key=str(at), at=at)

    def publish(self):
        self.projects.append(a_project(owner=self.requester, rows=12, reward_minor=53, at=self._next()))

    def _submission(self, builder):
        if not self._open:
            self.publish()
        return builder(worker=self.worker, project=self._open[0], at=self._next())

    def approve(self):
        submission = self._submission(a_submission)
        approve_submission(submission_id=submission.pk, by=self.requester, at=self._next())

    def rework(self):
        submission = self._submission(a_reworked_submission)
        approve_submission(submission_id=submission.pk, by=self.requester, at=self._next())

    def reject(self):
        self._submission(a_rejected_submission)

    def late_approval(self):
        submission = self._submission(a_rejected_submission)
        self.at += timedelta(days=8)
        release_rejected_places(at=self.at)
        approve_submission(submission_id=submission.pk, by=self.requester, at=self._next())

    def bonus(self):
        submission = self._submission(a_submission)
        pay_bonus(
            assignment_id=submission.assignment_id,
            by=self.requester,
            amount_minor=31,
            reason="Thanks",
            key=str(self.at),
            at=self._next(),
        )

    def close(self):
        if self._open:
            close_project(project_id=self._open[0].pk, by=self.requester, at=self._next())


def _reconciles(requester, worker, at):
    assert verify() == []
    earned = earnings_page(by=worker, at=at).earnings
    lines = all_lines(earnings_page, worker, at)
    assert earned.earned_minor == party_total_minor(worker.pk, Kind.EARNINGS, "EUR")
    assert sum(line.amount_minor for line in lines) == earned.earned_minor
    assert earned.payable_minor + sum(day.amount_minor for day in earned.paydays) == earned.earned_minor
    page = money_page(by=requester, at=at)
    movements = all_lines(money_page, requester, at)
    assert page.balance_minor == party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    assert sum(line.amount_minor for line in movements) == page.balance_minor
    assert (
        page.deposited_minor - page.given_minor + page.refunded_minor - page.direct_minor
        == page.balance_minor
    )
    for funds in page.projects:
        held = sum(
            project_total_minor(funds.project_id, kind) for kind in (Kind.ESCROW, Kind.DUES, Kind.RESERVE)
        )
        out = LedgerEntry.objects.filter(debit__project_id=funds.project_id, credit__project_id__isnull=True)
        assert funds.held_minor == held
        spent = sum(entry.amount_minor for entry in out.exclude(reason="refund"))
        assert funds.spent_minor == spent
        assert funds.given_minor == held + spent + funds.refunded_minor
