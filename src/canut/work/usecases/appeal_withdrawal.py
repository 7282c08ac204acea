"""A requester appeals the withdrawal of a project, once; an operator who had no part in it decides."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import own_project, require_operator
from canut.work.models import Project, Withdrawal
from canut.work.queries.refusals import appeal_until, had_a_part_in
from canut.work.refusals import (
    AppealDecided,
    AppealTooLate,
    ConflictOfInterest,
    NothingToAppeal,
    ProjectNotFound,
)
from canut.work.states import AppealState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LONGEST_WORDS = 2_000


@transaction.atomic
def appeal_withdrawal(*, project_id: int, by: Person, words: str, at: datetime) -> Withdrawal:
    """Say why the workers' refusal of a project of one's own was wrong. Appealing twice returns the same.

    The project stays closed and its money stays with its owner, whatever becomes of it.

    Raises:
        ProjectNotFound: there is none of `by`. NothingToAppeal: it was not withdrawn.
        AppealTooLate: the charter's time for it is over. BadInput: there are no words, or too many.
    """
    project = own_project(project_id, by=by, lock=True)
    withdrawal = Withdrawal.objects.select_for_update(no_key=True).filter(project=project).first()
    if withdrawal is None:
        raise NothingToAppeal(_("This project was not withdrawn, so there is nothing to appeal."))
    if withdrawal.appeal:
        return withdrawal
    if at >= appeal_until(withdrawal):
        raise AppealTooLate(_("The time to appeal this withdrawal is over."))
    withdrawal.words = _checked(words, "words", _("Say in 1 to 2,000 characters why the refusal was wrong."))
    withdrawal.appeal, withdrawal.appealed_at = AppealState.OPEN, at
    withdrawal.save(update_fields=["words", "appeal", "appealed_at"])
    record(by, "withdrawal.appealed", project, at=at)
    later("work.tell_operators_of_withdrawal_appeal", project_id=project.pk)
    return withdrawal


@transaction.atomic
def hear_withdrawal(*, project_id: int, by: Person, overturn: bool, reason: str, at: datetime) -> Withdrawal:
    """Decide the appeal against a withdrawal, with a reason that its requester reads.

    Upheld, the withdrawal stands. Overturned, its owner may reinstate the project, and it is never
    withdrawn again. Repeating the same decision is safe.

    Raises:
        OperatorRoleMissing: `by` is no operator. ProjectNotFound: there is no such appeal.
        ConflictOfInterest: `by` owns the project or refused it.
        AppealDecided: it was decided otherwise. BadInput: the reason is missing or too long.
    """
    require_operator(by)
    withdrawal = Withdrawal.objects.select_for_update(no_key=True).filter(pk=project_id).first()
    if withdrawal is None or not withdrawal.appeal:
        raise ProjectNotFound(_("There is no such appeal."))
    outcome = AppealState.OVERTURNED if overturn else AppealState.UPHELD
    if withdrawal.appeal == outcome and withdrawal.heard_by_id == by.pk:
        return withdrawal
    if withdrawal.appeal != AppealState.OPEN:
        raise AppealDecided(_("This appeal has been decided already."))
    project = Project.objects.get(pk=project_id)
    if had_a_part_in(project, by.pk):
        raise ConflictOfInterest(_("Somebody who neither owns this project nor refused it must hear this."))
    withdrawal.reason = _checked(
        reason, "reason", _("Write the reason in 1 to 2,000 characters; the requester reads it.")
    )
    withdrawal.appeal, withdrawal.heard_by, withdrawal.decided_at = outcome, by, at
    withdrawal.save(update_fields=["reason", "appeal", "heard_by", "decided_at"])
    record(by, f"withdrawal.{outcome}", project, at=at)
    later("work.tell_owner_withdrawal_heard", project_id=project.pk)
    return withdrawal


def _checked(text: str, field: str, sentence: "StrOrPromise") -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_WORDS or "\0" in text:
        raise BadInput(sentence, errors={field: sentence})
    return text
