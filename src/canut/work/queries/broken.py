"""Broken tasks as people read them: what a report would pay, one's own report, a project's reported rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import FLOOR, in_force
from canut.charter.rules import Scope
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.work.access import own_assignment, own_project
from canut.work.models import Assignment, BrokenContest, BrokenReport, BrokenRow, Project
from canut.work.queries.pricing import break_seconds
from canut.work.refusals import BrokenReportNotFound, BrokenRowNotFound
from canut.work.round_names import name_in_round
from canut.work.rules_hours import hours_minor
from canut.work.states import (
    COUNTS_AS_DONE,
    AssignmentState,
    BrokenKind,
    ContestState,
    ProjectKind,
    ProjectState,
    ReportPay,
    RowState,
    UnpaidWhy,
)

ROWS_A_PAGE = 20

CONTEST_WORDS = {
    ContestState.OPEN: _("contested: peers decide whether this is paid"),
    ContestState.UPHELD: _("peers said that the task was not broken: it is not paid"),
    ContestState.REFUSED: _("peers said that the task was broken: it is paid"),
    ContestState.LAPSED: _("nobody decided on the contest in time: it is paid"),
    ContestState.TAKEN_BACK: _("the contest was taken back: it is paid"),
}


@dataclass(frozen=True, slots=True)
class ReportOffer:
    """What reporting a task in hand as broken would pay, before it is done; amounts in minor units.

    `may_report` tells that the task is in hand and has a requester who could mend it. `unpaid_why` is
    "volunteer" or "session" where nothing can come of it. The charter's limits on how many are paid are told
    as numbers, for they depend on what else `by` reports.
    """

    assignment_id: int
    project_id: int
    title: str
    position: int
    may_report: bool
    unpaid_why: str
    floor_hourly_minor: int
    currency: str
    most_seconds: int
    most_minor: int
    least_seconds: int
    most_a_day: int


@dataclass(frozen=True, slots=True)
class ContestOfReport:
    """A contest of a report, as both sides read it."""

    state: str
    label: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    decision: str
    decided_at: datetime | None

    @classmethod
    def of(cls, contest: BrokenContest | None) -> "ContestOfReport | None":
        if contest is None:
            return None
        return cls(
            state=contest.state,
            label=str(CONTEST_WORDS[ContestState(contest.state)]),
            reason=contest.reason,
            opened_at=contest.opened_at,
            ends_at=contest.ends_at,
            decision=contest.decision,
            decided_at=contest.decided_at,
        )


@dataclass(frozen=True, slots=True)
class ReportSeen:
    """One report as its worker and its requester read it; amounts in minor units.

    `worker` is None for whoever reads their own; in a prototype round a requester reads `name` alone.
    `is_owed`: it is due, and reserve and balance lack it. `row_state` is what became of the row.
    """

    assignment_id: int
    name: str
    worker: WhoIs | None
    kind: str
    kind_said: str
    words: str
    reported_at: datetime
    elapsed_seconds: int
    paid_seconds: int
    floor_hourly_minor: int
    amount_minor: int
    currency: str
    pay: str
    unpaid_why: str
    unpaid_said: str
    due_at: datetime | None
    paid_at: datetime | None
    is_owed: bool
    may_contest: bool
    contest: ContestOfReport | None
    row_state: str
    row_words: str


@dataclass(frozen=True, slots=True)
class BrokenRowSeen:
    """A reported row with all that was said of it. `may_mend`: nobody has answered it as it is."""

    id: int
    task_id: int
    position: int
    key: str
    row: Mapping[str, Any]
    row_before: Mapping[str, Any] | None
    state: str
    state_said: str
    paused_at: datetime
    ended_at: datetime | None
    words: str
    may_decide: bool
    may_mend: bool
    reports: Sequence[ReportSeen]

    @property
    def is_named(self) -> bool:
        """Whether its requester gave it a key of its own, which is not just its number."""
        return self.key != str(self.position)

    @property
    def cells(self) -> Sequence[tuple[str, Any]]:
        """Each column with its value; in a template `row.items` would be a column of that name."""
        return list(self.row.items())

    @property
    def cells_before(self) -> Sequence[tuple[str, Any]]:
        """Each column with its value before it was mended; nothing of a row that was not."""
        return list((self.row_before or {}).items())


@dataclass(frozen=True, slots=True)
class BrokenPage:
    """A project's reported rows, newest first, and what their reports are paid (minor units)."""

    project_id: int
    currency: str
    is_volunteer: bool
    shows: str
    counts: Mapping[str, int]
    announced_minor: int
    contested_minor: int
    paid_minor: int
    rows: Sequence[BrokenRowSeen]
    next_cursor: int | None


def report_offer(assignment_id: int, *, by: Person, at: datetime) -> ReportOffer:
    """Return what reporting an assignment of `by` as broken would mean.

    Raises:
        AssignmentNotFound: there is none of `by`.
    """
    assignment = own_assignment(assignment_id, by=by)
    project, revision = Project.objects.get(pk=assignment.project_id), assignment.revision
    in_hand = assignment.state == AssignmentState.HELD and assignment.lease_until > at
    floor = in_force(FLOOR, at=at, scope=Scope(country=by.country, status=by.working_status))
    most = min(revision.lease_seconds, revision.expected_seconds + break_seconds(project, revision, at=at))
    unpaid = ""
    if project.kind != ProjectKind.PAID:
        unpaid = UnpaidWhy.VOLUNTEER
    elif assignment.session_id is not None:
        unpaid = UnpaidWhy.SESSION
    return ReportOffer(
        assignment_id=assignment.pk,
        project_id=project.pk,
        title=project.title,
        position=assignment.task.position,
        may_report=in_hand and not project.fund,
        unpaid_why=str(unpaid),
        floor_hourly_minor=floor,
        currency=project.currency,
        most_seconds=most,
        most_minor=hours_minor(seconds=most, hourly_minor=floor),
        least_seconds=in_force("broken.least_seconds", at=at),
        most_a_day=in_force("broken.most_a_day", at=at),
    )


