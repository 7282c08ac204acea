"""Rooms above keep standings on scales of their own: a level in a guild, a qualification."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from canut.reputation.models import ScaleKind, Standing


def keep_standing(
    *, party_id: int, scale: ScaleKind, scale_id: int, value: Decimal, at: datetime, ratings: int = 0
) -> None:
    """Write a party's standing on a scale, in place of the one it had. Admission goes by it at once.

    `ratings` counts the judgements behind it. The calling room has its own record of why.
    """
    Standing.objects.update_or_create(
        party_id=party_id,
        scale=scale,
        scale_id=scale_id,
        defaults={"value": value, "ratings": ratings, "computed_at": at},
    )


def keep_standings(*, values: Mapping[int, Decimal], scale: ScaleKind, scale_id: int, at: datetime) -> None:
    """Write many parties' standings on one scale, by the parties' ids. Otherwise as `keep_standing`."""
    rows = [
        Standing(
            party_id=party_id,
            scale=scale,
            scale_id=scale_id,
            value=values[party_id],
            ratings=0,
            computed_at=at,
        )
        for party_id in sorted(values)
    ]
    Standing.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["party", "scale", "scale_id"],
        update_fields=["value", "ratings", "computed_at"],
    )


def drop_standing(*, party_id: int, scale: ScaleKind, scale_id: int) -> None:
    """Take a party's standing on a scale away; without one, nothing happens."""
    Standing.objects.filter(party_id=party_id, scale=scale, scale_id=scale_id).delete()


def drop_standings(*, scale: ScaleKind, scale_id: int) -> None:
    """Take everybody's standing on a scale away, which has ended."""
    Standing.objects.filter(scale=scale, scale_id=scale_id).delete()
