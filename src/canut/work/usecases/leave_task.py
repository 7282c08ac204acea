"""Putting a task back unfinished: skipping it for another, or giving it back. Neither has a consequence."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.models import Assignment, Draft
from canut.work.states import AssignmentState
from canut.work.usecases.reopen_places import reopen_places


class NotInHand(Refusal):
    code = "not_in_hand"


@transaction.atomic
def skip_task(*, assignment_id: int, by: Person, at: datetime) -> Assignment:
    """Put a task back and be offered it again only when nothing else of the project remains.

    Skipping twice is safe. Its place is open to others at once; no standing changes (MECHANISMS 1.11).

    Raises:
        AssignmentNotFound: there is none of `by`.
        NotInHand: it was handed in, or it came back for rework, which cannot be skipped.
    """
    return _leave(assignment_id, by=by, at=at, to=AssignmentState.SKIPPED)


@transaction.atomic
def give_back_task(*, assignment_id: int, by: Person, at: datetime) -> Assignment:
    """Put a task back; it may be taken again later. Otherwise as `skip_task`."""
    return _leave(assignment_id, by=by, at=at, to=AssignmentState.GIVEN_BACK)


def _leave(assignment_id: int, *, by: Person, at: datetime, to: AssignmentState) -> Assignment:
    assignment = own_assignment(assignment_id, by=by, lock=True)
    if assignment.state in (to, AssignmentState.EXPIRED):
        return assignment
    if assignment.state != AssignmentState.HELD:
        raise NotInHand(
            _("This task is not in your hands any more, so there is nothing to put back."),
            state=assignment.state,
        )
    assignment.state, assignment.ended_at = to, at
    assignment.save(update_fields=["state", "ended_at"])
    Draft.objects.filter(assignment=assignment).delete()
    reopen_places([assignment.pk])
    record(by, f"assignment.{to}", assignment, at=at, project_id=assignment.project_id)
    return assignment
