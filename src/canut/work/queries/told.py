"""Whose projects and whose work something happened to, for rooms that tell people's programs of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from canut.work.models import Assignment, Project, Submission
from canut.work.queries.progress import progress
from canut.work.states import ProjectState


@dataclass(frozen=True, slots=True)
class About:
    """What an event is about, by the ids that both sides know, and who the two sides are."""

    owner_id: int
    worker_id: int
    project_id: int
    task_id: int
    assignment_id: int
    submission_id: int | None


def about_assignments(ids: Collection[int]) -> Mapping[int, About]:
    """Return what assignments are about; the submission is the last one handed in, if there is any."""
    last = {
        found["assignment_id"]: found["id"]
        for found in Submission.objects.filter(assignment_id__in=ids)
        .order_by("attempt")
        .values("assignment_id", "id")
    }
    rows = Assignment.objects.filter(pk__in=ids).values(
        "id", "project_id", "project__owner_id", "worker_id", "task_id"
    )
    return {
        row["id"]: About(
            owner_id=row["project__owner_id"],
            worker_id=row["worker_id"],
            project_id=row["project_id"],
            task_id=row["task_id"],
            assignment_id=row["id"],
            submission_id=last.get(row["id"]),
        )
        for row in rows
    }


def about_submissions(ids: Collection[int]) -> Mapping[int, About]:
    """Return what submissions are about."""
    rows = Submission.objects.filter(pk__in=ids).values(
        "id",
        "assignment_id",
        "project_id",
        "project__owner_id",
        "assignment__worker_id",
        "assignment__task_id",
    )
    return {
        row["id"]: About(
            owner_id=row["project__owner_id"],
            worker_id=row["assignment__worker_id"],
            project_id=row["project_id"],
            task_id=row["assignment__task_id"],
            assignment_id=row["assignment_id"],
            submission_id=row["id"],
        )
        for row in rows
    }


def owners_of(project_ids: Collection[int]) -> Mapping[int, int]:
    """Return who owns projects, by the projects' ids."""
    return dict(Project.objects.filter(pk__in=project_ids).values_list("pk", "owner_id"))


def is_done(project_id: int) -> bool:
    """Tell whether nothing of a project is left to do or to decide, and nothing waits for an appeal."""
    found = progress(Project.objects.get(pk=project_id))
    if found.state == ProjectState.CLOSED:
        return found.in_hand + found.to_decide + found.returned + found.rejected == 0
    return found.is_complete and not found.rows_waiting


def was_taken_since(project_id: int, *, since: datetime) -> bool:
    """Tell whether somebody has taken a task of a project since a moment."""
    return Assignment.objects.filter(project_id=project_id, taken_at__gte=since).exists()
