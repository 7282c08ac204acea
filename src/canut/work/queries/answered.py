"""Work that was handed in, as programs read it: the answer as it is stored, and where it came from.

`finished` is for a program that follows results. It goes by the decision that approved the work:
approvals of a project are made one transaction after the other, under the lock of the project's row,
so their ids are in the order of their commits. Whatever a reader has seen, nothing can come in
before it, and approved work is never anything else again: from any id on, none is missed and none
comes twice.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.work.access import own_project
from canut.work.designs.pairwise import sides_swapped
from canut.work.hot.statements import Next
from canut.work.models import Assignment, Decision, Submission
from canut.work.queries.shown_work import submissions_shown, with_works, works_for_judge
from canut.work.refusals import AssignmentNotFound, SubmissionNotFound
from canut.work.states import Outcome
from canut.work.validators import design_of

FINISHING = (Outcome.APPROVED, Outcome.OVERTURNED)
"""The outcomes after which work is approved for good."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What was decided about a submission; `ground` is the code of one of the published grounds."""

    outcome: str
    at: datetime
    automatic: bool
    ground: str
    evidence: str
    reason: str
    rework_minor: int


@dataclass(frozen=True, slots=True)
class Answered:
    """One submission with its provenance. `state` is the assignment's, which the latest attempt decides.

    The answer is in the terms of the design's columns, whichever side they were shown on;
    `sides_swapped` tells the order in which this worker saw two sides. `worker` is None in work of a
    prototype round: its workers are not named. `shows` holds, by their numbers, the submissions that it
    showed to be judged, of the same owner's projects.
    """

    submission_id: int
    assignment_id: int
    project_id: int
    task_id: int
    task_key: str
    row: Mapping[str, Any]
    revision_id: int
    worker: WhoIs | None
    state: str
    attempt: int
    is_latest: bool
    answer: Mapping[str, Any]
    sides_swapped: bool
    active_seconds: int | None
    currency: str
    reward_minor: int
    taken_at: datetime
    submitted_at: datetime
    rulings: Sequence[Ruled]
    shows: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Finished:
    """Approved work, and the decision that made it so: what a follower goes on from."""

    decision_id: int
    decided_at: datetime
    work: Answered


def submissions(
    project_id: int,
    *,
    by: Person,
    state: str = "",
    worker_id: int | None = None,
    after_id: int = 0,
    most: int,
) -> Sequence[Answered]:
    """Return submissions to a project of `by`, in the order of their ids, after the submission `after_id`.

    `state` gives only the latest attempts of assignments in that state.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    rows = Submission.objects.filter(project=own_project(project_id, by=by), pk__gt=after_id)
    if state:
        rows = rows.filter(assignment__state=state, attempt=F("assignment__attempt"))
    if worker_id is not None:
        rows = rows.filter(assignment__worker_id=worker_id, assignment__round=None)
    return _answered(_with_all(rows).order_by("pk")[:most])


def submission(submission_id: int, *, by: Person) -> Answered:
    """Return one submission to a project of `by`.

    Raises:
        SubmissionNotFound: there is none.
    """
    found = _with_all(Submission.objects.filter(pk=submission_id, project__owner_id=by.pk))
    if not found:
        raise SubmissionNotFound(_("There is no such submission to a project of yours."))
    return _answered(found)[0]


def submissions_of(assignment_id: int) -> Sequence[Answered]:
    """Return what was handed in for an assignment whose reader's right to it was checked, in order."""
    return _answered(_with_all(Submission.objects.filter(assignment_id=assignment_id)).order_by("attempt"))


def currency_of_assignment(assignment_id: int, *, by: Person) -> str:
    """Return the currency in which an assignment of a project of `by` is paid.

    Raises:
        AssignmentNotFound: there is none in a project of `by`.
    """
    found = Assignment.objects.filter(pk=assignment_id, project__owner_id=by.pk)
    currency = found.values_list("project__currency", flat=True).first()
    if currency is None:
        raise AssignmentNotFound(_("There is no such assignment in a project of yours."))
    return currency


def taken_along(assignment: Assignment) -> Next:
    """Return an assignment as the hot statement gives the next one, its row in the database's own text.

    With it comes the work of others that it shows; the hot statement knows of none (`Validator.needs_twin`).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT shown::text FROM work_task WHERE id = %s", [assignment.task_id])
        (shown,) = cursor.fetchone()
    if works := works_for_judge(assignment):
        shown = json.dumps(with_works(json.loads(shown), works))
    return Next(
        assignment_id=assignment.pk,
        task_id=assignment.task_id,
        revision_id=assignment.revision_id,
        seed=assignment.seed,
        reward_minor=assignment.reward_minor,
        taken_at=assignment.taken_at,
        lease_until=assignment.lease_until,
        shown=shown,
    )


def finished(project_id: int, *, by: Person, after_id: int = 0, most: int) -> Sequence[Finished]:
    """Return approved work of a project of `by`, in the order of its approval, after the decision `after_id`.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = Decision.objects.filter(project=project, outcome__in=FINISHING, pk__gt=after_id).order_by("pk")
    decisions = list(rows[:most])
    found = _with_all(Submission.objects.filter(pk__in=[decision.submission_id for decision in decisions]))
    by_id = {work.submission_id: work for work in _answered(found)}
    return [
        Finished(decision.pk, decision.decided_at, by_id[decision.submission_id]) for decision in decisions
    ]


def _with_all(rows: "QuerySet[Submission]") -> "QuerySet[Submission]":
    whole = rows.select_related("assignment", "assignment__task", "project")
    return whole.prefetch_related("decisions")


def _answered(rows: Iterable[Submission]) -> list[Answered]:
    rows = list(rows)
    workers = who_are({row.assignment.worker_id for row in rows})
    judging = {row.assignment.task_id for row in rows if design_of(row.assignment.revision_id).works}
    shown = submissions_shown(judging) if judging else {}
    return [
        _one(row, workers[row.assignment.worker_id], shown.get(row.assignment.task_id, {})) for row in rows
    ]


def _one(row: Submission, worker: WhoIs, shows: Mapping[int, int]) -> Answered:
    assignment = row.assignment
    return Answered(
        submission_id=row.pk,
        assignment_id=assignment.pk,
        project_id=row.project_id,
        task_id=assignment.task_id,
        task_key=assignment.task.key,
        row=assignment.task.row,
        revision_id=assignment.revision_id,
        worker=None if assignment.round_id else worker,
        state=assignment.state,
        attempt=row.attempt,
        is_latest=row.attempt == assignment.attempt,
        answer=row.answer,
        sides_swapped=sides_swapped(assignment.seed),
        active_seconds=row.active_seconds,
        currency=row.project.currency,
        reward_minor=assignment.reward_minor,
        taken_at=assignment.taken_at,
        submitted_at=row.submitted_at,
        rulings=[_ruled(decision) for decision in sorted(row.decisions.all(), key=lambda one: one.pk)],
        shows=shows,
    )


def _ruled(decision: Decision) -> Ruled:
    return Ruled(
        outcome=decision.outcome,
        at=decision.decided_at,
        automatic=decision.automatic,
        ground=decision.ground,
        evidence=decision.evidence,
        reason=decision.reason,
        rework_minor=decision.rework_minor,
    )
