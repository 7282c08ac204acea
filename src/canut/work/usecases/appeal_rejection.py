"""A worker appeals a rejection in one click; its money waits until the appeal is decided."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.access import own_assignment
from canut.work.models import Appeal
from canut.work.states import AssignmentState


class NothingToAppeal(Refusal):
    code = "nothing_to_appeal"


class AppealTooLate(Refusal):
    code = "appeal_too_late"


@transaction.atomic
def appeal_rejection(*, assignment_id: int, by: Person, words: str = "", at: datetime) -> Appeal:
    """Appeal the rejection of one's own work. `words` may be empty; at most 2,000 characters are kept.

    Appealing twice returns the same appeal. Until juries exist an operator other than the decider
    hears it, in the states that juries will use.

    Raises:
        AssignmentNotFound: there is none of `by`.
        NothingToAppeal: it is not rejected.
        AppealTooLate: the days in which its money waited are over and the place serves another.
    """
    assignment = own_assignment(assignment_id, by=by, lock=True)
    existing = Appeal.objects.filter(assignment=assignment).first()
    if existing is not None:
        return existing
    if assignment.state != AssignmentState.REJECTED:
        raise NothingToAppeal(_("This work is not rejected, so there is nothing to appeal."))
    if assignment.place_released or (assignment.held_until is not None and assignment.held_until <= at):
        raise AppealTooLate(_("The time to appeal this rejection is over."))
    appeal = Appeal.objects.create(assignment=assignment, words=words.strip()[:2000], opened_at=at)
    record(by, "appeal.opened", appeal, at=at, project_id=assignment.project_id)
    later("work.tell_operators_of_appeal", appeal_id=appeal.pk)
    return appeal
