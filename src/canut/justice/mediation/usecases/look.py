"""Somebody looks at a dispute: what is there now is not new to them any more."""

from datetime import datetime

from django.db import transaction

from canut.justice.mediation.access import dispute_of
from canut.justice.mediation.models import Look
from canut.people.models import Person


@transaction.atomic
def look_at_dispute(*, dispute_id: int, by: Person, at: datetime) -> Look:
    """Note that `by` has seen a dispute as it is now.

    Raises:
        DisputeNotFound: `by` has no part in it.
    """
    dispute, _side = dispute_of(dispute_id, by=by)
    row, _created = Look.objects.update_or_create(dispute=dispute, person=by, defaults={"seen_at": at})
    return row
