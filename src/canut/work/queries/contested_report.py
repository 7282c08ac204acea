"""A contested report of a broken task, for the room that hears it; no name is in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from canut.work.designs.schema import shown_columns
from canut.work.models import Assignment, BrokenContest, BrokenReport, BrokenRow
from canut.work.queries.near import near_to
from canut.work.states import BrokenKind, RowState
from canut.work.validators import design_of


@dataclass(frozen=True, slots=True)
class ContestedReport:
    """What peers see of a contest, and whom it concerns; amounts in minor units.

    `shown` is what the task showed of its row when it was reported; `asked` are its questions; `language` is
    what workers of the project need, empty if none.
    """

    state: str
    title: str
    language: str
    project_id: int
    row_id: int
    worker_id: int
    requester_id: int
    currency: str
    kind_said: str
    words: str
    shown: Mapping[str, Any]
    asked: Sequence[str]
    elapsed_seconds: int
    expected_seconds: int
    amount_minor: int
    reason: str
    ends_at: datetime


def report_contests_against(worker_id: int) -> "QuerySet[Any, Any]":
    """Return the reports of a worker that were contested, as a query to run where it is used."""
    return BrokenContest.objects.filter(report__worker_id=worker_id).values("report_id")


def contested_report(assignment_id: int) -> ContestedReport:
    """Return a contest of a report by the assignment that it is about."""
    rows = BrokenReport.objects.select_related("project", "contest", "row", "assignment__revision")
    report = rows.select_related("assignment__task").get(pk=assignment_id)
    design = design_of(report.assignment.revision_id)
    mended = BrokenRow.objects.filter(task_id=report.task_id, pk__gte=report.row_id, state=RowState.MENDED)
    before = mended.order_by("pk").values_list("row_before", flat=True).first()
    row = report.assignment.task.row if before is None else before
    return ContestedReport(
        state=report.contest.state,
        title=report.project.title,
        language=report.project.language,
        project_id=report.project_id,
        row_id=report.row_id,
        worker_id=report.worker_id,
        requester_id=report.project.owner_id,
        currency=report.project.currency,
        kind_said=str(BrokenKind(report.kind).label),
        words=report.words,
        shown=shown_columns(design, row),
        asked=[question.label for question in design.questions],
        elapsed_seconds=report.elapsed_seconds,
        expected_seconds=report.assignment.revision.expected_seconds,
        amount_minor=report.amount_minor,
        reason=report.contest.reason,
        ends_at=report.contest.ends_at,
    )


def who_had_a_part_in_report(assignment_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge a contest: both sides, who has a tie to one of them, and who took the task."""
    report = BrokenReport.objects.select_related("project").get(pk=assignment_id)
    return {
        report.worker_id,
        report.project.owner_id,
        *Assignment.objects.filter(task_id=report.task_id).values_list("worker", flat=True).distinct(),
        *near_to(report.worker_id, at=at),
        *near_to(report.project.owner_id, at=at),
    }
