"""Somebody gives money of theirs to a mutual fund."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.ledger.models import Account, Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.access import as_requester
from canut.people.models import Person

FUNDS = (Kind.GUILD_FUND, Kind.JUSTICE_FUND)
"""The funds that one can give to."""


class GiftTooSmall(Refusal):
    code = "gift_too_small"
    status = 422


@transaction.atomic
def give_to_fund(
    *, by: Person, fund: Kind, amount_minor: int, currency: str, key: str, at: datetime
) -> Account:
    """Move money from the balance of `by` into a fund for good, and return the fund's account.

    What the levies bring is a small share of pay; a guild that wants its reviews to go on when that is used
    up, and whoever profits from them, can add to it. `key` names this gift among those of `by`; repeating it
    gives nothing more.

    Raises:
        RequesterRoleMissing: `by` has no balance to give from.
        GiftTooSmall: nothing, or less.
        InsufficientFunds: the balance holds less. Nothing is moved.
        EntryKeyReused: the key was used for another amount.
        ValueError: one cannot give to this account: a programming error.
    """
    as_requester(by)
    if fund not in FUNDS:
        raise ValueError(f"nobody gives to {fund}")
    if amount_minor < 1:
        raise GiftTooSmall(_("Give at least one cent."), least_minor=1)
    balance = open_account(Kind.BALANCE, currency=currency, party_id=by.pk)
    to = open_account(fund, currency=currency)
    movement = Movement(balance, to, amount_minor, Reason.GIFT, f"gift:{by.pk}:{key}")
    if post_entries([movement], at=at):
        record(by, "fund.given_to", to, at=at, amount_minor=amount_minor, currency=currency)
    to.refresh_from_db(fields=["total_minor"])
    return to
