"""A worker reports a task as broken: the time spent on it is paid, and its row leaves the feed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import FLOOR, in_force
from canut.charter.rules import Scope
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.models import Assignment, BrokenReport, BrokenRow, Draft, Place, Project, Revision
from canut.work.queries.pricing import break_seconds
from canut.work.rules_broken import ReportPaid, ReportTerms, Spent, report_pay
from canut.work.states import AssignmentState, BrokenKind, PlaceState, ProjectKind, ReportPay, RowState
from canut.work.usecases.leave_task import NotInHand
from canut.work.usecases.reopen_places import reopen_places
from canut.work.usecases.submit_answer import ran_out
from canut.work.usecases.take_task import take_task

LEAST_WORDS, MOST_WORDS = 3, 2_000
DAY = timedelta(days=1)


class NotReportable(Refusal):
    """Work about other people's work has no requester who could mend it."""

    code = "not_reportable"


@dataclass(frozen=True, slots=True)
class Reported:
    """The report, and the next assignment, or the refusal that says why there is none."""

    report: BrokenReport
    next: Assignment | None
    why_none: Refusal | None


@transaction.atomic
def report_broken(*, assignment_id: int, kind: str, words: str, by: Person, at: datetime) -> BrokenReport:
    """Report a task in hand as broken; the time spent on it is paid by `rules_broken.report_pay`.

    The assignment ends, and `by` is not given this task again. Its row is out of the feed until its
    requester has mended it, found it whole or withdrawn it; others who have it in hand may go on. The
    pay is announced, and due once its requester had time to contest it. No standing changes, and a
    report counts neither as rejected nor as given back. Reporting twice is safe: what was said first stands.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NotInHand: it was handed in or put back, or it came back for rework.
        LeaseRanOut: the time for it was up.
        NotReportable: it is a duty, such as a review.
        BadInput: there is no such kind, or the words are missing or too long.
    """
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # two reports at once count each other
    assignment = own_assignment(assignment_id, by=by, lock=True)
    if assignment.state == AssignmentState.BROKEN:
        return BrokenReport.objects.get(pk=assignment.pk)
    project = Project.objects.select_for_update(no_key=True).get(pk=assignment.project_id)
    if project.fund:
        raise NotReportable(
            _(
                "This task is about other people's work, so nobody could mend it. Give it back; if something "
                "is wrong with it, say so to those who run this site."
            )
        )
    if assignment.state == AssignmentState.RETURNED:
        raise NotInHand(
            _(
                "This came back to you for rework, so it was done once. Hand it in again, and say in the "
                "answer or in the talk what stands in the way."
            ),
            state=assignment.state,
        )
    if assignment.state == AssignmentState.EXPIRED or (
        assignment.state == AssignmentState.HELD and assignment.lease_until <= at
    ):
        raise ran_out(assignment)
    if assignment.state != AssignmentState.HELD:
        raise NotInHand(
            _("This task is not in your hands any more, so it cannot be reported as broken."),
            state=assignment.state,
        )
    words = _checked(kind, words)

    assignment.state, assignment.ended_at = AssignmentState.BROKEN, at
    assignment.save(update_fields=["state", "ended_at"])
    Draft.objects.filter(assignment=assignment).delete()
    row = _out_of_the_feed(assignment, at=at)
    report = _report(project, assignment, row, kind=kind, words=words, by=by, at=at)
    record(
        by,
        "assignment.broken",
        assignment,
        at=at,
        project_id=project.pk,
        task_id=assignment.task_id,
        kind=kind,
        pay_minor=report.amount_minor,
        unpaid_why=report.unpaid_why,
    )
    if not _others_wait_to_be_told(report):
        later("work.tell_owner_of_broken", project_id=project.pk)
    return report


def report_to_next(*, assignment_id: int, kind: str, words: str, by: Person, at: datetime) -> Reported:
    """Report a task as broken and take another of the same project, if there is one.

    The report stands even where no task follows. Raises what `report_broken` raises.
    """
    report = report_broken(assignment_id=assignment_id, kind=kind, words=words, by=by, at=at)
    try:
        following = take_task(by=by, project_id=report.project_id, at=at, returned_first=False)
    except Refusal as refusal:
        return Reported(report, None, refusal)
    return Reported(report, following, None)


