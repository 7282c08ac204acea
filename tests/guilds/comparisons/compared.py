"""Projects whose accepted answers can be compared, and people who compare them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON, a_project, a_submission, a_worker

from canut.guilds.comparisons.models import Pair
from canut.guilds.comparisons.usecases.ask_comparison import Asked, ask_comparison
from canut.people.models import Person
from canut.work.models import Project, Submission
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

LATER = NOON + timedelta(hours=1)


def accepted(
    owner: Person, workers: Sequence[Person], *, rows: int = 1, at: datetime = NOON, **details: Any
) -> Project:
    """Return a project to each of whose tasks each of these workers has an approved answer."""
    project = a_project(owner=owner, at=at, **{"rows": rows, "answers": len(workers), **details})
    for worker in workers:
        for _row in range(rows):
            done = a_submission(worker=worker, project=project, at=at)
            approve_submission(submission_id=done.pk, by=owner, at=at + timedelta(minutes=2))
    return project


def a_crowd(count: int) -> list[Person]:
    return [a_worker() for _each in range(count)]


def judged(pair: Pair, said: str, *, by: Person, at: datetime = LATER) -> Submission:
    """Have somebody say which of a pair is better."""
    assignment = take_task(by=by, project_id=pair.task.project_id, task_id=pair.task_id, at=at)
    return submit_answer(
        assignment_id=assignment.pk, by=by, answer={"better": said}, active_seconds=30, at=at
    ).submission


def authors(pair: Pair) -> set[int]:
    return {pair.first.assignment.worker_id, pair.second.assignment.worker_id}


def who_may(pair: Pair, workers: Sequence[Person]) -> Person:
    return next(worker for worker in workers if worker.pk not in authors(pair))


def asked(
    project: Project, *, by: Person | None = None, round_number: int = 1, at: datetime = LATER, **details: Any
) -> Asked:
    """Have work of a project compared, by its owner if nobody else is named."""
    asker = by or Person.objects.get(pk=project.owner_id)
    return ask_comparison(project_id=project.pk, by=asker, round_number=round_number, at=at, **details)


def pairs_of(project: Project) -> list[Pair]:
    rows = Pair.objects.filter(comparison__project=project).select_related(
        "comparison", "task__project", "first__assignment", "second__assignment"
    )
    return list(rows.order_by("pk"))
