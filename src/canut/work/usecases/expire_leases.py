"""Leases that ran out: the place opens again for others within the minute."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person
from canut.work.models import Assignment
from canut.work.states import AssignmentState
from canut.work.usecases.reopen_places import reopen_places


@transaction.atomic
def expire_leases(*, at: datetime, most: int = 500) -> int:
    """Expire up to `most` assignments whose lease has run out and return how many they were.

    Drafts are kept, so that the worker who takes the task again goes on where they were. Running
    this on two nodes at once is safe: each takes rows the other has not locked.
    """
    overdue = Assignment.objects.filter(state=AssignmentState.HELD, lease_until__lte=at).order_by(
        "lease_until"
    )
    return _expire(list(overdue.select_for_update(no_key=True, skip_locked=True)[:most]), at=at)


@transaction.atomic
def expire_leases_of(worker: Person, *, at: datetime) -> int:
    """Expire this worker's own overdue assignments, so that they need not wait for the minute's sweep."""
    overdue = Assignment.objects.filter(worker=worker, state=AssignmentState.HELD, lease_until__lte=at)
    return _expire(list(overdue.select_for_update(no_key=True)), at=at)


def _expire(overdue: list[Assignment], *, at: datetime) -> int:
    for assignment in overdue:
        assignment.state, assignment.ended_at = AssignmentState.EXPIRED, at
        assignment.save(update_fields=["state", "ended_at"])
        record(None, "assignment.expired", assignment, at=at, project_id=assignment.project_id)
    reopen_places([assignment.pk for assignment in overdue])
    return len(overdue)