def _checked(kind: str, words: str) -> str:
    errors = {}
    words = words.replace("\0", "").strip()
    if kind not in BrokenKind.values:
        errors["kind"] = _("Choose what is wrong with the task.")
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        errors["words"] = _("Say in 3 to 2,000 characters what is wrong; the requester reads it.")
    if errors:
        raise BadInput(_("Say what is broken, so that it can be mended."), errors=errors)
    return words


def _out_of_the_feed(assignment: Assignment, *, at: datetime) -> BrokenRow:
    """Pause the row of an assignment that has just ended; its project's row is locked.

    All its places are locked, so that whoever gives one back at this moment finds the row paused, or
    opens the place before it is paused here; and its revision's row, for the job that opens further places.
    """
    Revision.objects.select_for_update(no_key=True, of=("self",)).get(tasks=assignment.task_id)
    paused = BrokenRow.objects.filter(task_id=assignment.task_id, state=RowState.PAUSED).first()
    places = Place.objects.filter(project_id=assignment.project_id, task_id=assignment.task_id)
    list(places.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    row = paused or BrokenRow.objects.filter(task_id=assignment.task_id, state=RowState.WITHDRAWN).first()
    if row is None:
        row = BrokenRow.objects.create(
            project_id=assignment.project_id, task_id=assignment.task_id, paused_at=at
        )
    if row.state == RowState.PAUSED:
        unfilled = places.filter(state__in=[PlaceState.OPEN, PlaceState.WAITING])
        unfilled.update(state=PlaceState.PAUSED, rank=None)
    reopen_places([assignment.pk])
    return row


def _report(
    project: Project,
    assignment: Assignment,
    row: BrokenRow,
    *,
    kind: str,
    words: str,
    by: Person,
    at: datetime,
) -> BrokenReport:
    elapsed = int((at - assignment.taken_at).total_seconds())
    floor = in_force(FLOOR, at=at, scope=Scope(country=by.country, status=by.working_status))
    paid = _paid(project, assignment, floor_hourly_minor=floor, by=by, at=at)
    notice = timedelta(hours=in_force("broken.notice_hours", at=at))
    return BrokenReport.objects.create(
        assignment=assignment,
        row=row,
        project=project,
        task_id=assignment.task_id,
        worker=by,
        kind=kind,
        words=words,
        reported_at=at,
        elapsed_seconds=elapsed,
        paid_seconds=paid.seconds,
        floor_hourly_minor=floor,
        amount_minor=paid.amount_minor,
        unpaid_why=paid.why_not,
        pay=ReportPay.ANNOUNCED if paid.amount_minor else ReportPay.NONE,
        due_at=at + notice if paid.amount_minor else None,
    )


def _paid(
    project: Project,
    assignment: Assignment,
    *,
    floor_hourly_minor: int,
    by: Person,
    at: datetime,
) -> ReportPaid:
    revision = Revision.objects.get(pk=assignment.revision_id)
    expected = revision.expected_seconds + break_seconds(project, revision, at=at)
    since = at - timedelta(days=in_force("broken.share_days", at=at))
    paid = BrokenReport.objects.filter(worker=by).exclude(pay__in=[ReportPay.NONE, ReportPay.REFUSED])
    taken = Assignment.objects.filter(worker=by, taken_at__gt=since)
    # Who had tasks of several projects in hand at once spent their minutes once.
    last_paid = paid.filter(reported_at__gt=assignment.taken_at).aggregate(last=Max("reported_at"))["last"]
    return report_pay(
        Spent(
            elapsed_seconds=max(0, int((at - (last_paid or assignment.taken_at)).total_seconds())),
            expected_seconds=expected,
            lease_seconds=revision.lease_seconds,
            floor_hourly_minor=floor_hourly_minor,
            is_paid_work=project.kind == ProjectKind.PAID,
            in_session=assignment.session_id is not None,
            paid_today=paid.filter(reported_at__gt=at - DAY).count(),
            paid_lately=paid.filter(reported_at__gt=since).count(),
            taken_lately=taken.filter(submitted_at__isnull=False).count()
            + taken.filter(state=AssignmentState.BROKEN).count(),
        ),
        ReportTerms(
            least_seconds=in_force("broken.least_seconds", at=at),
            most_a_day=in_force("broken.most_a_day", at=at),
            most_share=in_force("broken.most_share", at=at),
            free_reports=in_force("broken.free_reports", at=at),
        ),
    )


def _others_wait_to_be_told(report: BrokenReport) -> bool:
    untold = BrokenReport.objects.filter(project_id=report.project_id, told_at__isnull=True)
    return untold.exclude(pk=report.pk).exists()
