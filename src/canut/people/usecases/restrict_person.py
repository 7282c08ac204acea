"""A sanction begins to bar somebody from something, is put off its end, or ends early.

The room that keeps sanctions calls these; the database lets in no row without a sanction that was delivered.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Bar, Party, Restriction


@transaction.atomic
def restrict_person(
    *,
    person_id: int,
    sanction_id: int,
    bars: Collection[Bar],
    since: datetime,
    until: datetime | None,
    at: datetime,
) -> Restriction:
    """Write down what somebody may not do from `since` on. The same sanction again changes nothing."""
    Party.objects.select_for_update(no_key=True).get(pk=person_id)
    found = Restriction.objects.filter(sanction_id=sanction_id).first()
    if found is not None:
        return found
    made = Restriction.objects.create(
        person_id=person_id,
        sanction_id=sanction_id,
        bars=[str(bar) for bar in Bar if bar in bars],
        since=since,
        until=until,
    )
    record(None, "person.restricted", made, at=at, sanction_id=sanction_id, bars=made.bars)
    return made


@transaction.atomic
def let_restriction_lapse(*, sanction_id: int, lapses_at: datetime | None, at: datetime) -> None:
    """Say when a restriction ends by itself unless it is looked at again before; None when it was."""
    for held in Restriction.objects.select_for_update().filter(sanction_id=sanction_id):
        if held.lapses_at != lapses_at:
            held.lapses_at = lapses_at
            held.save(update_fields=["lapses_at"])
            record(None, "person.restriction_lapse_set", held, at=at, sanction_id=sanction_id)


@transaction.atomic
def lift_restriction(*, sanction_id: int, at: datetime) -> None:
    """End a restriction now, or before it began: nothing of it is left. Lifting twice is safe."""
    for held in Restriction.objects.select_for_update().filter(
        sanction_id=sanction_id, lifted_at__isnull=True
    ):
        held.lifted_at = at
        held.save(update_fields=["lifted_at"])
        record(None, "person.restriction_lifted", held, at=at, sanction_id=sanction_id)
