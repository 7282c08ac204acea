"""Somebody who leaves lets go of the play money that is left to them: it buys work here and nothing else."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.ledger.models import OF_A_PARTY, Account, Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, lock_accounts, post_entries
from canut.people.models import Person


@transaction.atomic
def give_up_play_money(*, by: Person, at: datetime) -> int:
    """Send what `by` owns, own money and earnings, out of the books; return how many accounts had some.

    Every deposit of this site is play money, so nobody is owed what goes here. Again moves nothing.

    Raises:
        PaymentRefused: a sanction keeps earnings in their account.
    """
    own = Account.objects.filter(party_id=by.pk, kind__in=OF_A_PARTY)
    left = lock_accounts(set(own.values_list("pk", flat=True))).values()
    movements = [
        Movement(
            account,
            open_account(Kind.OUTSIDE, currency=account.currency),
            account.total_minor,
            Reason.WITHDRAWAL,
            f"given-up:{account.pk}:{at.isoformat()}",
            note="play money",
        )
        for account in left
        if account.total_minor
    ]
    for entry in post_entries(movements, at=at):
        record(by, "money.given_up", entry.debit, at=at, amount_minor=entry.amount_minor)
    return len(movements)
