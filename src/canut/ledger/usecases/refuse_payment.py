"""A sanction keeps earnings from being paid out, is put off its end, or ends. The money stays whose it is.

The room that keeps sanctions calls these; the database lets in no row without a sanction that was delivered.
"""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.ledger.models import PaymentRefusal
from canut.people.models import Party


@transaction.atomic
def refuse_payment(
    *,
    party_id: int,
    sanction_id: int,
    currency: str,
    amount_minor: int | None,
    since: datetime,
    at: datetime,
) -> PaymentRefusal:
    """Keep so much of a party's earnings, or all (None), from `since` on. Once more changes nothing."""
    Party.objects.select_for_update(no_key=True).get(pk=party_id)
    found = PaymentRefusal.objects.filter(sanction_id=sanction_id).first()
    if found is not None:
        return found
    made = PaymentRefusal.objects.create(
        party_id=party_id, sanction_id=sanction_id, currency=currency, amount_minor=amount_minor, since=since
    )
    record(None, "payment.refused", made, at=at, sanction_id=sanction_id)
    return made


@transaction.atomic
def let_payment_refusal_lapse(*, sanction_id: int, lapses_at: datetime | None, at: datetime) -> None:
    """Say when a refusal ends by itself unless it is looked at again before; None when it was."""
    for held in PaymentRefusal.objects.select_for_update().filter(sanction_id=sanction_id):
        if held.lapses_at != lapses_at:
            held.lapses_at = lapses_at
            held.save(update_fields=["lapses_at"])
            record(None, "payment.refusal_lapse_set", held, at=at, sanction_id=sanction_id)


@transaction.atomic
def lift_payment_refusal(*, sanction_id: int, at: datetime) -> None:
    """End a refusal: what it kept can be paid out again. Lifting twice is safe."""
    rows = PaymentRefusal.objects.select_for_update().filter(sanction_id=sanction_id, lifted_at__isnull=True)
    for held in rows:
        held.lifted_at = at
        held.save(update_fields=["lifted_at"])
        record(None, "payment.refusal_lifted", held, at=at, sanction_id=sanction_id)
