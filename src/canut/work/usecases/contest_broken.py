"""A requester objects to a report of a broken task: its pay waits until peers decide, or time is over."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.access import locked_report
from canut.work.models import BrokenContest, BrokenReport
from canut.work.refusals import BrokenReportNotFound
from canut.work.states import ContestState, ReportPay
from canut.work.usecases.contest_top_up import ContestTooLate
from canut.work.usecases.decide_contest import refuse_over
from canut.work.usecases.pay_top_ups import pay_top_ups_of_project
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.return_submission import checked_text


@transaction.atomic
def contest_broken(*, assignment_id: int, reason: str, at: datetime) -> BrokenContest:
    """Hold the pay for one report, for the room that hears the contest; whose project it is, is its question.

    The row stays as it is: whether it is broken, its requester says. With no decision in the charter's days
    the report is paid. A contest that is open already is returned as it is.

    Raises:
        BrokenReportNotFound: there is none.
        ContestTooLate: it is paid or due already, or is not paid at all.
        BadInput: the reason is missing or too long.
    """
    report = locked_report(assignment_id)
    existing = BrokenContest.objects.filter(report=report).first()
    if existing is not None and existing.state == ContestState.OPEN:
        return existing
    if (
        existing is not None
        or report.pay != ReportPay.ANNOUNCED
        or report.due_at is None
        or report.due_at <= at
    ):
        raise ContestTooLate(
            _("This report is due or paid already, or is not paid at all, so there is nothing to contest.")
        )
    reason = checked_text(reason, what="reason")
    days = min(in_force("pay.contest_days", at=at), in_force("jury.lapse_days", at=at))
    ends_at = at + timedelta(days=days)
    requester = Person.objects.get(pk=report.project.owner_id)
    contest = BrokenContest.objects.create(
        report=report, opened_by=requester, reason=reason, opened_at=at, ends_at=ends_at
    )
    report.pay, report.due_at = ReportPay.CONTESTED, ends_at
    report.save(update_fields=["pay", "due_at"])
    record(requester, "broken_report.contested", report, at=at, project_id=report.project_id)
    later("work.tell_of_broken_contest", assignment_id=report.pk, what="opened")
    return contest


@transaction.atomic
def decide_broken_contest(*, assignment_id: int, uphold: bool, reason: str, at: datetime) -> BrokenContest:
    """Let a contest be as its peers said. Upheld, the report is not paid; refused, it is paid at once.

    The same decision again is safe.

    Raises:
        BrokenReportNotFound: there is no such contest.
        ContestDecided: it was decided otherwise, or its time was over and the report is paid.
    """
    report, contest = _locked(assignment_id)
    outcome = ContestState.UPHELD if uphold else ContestState.REFUSED
    if contest.state == outcome:
        return contest
    refuse_over(contest, at=at)
    contest.decision = reason
    _end(report, contest, outcome, at=at)
    return contest


@transaction.atomic
def take_back_broken_contest(*, assignment_id: int, at: datetime) -> BrokenContest:
    """End a contest that its requester gives up: the report is paid at once. Twice is safe.

    Raises:
        BrokenReportNotFound: there is no such contest. ContestDecided: it was decided, or its time was over.
    """
    report, contest = _locked(assignment_id)
    if contest.state == ContestState.TAKEN_BACK:
        return contest
    refuse_over(contest, at=at)
    _end(report, contest, ContestState.TAKEN_BACK, at=at)
    return contest


def _locked(assignment_id: int) -> tuple[BrokenReport, BrokenContest]:
    report = locked_report(assignment_id)
    contest = BrokenContest.objects.select_for_update(no_key=True).filter(report=report).first()
    if contest is None:
        raise BrokenReportNotFound(_("There is no such contest."))
    return report, contest


def _end(report: BrokenReport, contest: BrokenContest, outcome: ContestState, *, at: datetime) -> None:
    """Settle the pay that a contest held; the project's row, the report's and the contest's are locked."""
    contest.state, contest.decided_at = outcome, at
    contest.save(update_fields=["state", "decision", "decided_at"])
    if outcome == ContestState.UPHELD:
        report.pay = ReportPay.REFUSED
        report.save(update_fields=["pay"])
        refund_unused(report.project, at=at)
    else:
        report.pay, report.due_at = ReportPay.ANNOUNCED, at
        report.save(update_fields=["pay", "due_at"])
        pay_top_ups_of_project(project_id=report.project_id, at=at)
    record(None, f"broken_report.contest_{outcome}", report, at=at, project_id=report.project_id)
    later("work.tell_of_broken_contest", assignment_id=report.pk, what=str(outcome))
