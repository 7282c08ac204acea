"""The operator advances what an empty fund lacks, and has it back from what comes in later."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.ledger.models import Account, Kind, LedgerEntry, Reason
from canut.ledger.queries import advanced_minor
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, lock_accounts, post_entries


@transaction.atomic
def advance_to_fund(*, fund: Kind, amount_minor: int, currency: str, at: datetime) -> Account:
    """Move the operator's own money into a fund, and return the fund's account.

    It comes out of the operator's income; what that lacks, the operator brings from outside, which is booked
    as well. The fund's account stays locked until the transaction ends.

    Raises:
        ValueError: the amount is not positive: a programming error.
    """
    income, to = _locked(fund, currency)
    number = LedgerEntry.objects.filter(debit=income, credit=to, reason=Reason.ADVANCE).count() + 1
    key = f"advance:{fund}:{currency}:{number}"
    movements = [Movement(income, to, amount_minor, Reason.ADVANCE, key)]
    brought = amount_minor - income.total_minor
    if brought > 0:
        outside = open_account(Kind.OUTSIDE, currency=currency)
        movements.insert(0, Movement(outside, income, brought, Reason.ADVANCE, f"{key}:brought"))
    post_entries(movements, at=at)
    record(
        None,
        "fund.advanced",
        to,
        at=at,
        amount_minor=amount_minor,
        brought_minor=max(0, brought),
        currency=currency,
    )
    to.refresh_from_db(fields=["total_minor"])
    return to


@transaction.atomic
def repay_advances(*, fund: Kind, keep_minor: int, currency: str, at: datetime) -> int:
    """Pay back what the operator advanced, as far as a fund holds more than it keeps; return how much.

    Running it again pays back only what has come in since.
    """
    income, of = _locked(fund, currency)
    owed = advanced_minor(fund, currency)
    amount = min(owed, of.total_minor - keep_minor)
    if amount <= 0:
        return 0
    number = LedgerEntry.objects.filter(debit=of, credit=income, reason=Reason.REPAYMENT).count() + 1
    post_entries([Movement(of, income, amount, Reason.REPAYMENT, f"repay:{fund}:{currency}:{number}")], at=at)
    record(None, "fund.repaid", of, at=at, amount_minor=amount, currency=currency)
    return amount


def _locked(fund: Kind, currency: str) -> tuple[Account, Account]:
    income = open_account(Kind.INCOME, currency=currency)
    account = open_account(fund, currency=currency)
    locked = lock_accounts({income.pk, account.pk})
    return locked[income.pk], locked[account.pk]
