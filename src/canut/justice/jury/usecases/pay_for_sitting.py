"""Who sat on a resolution jury is paid from the justice fund, whatever came of it."""

from collections.abc import Collection
from datetime import datetime

from canut.charter.queries import floor_highest, in_force
from canut.justice.jury.fund import CURRENCY, paid_from_fund
from canut.kernel.events import record_each
from canut.ledger.models import Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Party
from canut.work.rules import least_reward_minor


def pay_for_sitting(*, person_ids: Collection[int], subject: tuple[str, int], at: datetime) -> int:
    """Pay each of these people the floor for the time that sitting takes; return how much that was for each.

    `subject` names the jury in the books. Repeating it pays nobody twice. Must run in a transaction.
    """
    kind, number = subject
    amount_minor = least_reward_minor(
        expected_seconds=in_force("jury.resolution_seconds", at=at), floor_hourly_minor=floor_highest(at=at)
    )
    fund = open_account(Kind.JUSTICE_FUND, currency=CURRENCY)
    movements = [
        Movement(
            fund,
            open_account(Kind.EARNINGS, currency=CURRENCY, party_id=person_id),
            amount_minor,
            Reason.JURY,
            f"{kind}:{number}:{person_id}",
            subject,
        )
        for person_id in sorted(person_ids)
    ]
    booked = paid_from_fund(lambda: post_entries(movements, at=at), at=at)
    paid = {entry.credit_id for entry in booked}
    record_each(
        None,
        "juror.paid",
        [
            (Party(pk=one.credit.party_id), {"amount_minor": amount_minor, "kind": kind, "about": number})
            for one in movements
            if one.credit.pk in paid
        ],
        at=at,
    )
    return amount_minor
