"""Money for trying things out: it buys work on this site and nothing else."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.money import format_money
from canut.kernel.refusals import Refusal
from canut.ledger.models import Account, Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person

LARGEST_DEPOSIT_MINOR = 100_000_000
"""One deposit's bound, so that a slip of the keyboard stays small: a million of the currency."""


class DepositTooSmall(Refusal):
    code = "deposit_too_small"
    status = 422


class DepositTooLarge(Refusal):
    code = "deposit_too_large"
    status = 422


@transaction.atomic
def deposit_play_money(*, by: Person, amount_minor: int, currency: str, key: str, at: datetime) -> Account:
    """Add play money to the balance of `by` and return that account.

    `key` names this deposit among those of `by`; repeating it adds nothing.

    Raises:
        DepositTooSmall: under the charter's smallest deposit.
        DepositTooLarge: over a million of the currency at once.
        EntryKeyReused: the key was used for another amount.
    """
    least = in_force("deposit.least_minor", at=at)
    if amount_minor < least:
        raise DepositTooSmall(
            _("The smallest deposit is %(least)s.") % {"least": format_money(least, currency)},
            least_minor=least,
        )
    if amount_minor > LARGEST_DEPOSIT_MINOR:
        raise DepositTooLarge(
            _("The largest deposit at once is %(most)s.")
            % {"most": format_money(LARGEST_DEPOSIT_MINOR, currency)},
            most_minor=LARGEST_DEPOSIT_MINOR,
        )
    balance = open_account(Kind.BALANCE, currency=currency, party_id=by.pk)
    outside = open_account(Kind.OUTSIDE, currency=currency)
    movement = Movement(
        outside, balance, amount_minor, Reason.DEPOSIT, f"deposit:{by.pk}:{key}", note="play money"
    )
    if post_entries([movement], at=at):
        record(
            by, "deposit.made", balance, at=at, amount_minor=amount_minor, currency=currency, play_money=True
        )
    balance.refresh_from_db(fields=["total_minor"])
    return balance
