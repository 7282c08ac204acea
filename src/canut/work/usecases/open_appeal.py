"""A rejection is appealed: its place and its money wait until the appeal has ended."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.work.models import Appeal, Assignment
from canut.work.refusals import AppealDecided, AppealTooLate, NothingToAppeal
from canut.work.states import AppealState, AssignmentState

LONGEST_WORDS = 2_000


@transaction.atomic
def open_appeal(*, assignment_id: int, words: str = "", at: datetime) -> Appeal:
    """Note that a worker appeals the rejection of their work, for the room that hears it.

    Whose work it is, is the caller's question. Of `words`, which may be empty, the first 2,000 characters
    are kept. An appeal that is open already is returned as it is.

    Raises:
        NothingToAppeal: it is not rejected. AppealDecided: its appeal has ended.
        AppealTooLate: the days in which its money waited are over and the place serves another.
    """
    assignment = (
        Assignment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("project")
        .get(pk=assignment_id)
    )
    existing = Appeal.objects.filter(assignment=assignment).first()
    if existing is not None and existing.state == AppealState.OPEN:
        return existing
    if assignment.state != AssignmentState.REJECTED:
        raise NothingToAppeal(_("This work is not rejected, so there is nothing to appeal."))
    if existing is not None:
        raise AppealDecided(_("This appeal has been decided already."))
    if assignment.place_released or (assignment.held_until is not None and assignment.held_until <= at):
        raise AppealTooLate(_("The time to appeal this rejection is over."))
    appeal = Appeal.objects.create(assignment=assignment, words=words.strip()[:LONGEST_WORDS], opened_at=at)
    record(
        assignment.worker,
        "appeal.opened",
        appeal,
        at=at,
        assignment_id=assignment.pk,
        project_id=assignment.project_id,
        owner_id=assignment.project.owner_id,
        worker_id=assignment.worker_id,
    )
    later("work.tell_of_appeal", appeal_id=appeal.pk, what="opened")
    return appeal
