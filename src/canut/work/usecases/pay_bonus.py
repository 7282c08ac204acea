"""A requester thanks somebody who worked for them."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import BadInput, Refusal
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person
from canut.work.models import Assignment
from canut.work.refusals import AssignmentNotFound
from canut.work.states import AssignmentState
from canut.work.usecases.fund_project import payer_of
from canut.work.usecases.return_submission import checked_text


class NoBonusForThat(Refusal):
    code = "no_bonus_for_that"


@transaction.atomic
def pay_bonus(
    *, assignment_id: int, by: Person, amount_minor: int, reason: str, key: str, at: datetime
) -> LedgerEntry:
    """Pay a bonus from the balance of `by` to the worker of an assignment of theirs.

    `key` names this bonus among those of `by`; repeating it pays nothing more. No levy and no fee is
    taken from or added to a bonus.

    Raises:
        AssignmentNotFound: there is none in a project of `by`.
        NoBonusForThat: the worker has not handed anything in yet, or is `by` themselves.
        BadInput: the amount is not positive, or the reason is missing or too long.
        InsufficientFunds: the balance holds less.
        EntryKeyReused: the key stands for another bonus.
    """
    assignment = (
        Assignment.objects.select_related("project").filter(pk=assignment_id, project__owner_id=by.pk).first()
    )
    if assignment is None:
        raise AssignmentNotFound(_("There is no such assignment in a project of yours."))
    reason = checked_text(reason, what="reason")
    if amount_minor <= 0:
        raise BadInput(_("A bonus is more than nothing."), errors={"amount": "not_positive"})
    worked = (
        AssignmentState.SUBMITTED,
        AssignmentState.RETURNED,
        AssignmentState.APPROVED,
        AssignmentState.REJECTED,
    )
    if assignment.state not in (*worked, AssignmentState.CLOSED) or assignment.worker_id == by.pk:
        raise NoBonusForThat(_("A bonus goes to somebody who has handed in work to you."))
    earnings = open_account(
        Kind.EARNINGS, currency=assignment.project.currency, party_id=assignment.worker_id
    )
    entry_key = f"bonus:{by.pk}:{key}"
    movement = Movement(
        payer_of(assignment.project),
        earnings,
        amount_minor,
        Reason.BONUS,
        entry_key,
        ("assignment", assignment.pk),
        note=reason[:200],
    )
    for entry in post_entries([movement], at=at):
        record(
            by,
            "bonus.paid",
            assignment,
            at=at,
            amount_minor=amount_minor,
            currency=assignment.project.currency,
        )
        later(
            "work.tell_of_bonus",
            assignment_id=assignment.pk,
            amount_minor=amount_minor,
            reason=reason,
            key=f"bonus:{entry.pk}",
        )
    return LedgerEntry.objects.get(idempotency_key=entry_key)
