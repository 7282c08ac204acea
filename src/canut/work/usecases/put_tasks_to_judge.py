"""Tasks about other work: each shows what is to be judged, and is for those alone who may judge it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max

from canut.work.designs.schema import read_design, shown_columns
from canut.work.models import Project, Revision, ShownWork, Task, TaskAudience, TaskBar, TaskOffer
from canut.work.states import ProjectState
from canut.work.usecases.blank_task import remove_blank_task


@dataclass(frozen=True, slots=True)
class ForStandings:
    """Whom else a task is for: whose standing on a scale lies from `least` to `most`, or above without one.

    Without `least` nobody else yet; the scale is the one on which it may widen.
    """

    scale: str
    scale_id: int
    least: Decimal | int | None = None
    most: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class ToJudge:
    """What one task is about: the submissions it shows, by their numbers from 1, and for whom it is."""

    key: str
    row: Mapping[str, Any]
    shows: Sequence[int]
    offered_to: Collection[int]
    barred: Collection[int]
    standings: ForStandings | None = None


def put_tasks_to_judge(
    project: Project, revision: Revision, tasks: Sequence[ToJudge], *, at: datetime
) -> list[Task]:
    """Give a project tasks that wait to be published or added, and return them in the order given.

    Each is for those it is offered to and those of the standings it names, never for the barred, and wants
    one answer. Rows must not be empty,
    for an empty one is a draft's blank. The project's row must be locked; whose it is, and whether the works
    shown may be shown, is the caller's question.
    """
    if project.state == ProjectState.DRAFT:
        remove_blank_task(revision)
    design = read_design(revision.design)
    last = Task.objects.filter(revision=revision).aggregate(last=Max("position"))["last"] or 0
    made = Task.objects.bulk_create(
        Task(
            project=project,
            revision=revision,
            position=last + number,
            key=one.key,
            row=dict(one.row),
            shown=shown_columns(design, one.row),
            answers_wanted=1,
        )
        for number, one in enumerate(tasks, start=1)
    )
    about = list(zip(made, tasks, strict=True))
    TaskAudience.objects.bulk_create(_audience(task, one.standings) for task, one in about)
    ShownWork.objects.bulk_create(
        ShownWork(task=task, number=number, submission_id=submission_id)
        for task, one in about
        for number, submission_id in enumerate(one.shows, start=1)
    )
    TaskOffer.objects.bulk_create(
        TaskOffer(task_id=task.pk, worker_id=worker_id, offered_at=at)
        for task, one in about
        for worker_id in one.offered_to
    )
    TaskBar.objects.bulk_create(
        TaskBar(task_id=task.pk, worker_id=worker_id) for task, one in about for worker_id in one.barred
    )
    return made


def _audience(task: Task, standings: ForStandings | None) -> TaskAudience:
    if standings is None:
        return TaskAudience(task=task)
    return TaskAudience(
        task=task,
        scale=standings.scale,
        scale_id=standings.scale_id,
        least=standings.least,
        most=standings.most,
    )
