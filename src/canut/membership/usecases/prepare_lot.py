"""The next lot is prepared before anybody knows what it will be about."""

from datetime import datetime
from secrets import token_bytes

from django.db import transaction
from django.db.models import Max

from canut.membership.models import Lot
from canut.membership.rules_lot import commitment_of
from canut.membership.states import LotState


@transaction.atomic
def prepare_lot(*, at: datetime) -> Lot:
    """Return the lot that comes next, making it if there is none: its seed is fixed, its commitment shown."""
    prepared = Lot.objects.filter(state=LotState.PREPARED).first()
    if prepared is not None:
        return prepared
    seed = token_bytes(32)
    last = Lot.objects.aggregate(last=Max("number"))["last"] or 0
    lot, _is_new = Lot.objects.get_or_create(
        state=LotState.PREPARED,
        defaults={
            "number": last + 1,
            "commitment": commitment_of(seed),
            "seed": seed.hex(),
            "prepared_at": at,
        },
    )
    return lot
