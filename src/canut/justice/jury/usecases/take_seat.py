"""Somebody who was drawn takes the task by which they decide."""

from datetime import datetime

from canut.justice.jury.access import own_jury_seat
from canut.people.models import Person
from canut.work.models import Assignment
from canut.work.usecases.take_task import take_task


def take_seat(*, seat_id: int, by: Person, at: datetime) -> Assignment:
    """Take the task of a seat of one's own and return the assignment; who holds it gets that same one.

    The seat counts as accepted as soon as that is read.

    Raises:
        JurySeatNotFound: there is none of `by`. Else what `take_task` raises.
    """
    seat = own_jury_seat(seat_id, by=by)
    return take_task(by=by, project_id=seat.task.project_id, task_id=seat.task_id, at=at)
