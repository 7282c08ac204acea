"""Lines of the log, stated by what a test is about."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from tests.builders import NOON

from canut.charter.models import CharterEntry

FLOOR = "pay.floor_hourly_minor"
DRAWS = "guild.draw_items"


def a_line(**said: Any) -> CharterEntry:
    """Return a decision on the pay floor, written down, unless said otherwise."""
    return CharterEntry.objects.create(
        **{
            "kind": "decision",
            "parameter": FLOOR,
            "old_value": 1500,
            "new_value": 1600,
            "effective_at": NOON,
            "recorded_at": NOON,
            "cites": "Decision 1",
        }
        | said
    )


def days(number: float) -> datetime:
    """Return the moment so many days after NOON."""
    return NOON + timedelta(days=number)


def empty_the_log(*, but: str = "") -> None:
    """Empty the log, as no site can; what is named in `but`, one parameter, stays."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE charter_charterentry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM charter_charterentry WHERE parameter <> %s", [but])
        cursor.execute("ALTER TABLE charter_charterentry ENABLE TRIGGER USER")
