"""A mail did not arrive: noted once a letter, and where it says something about the address, counted."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.people.models import Person
from canut.people.notices.models import Letter, MailTrouble
from canut.people.notices.rules import SOFT_WITHIN, stops_everything, stops_mails
from canut.people.notices.states import Fault, LetterState, MailState


@transaction.atomic
def note_fault(*, letter_id: int, fault: Fault, code: str, at: datetime) -> bool:
    """Note that a letter did not arrive; return whether that was news.

    A report that comes twice counts once; one that says "no such mailbox" after "in trouble" does count.
    """
    found = Letter.objects.filter(pk=letter_id).values_list("person_id", flat=True).first()
    if found is None:
        return False
    Person.objects.select_for_update(no_key=True).filter(pk=found).first()
    letter = Letter.objects.select_for_update(no_key=True).filter(pk=letter_id).first()
    if letter is None or letter.fault == fault or letter.fault == Fault.HARD:
        return False
    letter.state, letter.due_at, letter.failed_at = LetterState.FAILED, None, max(at, letter.made_at)
    letter.fault, letter.code = fault, code[:20]
    letter.save(update_fields=["state", "due_at", "failed_at", "fault", "code"])
    letter.notices.update(mail=MailState.FAILED)
    if fault != Fault.OURS:
        _count(letter.address, fault=fault, code=letter.code, at=at)
    return True


def may_be_sent(address: str, *, is_security: bool) -> bool:
    """Say whether a mail may go to an address, by what came back from it before."""
    trouble = MailTrouble.objects.filter(address=address.lower(), stopped_at__isnull=False).first()
    if trouble is None:
        return True
    return is_security and not stops_everything(hard=len(_failed_at(trouble, Fault.HARD)))


def _count(address: str, *, fault: Fault, code: str, at: datetime) -> None:
    known = {"kind": fault, "count": 1, "since": at, "code": code}
    trouble, is_new = MailTrouble.objects.select_for_update().get_or_create(address=address, defaults=known)
    hard = len(_failed_at(trouble, Fault.HARD))
    soft_at = _failed_at(trouble, Fault.SOFT)
    if not is_new:
        if trouble.stopped_at is None and not hard and trouble.since <= at - SOFT_WITHIN:
            trouble.since = min((moment for moment in soft_at if moment > at - SOFT_WITHIN), default=at)
        trouble.kind = Fault.HARD if hard else fault
        trouble.code = code
    trouble.count = max(1, hard + sum(moment >= trouble.since for moment in soft_at))
    if trouble.stopped_at is None and stops_mails(hard=hard, soft_at=soft_at, at=at):
        trouble.stopped_at = max(at, trouble.since)
    trouble.save(update_fields=["kind", "count", "since", "code", "stopped_at"])


def _failed_at(trouble: MailTrouble, fault: Fault) -> Sequence[datetime]:
    """Return when mails to an address failed this way, since its owner asked last to try it again."""
    rows = Letter.objects.filter(address=trouble.address, fault=fault)
    if trouble.tried_at is not None:
        rows = rows.filter(made_at__gte=trouble.tried_at)
    return [moment for moment in rows.values_list("failed_at", flat=True) if moment is not None]
