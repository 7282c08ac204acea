"""What a use case leaves for after its commit: a named job, written in the same transaction.

The job is a row (procrastinate), so it exists exactly if the change does. `canut.jobs` maps names to
functions; a test holds the names used here and the names known there equal.
"""

from typing import Any

from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

# Always Django's own connection: in the job runner, procrastinate's app has one beside it, and a job
# that is deferred there would neither wait for the commit nor vanish with a rollback.
_jobs = JobManager(DjangoConnector())


def later(name: str, **arguments: Any) -> None:
    """Ask for the job `name` to run after this transaction has committed.

    `arguments` are JSON values: ids, not objects. Running twice must be safe, as a runner may die
    after the work and before its note of it.
    """
    configure_task(name=name, job_manager=_jobs).defer(**arguments)


def later_in(seconds: int, name: str, **arguments: Any) -> None:
    """Ask for the job `name` to run no sooner than so many seconds from now. Otherwise as `later`."""
    configure_task(name=name, job_manager=_jobs, schedule_in={"seconds": seconds}).defer(**arguments)
