"""A requester's projects and their tasks, as their owner reads them through programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.work.access import latest_revision, own_project, projects_of
from canut.work.models import Project, Revision, Round, Task, Upload
from canut.work.queries.gates import last_round
from canut.work.refusals import TaskNotFound


@dataclass(frozen=True, slots=True)
class OwnProject:
    """A project with the revision that counts (a draft's own, else the newest) and its last round."""

    project: Project
    revision: Revision
    round: Round | None


def own_projects(
    *, by: Person, state: str = "", before_id: int | None = None, most: int
) -> Sequence[OwnProject]:
    """Return the projects of `by`, newest first, at most `most` of them before the project `before_id`."""
    rows = projects_of(by)
    if state:
        rows = rows.filter(state=state)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    projects = list(rows[:most])
    newest = (
        Revision.objects.filter(project__in=projects).order_by("project_id", "-number").distinct("project_id")
    )
    revisions = {revision.project_id: revision for revision in newest}
    last = Round.objects.filter(project__in=projects).order_by("project_id", "-pk").distinct("project_id")
    rounds = {one.project_id: one for one in last.select_related("revision")}
    return [OwnProject(project, revisions[project.pk], rounds.get(project.pk)) for project in projects]


def one_of_own(project_id: int, *, by: Person) -> OwnProject:
    """Return one project of `by`.

    Raises:
        ProjectNotFound: there is none, or it is somebody else's.
    """
    project = own_project(project_id, by=by)
    return OwnProject(project, latest_revision(project), last_round(project))


def own_tasks(
    project_id: int, *, by: Person, key: str | None = None, after_id: int = 0, most: int
) -> Sequence[Task]:
    """Return the tasks of a project of `by` with whole rows, oldest first, after the task `after_id`.

    `key` finds tasks by the requester's own name for the row.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = Task.objects.filter(project=project, pk__gt=after_id).select_related("revision")
    return list((rows if key is None else rows.filter(key=key)).order_by("pk")[:most])


def own_task(task_id: int, *, by: Person) -> Task:
    """Return one task of a project of `by`.

    Raises:
        TaskNotFound: there is none, or it is in somebody else's project.
    """
    found = Task.objects.filter(pk=task_id, project__owner_id=by.pk).first()
    if found is None:
        raise TaskNotFound(_("There is no such task in a project of yours."))
    return found


def own_uploads(project_id: int, *, by: Person, before_id: int | None = None, most: int) -> Sequence[Upload]:
    """Return the files of a project of `by`, newest first.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    rows = Upload.objects.filter(project=own_project(project_id, by=by))
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return list(rows.order_by("-pk")[:most])


def project_of_task(task_id: int) -> int:
    """Return the published project that a task is of, for a worker who has the task's address.

    Raises:
        TaskNotFound: there is none, or nobody may know of it yet.
    """
    found = Task.objects.filter(pk=task_id, project__published_at__isnull=False)
    project_id = found.values_list("project_id", flat=True).first()
    if project_id is None:
        raise TaskNotFound(_("There is no such task."))
    return project_id