def own_report(assignment: Assignment, *, at: datetime) -> ReportSeen | None:
    """Return what its worker reported of an assignment, if they did."""
    if assignment.state != AssignmentState.BROKEN:
        return None
    return _report(_reports().get(pk=assignment.pk), None, at=at)


def broken_page(
    project_id: int,
    *,
    by: Person,
    at: datetime,
    shows: str = RowState.PAUSED,
    before_id: int | None = None,
    most: int = ROWS_A_PAGE,
) -> BrokenPage:
    """Return a page of the reported rows of a project of `by` that are in a state, or of "all".

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = BrokenRow.objects.filter(project=project)
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    shows = shows if shows in RowState.values else "all"
    if shows != "all":
        rows = rows.filter(state=shows)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("task").order_by("-pk")[: most + 1])
    paid = BrokenReport.objects.filter(project=project).values_list("pay")
    sums = dict(paid.annotate(total=Sum("amount_minor")))
    return BrokenPage(
        project_id=project.pk,
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        shows=str(shows),
        counts={**{state: counts.get(state, 0) for state in RowState.values}, "all": sum(counts.values())},
        announced_minor=sums.get(ReportPay.ANNOUNCED, 0),
        contested_minor=sums.get(ReportPay.CONTESTED, 0),
        paid_minor=sums.get(ReportPay.PAID, 0),
        rows=_rows(project, found[:most], at=at),
        next_cursor=found[most - 1].pk if len(found) > most else None,
    )


def broken_row(project_id: int, row_id: int, *, by: Person, at: datetime) -> BrokenRowSeen:
    """Return one reported row of a project of `by`.

    Raises:
        ProjectNotFound: there is none of `by`. BrokenRowNotFound: it has no such row.
    """
    project = own_project(project_id, by=by)
    found = BrokenRow.objects.filter(project=project, pk=row_id).select_related("task").first()
    if found is None:
        raise BrokenRowNotFound(_("This project has no such reported row."))
    return _rows(project, [found], at=at)[0]


def report_in(project_id: int, assignment_id: int, *, by: Person, at: datetime) -> ReportSeen:
    """Return one report of a task in a project of `by`.

    Raises:
        ProjectNotFound: there is none of `by`. BrokenReportNotFound: it has no such report.
    """
    project = own_project(project_id, by=by)
    found = _reports().filter(project=project, pk=assignment_id).first()
    if found is None:
        raise BrokenReportNotFound(_("There is no such report of a broken task."))
    return _report(found, who_are([found.worker_id])[found.worker_id], at=at)


def _reports() -> Any:
    return BrokenReport.objects.select_related("assignment", "project", "row", "contest")


def _rows(project: Project, rows: Sequence[BrokenRow], *, at: datetime) -> list[BrokenRowSeen]:
    of_these = list(_reports().filter(row__in=rows).order_by("pk"))
    workers = who_are({one.worker_id for one in of_these})
    tasks = [row.task_id for row in rows]
    answered = set(
        Assignment.objects.filter(task__in=tasks, state__in=COUNTS_AS_DONE).values_list("task_id", flat=True)
    )
    is_over = project.state == ProjectState.CLOSED
    return [
        BrokenRowSeen(
            id=row.pk,
            task_id=row.task_id,
            position=row.task.position,
            key=row.task.key,
            row=row.task.row,
            row_before=row.row_before,
            state=row.state,
            state_said=str(RowState(row.state).label),
            paused_at=row.paused_at,
            ended_at=row.ended_at,
            words=row.words,
            may_decide=row.state == RowState.PAUSED and not is_over,
            may_mend=row.state == RowState.PAUSED and not is_over and row.task_id not in answered,
            reports=[_report(one, workers[one.worker_id], at=at) for one in of_these if one.row_id == row.pk],
        )
        for row in rows
    ]


def _report(report: BrokenReport, worker: WhoIs | None, *, at: datetime) -> ReportSeen:
    contest = ContestOfReport.of(getattr(report, "contest", None))
    round_id = report.assignment.round_id
    name = "" if worker is None else worker.screen_name
    if round_id is not None and worker is not None:  # its workers are not named to who tries a design
        name, worker = name_in_round(round_id=round_id, worker_id=report.worker_id), None
    waits = report.pay == ReportPay.ANNOUNCED and report.due_at is not None
    return ReportSeen(
        assignment_id=report.pk,
        name=name,
        worker=worker,
        kind=report.kind,
        kind_said=str(BrokenKind(report.kind).label),
        words=report.words,
        reported_at=report.reported_at,
        elapsed_seconds=report.elapsed_seconds,
        paid_seconds=report.paid_seconds,
        floor_hourly_minor=report.floor_hourly_minor,
        amount_minor=report.amount_minor,
        currency=report.project.currency,
        pay=report.pay,
        unpaid_why=report.unpaid_why,
        unpaid_said=str(UnpaidWhy(report.unpaid_why).label) if report.unpaid_why else "",
        due_at=report.due_at,
        paid_at=report.paid_at,
        is_owed=waits and report.due_at is not None and report.due_at <= at,
        may_contest=waits and contest is None and report.due_at is not None and report.due_at > at,
        contest=contest,
        row_state=report.row.state,
        row_words=report.row.words,
    )
