"""A duty's task that nobody has taken is needed no more: its place closes, and its money goes back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.work.models import Place, Task
from canut.work.refusals import TaskNotFound
from canut.work.states import PlaceState
from canut.work.usecases.add_duty import duty_to_change
from canut.work.usecases.give_back_free import give_back_free


@transaction.atomic
def withdraw_task(*, task_id: int, at: datetime) -> bool:
    """Close the open place of a duty's task and return whether nobody can hand it in from now on.

    False while somebody holds it, or if it was handed in: then nothing is done. Who takes it at this very
    moment either has it, or finds it gone. Twice is safe.

    Raises:
        TaskNotFound: no duty has such a task.
    """
    task = Task.objects.exclude(project__fund="").filter(pk=task_id).first()
    if task is None:
        raise TaskNotFound(_("There is no such task."))
    project = duty_to_change(task.project_id)
    places = Place.objects.filter(project=project, task=task)
    closed = places.filter(state__in=[PlaceState.OPEN, PlaceState.WAITING]).update(
        state=PlaceState.CLOSED, rank=None
    )
    if closed:
        record(None, "task.withdrawn", task, at=at, project_id=project.pk)
        give_back_free(project, at=at)
    return not places.exclude(state=PlaceState.CLOSED).exists()
