"""The one way into the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg import errors

from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.ledger.models import Account, LedgerEntry, Reason


class InsufficientFunds(Refusal):
    """Nothing was moved. Facts: `needed_minor`, `available_minor`, `currency`."""

    code = "insufficient_funds"
    status = 402


class PaymentRefused(Refusal):
    """A sanction keeps these earnings in their account. Nothing was moved."""

    code = "payment_refused"
    status = 403


class EntryKeyReused(Refusal):
    """The key stands for another movement already; nothing was moved."""

    code = "entry_key_reused"
    status = 409


@dataclass(frozen=True, slots=True)
class Movement:
    """Money to move from `debit` to `credit`; `key` makes a repeat of it harmless.

    `amount_minor` is in the accounts' smallest unit and positive. `subject` is what it is about, as
    (kind, id), such as ("assignment", 12).
    """

    debit: Account
    credit: Account
    amount_minor: int
    reason: Reason
    key: str
    subject: tuple[str, int] | None = None
    note: str = ""


@transaction.atomic
def post_entries(movements: Sequence[Movement], *, at: datetime) -> list[LedgerEntry]:
    """Book all the movements, or none, and return those that were new, in order.

    A movement whose key is in the books with the same accounts and amount is a repeat and skipped.
    The accounts involved stay locked until the transaction ends.

    Raises:
        InsufficientFunds: an account other than `outside` would fall below zero.
        PaymentRefused: a sanction refuses to pay out the earnings that would leave.
        EntryKeyReused: a key is in the books for something else.
        ValueError: an amount is not positive, or two accounts differ in currency: a programming error.
    """
    if not movements:
        return []
    for movement in movements:
        if movement.amount_minor <= 0 or movement.debit.currency != movement.credit.currency:
            raise ValueError(f"cannot book {movement}")
    accounts = lock_accounts({m.debit.pk for m in movements} | {m.credit.pk for m in movements})
    known = {
        entry.idempotency_key: entry
        for entry in LedgerEntry.objects.filter(idempotency_key__in=[m.key for m in movements])
    }
    fresh: list[LedgerEntry] = []
    for movement in movements:
        before = known.get(movement.key)
        if before is None:
            fresh.append(known.setdefault(movement.key, _entry(movement, at)))
        elif (before.debit_id, before.credit_id, before.amount_minor) != (
            movement.debit.pk,
            movement.credit.pk,
            movement.amount_minor,
        ):
            raise EntryKeyReused(
                _("This payment was made before with other details. Nothing was moved."), key=movement.key
            )
    try:
        with transaction.atomic():
            return LedgerEntry.objects.bulk_create(fresh)
    except IntegrityError as error:
        cause = error.__cause__
        broken = cause.diag.constraint_name if isinstance(cause, errors.CheckViolation) else None
        if broken == "account_not_overdrawn":
            raise _insufficient(fresh, accounts) from error
        if broken == "account_refused_payment_stays":
            raise PaymentRefused(
                _(
                    "These earnings are not paid out at present. The page of sanctions says why, and there "
                    "one can answer and ask that another person look at it again."
                )
            ) from error
        raise


def lock_accounts(ids: set[int]) -> dict[int, Account]:
    """Return the accounts by id, locked in id order until the transaction ends."""
    rows = (
        Account.objects.select_for_update(no_key=True)
        .filter(pk__in=ids)
        .exclude(kind="outside")
        .order_by("pk")
    )
    return {account.pk: account for account in rows}


def _entry(movement: Movement, at: datetime) -> LedgerEntry:
    kind, subject_id = movement.subject or ("", None)
    return LedgerEntry(
        debit_id=movement.debit.pk,
        credit_id=movement.credit.pk,
        amount_minor=movement.amount_minor,
        currency=movement.debit.currency,
        reason=movement.reason,
        idempotency_key=movement.key,
        subject_kind=kind,
        subject_id=subject_id,
        note=movement.note,
        recorded_at=at,
    )


def _insufficient(fresh: Sequence[LedgerEntry], accounts: dict[int, Account]) -> InsufficientFunds:
    """Say which account lacks how much: the one that the movements together would overdraw."""
    for account in accounts.values():
        out = sum(e.amount_minor for e in fresh if e.debit_id == account.pk)
        into = sum(e.amount_minor for e in fresh if e.credit_id == account.pk)
        if account.total_minor + into - out < 0:
            needed, available = out - into, account.total_minor
            return InsufficientFunds(
                _("This needs %(needed)s and there is %(available)s. Nothing was charged. Add %(missing)s.")
                % {
                    "needed": format_money(needed, account.currency),
                    "available": format_money(available, account.currency),
                    "missing": format_money(needed - available, account.currency),
                },
                needed_minor=needed,
                available_minor=available,
                currency=account.currency,
            )
    raise AssertionError("the database refused an overdraft that the movements do not make")
