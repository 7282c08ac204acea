"""Accepted work, and the answers that count, for rooms that judge work by other work."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Max

from canut.work.models import Assignment, Submission
from canut.work.states import AssignmentState


@dataclass(frozen=True, slots=True)
class Accepted:
    """An answer that its requester approved, as it was handed in last."""

    task_id: int
    task_key: str
    assignment_id: int
    submission_id: int
    worker_id: int


@dataclass(frozen=True, slots=True)
class Given:
    """An answer to a task that counts: it is approved, or nobody has decided on it yet."""

    task_id: int
    submission_id: int
    answer: Mapping[str, Any]
    submitted_at: datetime


def accepted_work(project_id: int, *, task_ids: Collection[int] | None = None) -> list[Accepted]:
    """Return the approved answers of a project, or of some of its tasks, in the order of the tasks."""
    rows = Submission.objects.filter(
        project_id=project_id,
        assignment__project_id=project_id,
        assignment__state=AssignmentState.APPROVED,
        attempt=F("assignment__attempt"),
    )
    if task_ids is not None:
        rows = rows.filter(assignment__task_id__in=task_ids)
    found = rows.order_by("assignment__task__position", "assignment__task_id", "pk").values_list(
        "assignment__task_id", "assignment__task__key", "assignment_id", "pk", "assignment__worker_id"
    )
    return [Accepted(*one) for one in found]


def accepted_workers(project_id: int) -> list[int]:
    """Return who has accepted work in a project, those first who handed something in last."""
    done = Assignment.objects.filter(project_id=project_id, state=AssignmentState.APPROVED)
    last = done.values("worker_id").annotate(last=Max("submitted_at"))
    return [one["worker_id"] for one in last.order_by("-last", "worker_id")]


def given_answers(task_ids: Collection[int]) -> list[Given]:
    """Return the answers to these tasks that count, in the order in which they were handed in."""
    rows = Submission.objects.filter(
        assignment__task_id__in=task_ids,
        assignment__state__in=[AssignmentState.SUBMITTED, AssignmentState.APPROVED],
        attempt=F("assignment__attempt"),
    )
    found = rows.order_by("submitted_at", "pk").values_list(
        "assignment__task_id", "pk", "answer", "submitted_at"
    )
    return [Given(*one) for one in found]
