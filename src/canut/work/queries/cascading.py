"""What a beat of the cascade looks at, read for many projects at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection

from canut.charter.queries import in_force
from canut.reputation.rules_cascade import Ladders

RECENT = 5_000
"""How many assignments are looked back through for active workers whom nobody has rated enough."""

_SQL = (Path(__file__).parent / "cascading.sql").read_text()


def ladders_in_force(*, at: datetime) -> Ladders:
    """Return the charter's numbers for the cascade at this moment."""
    return Ladders(
        first=in_force("cascade.first_threshold", at=at),
        last=in_force("cascade.last_threshold", at=at),
        ladder=in_force("cascade.ladder_thresholds", at=at),
        throughput=in_force("cascade.throughput_thresholds", at=at),
        hold_share=in_force("cascade.throughput_hold_share", at=at),
        decimals=in_force("standing.decimals", at=at),
    )


def best_standings(project_ids: Sequence[int], *, at: datetime) -> Mapping[int, Decimal | None]:
    """Return for each project the highest standing of those who could come in; None where nobody could."""
    since = at - timedelta(days=in_force("cascade.active_days", at=at))
    unrated = in_force("standing.unrated", at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL, {"projects": list(project_ids), "since": since, "unrated": unrated, "recent": RECENT}
        )
        return dict(cursor.fetchall())
