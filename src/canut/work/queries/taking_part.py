"""Who took part in a project, and its tasks by their numbers: for those who talk about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from canut.work.models import Assignment, Project, Task

LARGEST_POSITION = 2**31 - 1


@dataclass(frozen=True, slots=True)
class CitedTask:
    """A task as somebody who reads about it knows it.

    Everybody knows its number. Only the owner sees the key of its row, and only a worker their own
    assignment: nobody learns what others worked on.
    """

    number: int
    key: str
    assignment_id: int | None


def owner_of(project_id: int) -> int:
    """Return the number of the party that owns a project."""
    return Project.objects.values_list("owner_id", flat=True).get(pk=project_id)


def has_taken_part(worker_id: int, *, project_id: int) -> bool:
    """Tell whether somebody ever took a task of a project."""
    return Assignment.objects.filter(worker_id=worker_id, project_id=project_id).exists()


def task_of_number(project_id: int, number: int) -> int | None:
    """Return the id of the task with a number in a project, in the newest revision published with one."""
    if not 0 < number <= LARGEST_POSITION:
        return None
    rows = Task.objects.filter(
        project_id=project_id, position=number, revision__published_at__isnull=False
    ).order_by("-revision__number")
    return rows.values_list("pk", flat=True).first()


def same_row(task_id: int) -> Sequence[int]:
    """Return a task and those of earlier revisions whose row it asks anew, the latest first."""
    found = [task_id]
    while before := Task.objects.filter(renewed_by=found[-1]).values_list("pk", flat=True).first():
        found.append(before)
    return found


def cited_tasks(project_id: int, task_ids: Collection[int], *, reader_id: int) -> Mapping[int, CitedTask]:
    """Return these tasks of a project as `reader_id` knows them, by id."""
    is_own = Project.objects.filter(pk=project_id, owner_id=reader_id).exists()
    mine = dict(
        Assignment.objects.filter(worker_id=reader_id, task_id__in=task_ids)
        .order_by("pk")
        .values_list("task_id", "pk")
    )
    rows = Task.objects.filter(project_id=project_id, pk__in=task_ids).values_list("pk", "position", "key")
    return {pk: CitedTask(number, key if is_own else "", mine.get(pk)) for pk, number, key in rows}
