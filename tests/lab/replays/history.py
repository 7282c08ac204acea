"""A site with some weeks behind it, small and of every kind: what replays are tried on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F
from tests.builders import ANSWER, NOON, a_project, a_requester, a_worker
from tests.work.by_the_hour import an_hourly_project

from canut.people.models import Person
from canut.work.models import Project, Submission
from canut.work.usecases.approve_submission import approve_submissions
from canut.work.usecases.close_session import close_session
from canut.work.usecases.move_cascades import move_cascades
from canut.work.usecases.open_session import open_session
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.return_submission import return_submission
from canut.work.usecases.settle_design import settle_what_is_due
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

WORKERS, REQUESTERS, SETTLED = 22, 11, 3
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BEGAN = NOON - 20 * DAY
"""When its first work is handed in; a replay at noon looks further back than that."""


@dataclass
class History:
    """Who is in it, and what they did, oldest first."""

    workers: list[Person]
    requesters: list[Person]
    projects: list[Project]
    opening: Project
    hourly: Project


def a_history() -> History:
    """Return a site on which 22 workers worked for 11 requesters.

    Each requester had a project whose answers took longer than expected and were approved: twelve of each of
    the first three, which is enough to settle them, and six of the others, which waited a week for more. One
    answer was returned first. One project opened step by step to workers who had been rated, and one paid by
    the hour.
    """
    workers = [a_worker() for _each in range(WORKERS)]
    requesters = [a_requester() for _each in range(REQUESTERS)]
    projects = []
    for number, requester in enumerate(requesters):
        at, rows = BEGAN + number * HOUR, 4 if number < SETTLED else 2
        project = a_project(
            owner=requester, rows=rows, answers=3, reward_minor=50 + number, expected_seconds=120, at=at
        )
        projects.append(project)
        crew = [workers[(number * 5 + n) % WORKERS] for n in range(3)]
        submissions = [
            _done(worker, project, seconds=130 + 7 * turn, at=at + (turn * 3 + n + 1) * MINUTE)
            for turn in range(rows)
            for n, worker in enumerate(crew)
        ]
        if number == 0:
            _reworked(submissions[0], by=requester, at=at + 20 * MINUTE)
        _approved(project, requester, at=at + HOUR)
        settle_what_is_due(at=at + HOUR)
    opening, hourly = _opening(workers, requesters[0]), _hourly(workers[0], requesters[1])
    settle_what_is_due(at=BEGAN + 8 * DAY)
    return History(workers, requesters, projects, opening, hourly)


def _opening(workers: list[Person], owner: Person) -> Project:
    """Have the first requester rate some of the crew, and open another project to the best of them first."""
    rated = Submission.objects.filter(project__owner_id=owner.pk, attempt=1).order_by("pk")
    first: dict[int, Submission] = {}
    for submission in rated.select_related("assignment"):
        first.setdefault(submission.assignment.worker_id, submission)
    for value, submission in zip(("3", "3", "2", "1"), first.values(), strict=False):
        rate_worker(submission_id=submission.pk, by=owner, value=Decimal(value), at=BEGAN + 2 * DAY)
    at = BEGAN + 3 * DAY
    project = a_project(owner=owner, rows=30, at=at, cascade_policy="ladder")
    best, middling, last, stranger = *(workers[n] for n in (0, 2, 3)), workers[20]
    _done(best, project, seconds=100, at=at + MINUTE)
    move_cascades(at=at + 5 * MINUTE + timedelta(seconds=1))
    _done(middling, project, seconds=100, at=at + 6 * MINUTE)
    for minutes in (10, 15, 20):
        move_cascades(at=at + minutes * MINUTE + timedelta(seconds=1))
    for number, worker in enumerate((last, stranger, *workers[5:17])):
        _done(worker, project, seconds=100, at=at + (22 + number) * MINUTE)
    _approved(project, owner, at=at + DAY)
    settle_what_is_due(at=at + DAY)
    return project


def _hourly(worker: Person, owner: Person) -> Project:
    at = BEGAN + 5 * DAY
    project = an_hourly_project(owner=owner, hourly_minor=1600, at=at)
    session = open_session(project_id=project.pk, by=worker, at=at)
    close_session(session_id=session.pk, by=worker, at=at + 5 * MINUTE)
    return project


def _done(worker: Person, project: Project, *, seconds: int, at: datetime) -> Submission:
    held = take_task(by=worker, project_id=project.pk, at=at)
    return submit_answer(
        assignment_id=held.pk,
        by=worker,
        answer=ANSWER,
        active_seconds=seconds,
        at=at + timedelta(seconds=30),
    ).submission


def _reworked(submission: Submission, *, by: Person, at: datetime) -> None:
    return_submission(submission_id=submission.pk, by=by, reason="Look at the tail again.", at=at)
    submit_answer(
        assignment_id=submission.assignment_id,
        by=submission.assignment.worker,
        answer={"label": "dog"},
        active_seconds=60,
        at=at + MINUTE,
    )


def _approved(project: Project, by: Person, *, at: datetime) -> None:
    waiting = Submission.objects.filter(project=project, assignment__state="submitted")
    newest = waiting.filter(attempt=F("assignment__attempt")).order_by("pk")
    ids = list(newest.values_list("pk", flat=True))
    approve_submissions(project_id=project.pk, submission_ids=ids, by=by, at=at)
