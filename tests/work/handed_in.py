"""Many answers put straight into the tables, as they stand after a crowd has worked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from tests.builders import NOON, a_draft

from canut.people.models import Kind, Party, Person
from canut.work.models import Assignment, Place, Project, Revision, Submission, Task
from canut.work.states import PlaceState

WEATHER_DESIGN: dict[str, Any] = {
    "version": 1,
    "instructions": "Which class is the tweet in?",
    "items": [
        {"type": "text", "text": "Tweet {{task}}"},
        {
            "type": "single_choice",
            "name": "class",
            "label": "Which class?",
            "options": [{"value": str(code), "label": f"Class {code}"} for code in range(5)],
        },
    ],
}

PAIRS_DESIGN: dict[str, Any] = {
    "version": 1,
    "instructions": "Which answer is better?",
    "items": [
        {
            "type": "pairwise",
            "name": "better",
            "label": "Which is better?",
            "prompt": "{{prompt}}",
            "a": "{{left_output}}",
            "b": "{{right_output}}",
            "ties": True,
        },
    ],
}


def some_workers(names: Iterable[str]) -> dict[str, Person]:
    """Return a worker for each name, made by two statements."""
    names = list(dict.fromkeys(names))
    parties = Party.objects.bulk_create(
        Party(kind=Kind.PERSON, screen_name=f"worker {name}"[:30], simulated=True, created_at=NOON)
        for name in names
    )
    people = Person.objects.bulk_create(
        Person(
            id=party.pk,
            party=party,
            username=f"worker-{name}".lower(),
            email=f"worker-{name}@example.org".lower(),
            password="!",
            is_worker=True,
            country="FR",
            working_status="self_employed",
            languages=["en"],
            age_confirmed_at=NOON,
            date_joined=NOON,
        )
        for name, party in zip(names, parties, strict=True)
    )
    return dict(zip(names, people, strict=True))


def a_worked_project(
    *,
    owner: Person,
    design: dict[str, Any],
    rows: Sequence[dict[str, Any]],
    key: str,
    answers: Iterable[tuple[str, str, dict[str, Any], int | None]],
    states: dict[int, str] | None = None,
    at: datetime = NOON,
    **details: Any,
) -> Project:
    """Return a live volunteer project with (worker, row's key, answer, seconds) handed in.

    All are submitted but for those whose place in `answers` stands in `states`. A worker's second
    answer to a task is left out, for it would be refused.
    """
    project = a_draft(owner=owner, design=design, rows=rows, kind="volunteer", at=at, **details)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE work_task SET key = row ->> %s WHERE project_id = %s", [key, project.pk])
    Revision.objects.filter(project=project).update(published_at=at, paid_upto=len(rows))
    Project.objects.filter(pk=project.pk).update(state="live", published_at=at)
    once = {(worker, task): (answer, seconds) for worker, task, answer, seconds in reversed(list(answers))}
    given = [(*who, *what) for who, what in reversed(once.items())]
    _put(project, given, states or {}, at)
    return Project.objects.get(pk=project.pk)


def _put(project: Project, given: Sequence[Any], states: dict[int, str], at: datetime) -> None:
    task_of = {task.key: task for task in Task.objects.filter(project=project)}
    worker_of = some_workers(worker for worker, *_ in given)
    numbers: dict[str, int] = {}
    places, assignments = [], []
    for number, (worker, key, _answer, _seconds) in enumerate(given):
        numbers[key] = numbers.get(key, 0) + 1
        task, state = task_of[key], states.get(number, "submitted")
        taken_at = at + timedelta(seconds=number)
        places.append(Place(project=project, task=task, number=numbers[key], state=PlaceState.TAKEN))
        assignments.append(
            Assignment(
                project=project,
                revision_id=task.revision_id,
                task=task,
                place_number=numbers[key],
                worker=worker_of[worker],
                state=state,
                attempt=2 if state == "rejected" else 1,
                seed=number,
                reward_minor=0,
                taken_at=taken_at,
                lease_until=taken_at + timedelta(minutes=10),
                submitted_at=taken_at + timedelta(minutes=1),
                ended_at=taken_at + timedelta(minutes=2) if state in ("approved", "rejected") else None,
            )
        )
    with connection.cursor() as cursor:  # the guard would have each begin in hand
        cursor.execute("SET LOCAL session_replication_role = replica")
    Place.objects.bulk_create(places, batch_size=5000)
    Assignment.objects.bulk_create(assignments, batch_size=5000)
    Submission.objects.bulk_create(
        (
            Submission(
                project=project,
                assignment=assignment,
                attempt=assignment.attempt,
                answer=answer,
                active_seconds=seconds,
                submitted_at=assignment.submitted_at,
            )
            for assignment, (_worker, _key, answer, seconds) in zip(assignments, given, strict=True)
        ),
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(
            "UPDATE work_task SET answers_wanted = greatest(1, (SELECT count(*) FROM work_place p"
            " WHERE p.task_id = work_task.id)) WHERE project_id = %s",
            [project.pk],
        )
