"""Somebody's work in all its kinds, for tests of what people look back on."""

from datetime import timedelta
from decimal import Decimal

from tests.builders import NOON, a_project, a_submission, a_worker, taken
from tests.work.by_the_hour import an_hourly_project, later, opened, seen_until
from tests.work.decided import a_rejected_submission, a_reworked_submission
from tests.work.rounds import fill_round
from tests.work.test_top_ups import a_slow_project, done

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.ledger.models import Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.close_session import close_session
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.pay_bonus import pay_bonus
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.report_broken import report_broken
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.sweep_deadlines import approve_what_nobody_decided

END = NOON + timedelta(days=10)


def a_life(worker: Person, requester: Person) -> None:
    """Let a worker do all that work can come to for one requester: tasks, a session, a top-up, a jury."""
    _pieces(worker, requester)
    slow = a_slow_project(requester)
    for one in (worker, a_worker(), a_worker()):
        for _task in range(4):
            done(slow, one, requester, seconds=240)
    settle_what_is_due(at=NOON + timedelta(hours=2))
    pay_top_ups(at=NOON + timedelta(days=1))
    hourly = an_hourly_project(owner=requester, title="Hours")
    session = opened(worker=worker, project=hourly)
    seen_until(session, 30)
    close_session(session_id=session.pk, by=worker, at=later(30))
    fill_round(a_project(owner=requester, untried=True, rows=16, title="Round"), [worker], most=1)
    a_submission(worker=worker, project=a_project(owner=requester, kind="volunteer", title="Free"))
    approve_what_nobody_decided(at=END)
    fund = open_account(Kind.JUSTICE_FUND, currency="EUR")
    earnings = open_account(Kind.EARNINGS, currency="EUR", party_id=worker.pk)
    outside = open_account(Kind.OUTSIDE, currency="EUR")
    given = Movement(outside, fund, 500, Reason.GIFT, f"given:{worker.pk}")
    sat = Movement(fund, earnings, 500, Reason.JURY, f"sat:{worker.pk}", ("resolutionjury", 7))
    out = Movement(earnings, outside, 40, Reason.WITHDRAWAL, f"out:{worker.pk}")
    post_entries([given, sat, out], at=END)


def _pieces(worker: Person, requester: Person) -> None:
    """Work by the piece: reworked with a bonus, rejected, skipped, given back, broken, in hand."""
    pieces = a_project(owner=requester, title="=Pieces", rows=8)
    reworked = a_reworked_submission(worker=worker, project=pieces)
    approve_submission(submission_id=reworked.pk, by=requester, at=NOON + timedelta(hours=4))
    rate_requester(assignment_id=reworked.assignment_id, by=worker, value=Decimal(3), at=NOON)
    pay_bonus(
        assignment_id=reworked.assignment_id,
        by=requester,
        amount_minor=25,
        reason="Thank you.",
        key=f"thanks {worker.pk}",
        at=NOON + timedelta(hours=5),
    )
    rejected = a_rejected_submission(worker=worker, project=pieces)
    appeal_rejection(assignment_id=rejected.assignment_id, by=worker, at=NOON + timedelta(hours=6))
    skip_task(assignment_id=taken(worker=worker, project=pieces).pk, by=worker, at=later(5))
    give_back_task(assignment_id=taken(worker=worker, project=pieces).pk, by=worker, at=later(6))
    report_broken(
        assignment_id=taken(worker=worker, project=pieces).pk,
        kind="missing",
        words="There is no picture.",
        by=worker,
        at=later(2),
    )
    taken(worker=worker, project=pieces)
