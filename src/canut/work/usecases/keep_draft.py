"""Keeping what a worker has filled in so far."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.models import Draft
from canut.work.states import IN_HAND, AssignmentState
from canut.work.usecases.leave_task import NotInHand


@transaction.atomic
def keep_draft(
    *,
    assignment_id: int,
    by: Person,
    answer: dict[str, Any],
    at: datetime,
    feedback: Mapping[str, str] | None = None,
) -> Draft:
    """Keep an unfinished answer, replacing the one kept before.

    It is kept also when the lease has run out: whoever takes the task again goes on from there.
    `answer` need not be complete or right, only what `designs.answers.draft_of` returns. `feedback` is what
    was typed of the design in a prototype round, `verdict` and `unclear`; without it, what was kept stays.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NotInHand: it was handed in or put back; there is nothing to fill in.
    """
    assignment = own_assignment(assignment_id, by=by, lock=True)
    if assignment.state not in (*IN_HAND, AssignmentState.EXPIRED):
        raise NotInHand(
            _("This task is not in your hands any more, so nothing was kept."), state=assignment.state
        )
    kept: dict[str, Any] = {"answer": answer, "saved_at": at}
    if feedback is not None:
        kept["feedback"] = dict(feedback)
    draft, _new = Draft.objects.update_or_create(assignment=assignment, defaults=kept)
    return draft


def draft_for(assignment_id: int, *, by: Person) -> dict[str, Any]:
    """Return what was kept for this assignment, or for an earlier go of the same worker at the task."""
    assignment = own_assignment(assignment_id, by=by)
    kept = (
        Draft.objects.filter(assignment__worker=by, assignment__task_id=assignment.task_id)
        .order_by("-saved_at")
        .first()
    )
    return dict(kept.answer) if kept else {}
