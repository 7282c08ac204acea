"""What tests of work by the hour are about: a project that pays for time, and sessions in it."""

from datetime import datetime, timedelta
from typing import Any

from tests.builders import NOON, a_draft

from canut.people.models import Person
from canut.work.models import Project, Revision, WorkSession
from canut.work.usecases.open_session import open_session
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.take_break import note_seen

HOUR, MINUTE = 3600, 60


def an_hourly_draft(
    *, owner: Person, hourly_minor: int = 1800, hours: float = 10, most_hours: float = 2, **details: Any
) -> Project:
    draft = a_draft(owner=owner, reward_minor=0, pay_basis="hour", **details)
    Revision.objects.filter(project=draft).update(
        hourly_minor=hourly_minor,
        hours_seconds=int(hours * HOUR),
        session_most_seconds=int(most_hours * HOUR),
    )
    return draft


def an_hourly_project(*, owner: Person, at: datetime = NOON, **details: Any) -> Project:
    """Return a live project that pays 18.00 EUR an hour for ten hours, unless told otherwise."""
    draft = an_hourly_draft(owner=owner, at=at, **details)
    return publish_project(project_id=draft.pk, by=owner, at=at)


def opened(*, worker: Person, project: Project, at: datetime = NOON) -> WorkSession:
    return open_session(project_id=project.pk, by=worker, at=at)


def seen_until(session: WorkSession, minutes: float) -> None:
    """Let the worker's page say every five minutes that they are there."""
    minute = (session.last_seen_at - NOON).total_seconds() / MINUTE
    while minute < minutes:
        minute = min(minute + 5, minutes)
        note_seen(session_id=session.pk, by=session.worker, at=later(minute))


def later(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)
