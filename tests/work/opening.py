"""A project that opens step by step, with workers its requester has rated."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.builders import NOON, a_project, a_submission, a_worker

from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.rate_worker import rate_worker

LATER = NOON + timedelta(hours=1)
BEAT = timedelta(minutes=5)


def rated_workers(requester: Person, values: Sequence[int | str], *, at: datetime = NOON) -> list[Person]:
    """Return workers who have each done one task for the requester, and what they were rated for it."""
    before = a_project(owner=requester, rows=1, answers=max(1, len(values)), at=at)
    found = []
    for value in values:
        worker = a_worker(password=None, at=at)
        done = a_submission(worker=worker, project=before, at=at)
        rate_worker(submission_id=done.pk, by=requester, value=Decimal(value), at=at)
        found.append(worker)
    return found


def a_cascade(requester: Person, *, policy: str = "ladder", at: datetime = LATER, **details: Any) -> Project:
    """Return a project that has just begun to open; where nobody is rated best, it falls at once."""
    given = {"rows": 10, "answers": 2} | details
    project = a_project(owner=requester, at=at, cascade_policy=policy, **given)
    project.refresh_from_db()
    return project
