"""The withdrawal of a project is appealed, once; what its peers decide is noted here."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.models import Project, Withdrawal
from canut.work.queries.refusals import appeal_until
from canut.work.refusals import AppealDecided, AppealTooLate, NothingToAppeal
from canut.work.states import AppealState, HeardBy

LONGEST_WORDS = 2_000


@transaction.atomic
def appeal_withdrawal(*, project_id: int, words: str, at: datetime) -> Withdrawal:
    """Note why the owner of a project says that the workers' refusal of it was wrong.

    Whose project it is, is the question of the room that hears it. It stays closed and its money stays with
    its owner, whatever becomes of the appeal. One that is open already is returned as it is.

    Raises:
        NothingToAppeal: it was not withdrawn. AppealTooLate: the charter's time for it is over.
        AppealDecided: an appeal has ended. BadInput: there are no words, or too many.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    withdrawal = Withdrawal.objects.select_for_update(no_key=True).filter(project=project).first()
    if withdrawal is None:
        raise NothingToAppeal(_("This project was not withdrawn, so there is nothing to appeal."))
    if withdrawal.appeal == AppealState.OPEN:
        return withdrawal
    if withdrawal.appeal:
        raise AppealDecided(_("This appeal has been decided already."))
    if at >= appeal_until(withdrawal):
        raise AppealTooLate(_("The time to appeal this withdrawal is over."))
    withdrawal.words = _checked(words)
    withdrawal.appeal, withdrawal.appealed_at = AppealState.OPEN, at
    withdrawal.save(update_fields=["words", "appeal", "appealed_at"])
    owner = Person.objects.filter(pk=project.owner_id).first()
    record(owner, "withdrawal.appealed", project, at=at)
    return withdrawal


@transaction.atomic
def decide_withdrawal(
    *, project_id: int, state: AppealState, by: HeardBy, reason: str = "", at: datetime
) -> Withdrawal:
    """End the appeal against a withdrawal, as its peers said, as nobody did, or because it was taken back.

    Upheld or dropped, the withdrawal stands. Overturned, its owner may reinstate the project, and it is
    never withdrawn again. The same again is safe.

    Raises:
        NothingToAppeal: there is no such appeal. AppealDecided: it has ended otherwise.
    """
    withdrawal = Withdrawal.objects.select_for_update(no_key=True).filter(pk=project_id).first()
    if withdrawal is None or not withdrawal.appeal:
        raise NothingToAppeal(_("There is no such appeal."))
    if (withdrawal.appeal, withdrawal.ended_by) == (state, by):
        return withdrawal
    if withdrawal.appeal != AppealState.OPEN:
        raise AppealDecided(_("This appeal has been decided already."))
    withdrawal.appeal, withdrawal.ended_by = state, by
    withdrawal.reason, withdrawal.decided_at = reason, at
    withdrawal.save(update_fields=["appeal", "ended_by", "reason", "decided_at"])
    record(None, f"withdrawal.{state}", Project.objects.get(pk=project_id), at=at)
    if state != AppealState.DROPPED:
        later("work.tell_owner_withdrawal_heard", project_id=project_id)
    return withdrawal


def _checked(words: str) -> str:
    words = words.strip()
    if not words or len(words) > LONGEST_WORDS or "\0" in words:
        sentence = _("Say in 1 to 2,000 characters why the refusal was wrong.")
        raise BadInput(sentence, errors={"words": sentence})
    return words
