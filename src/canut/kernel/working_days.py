"""Working days in the site's zone, with its public holidays."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.conf import settings


@lru_cache(maxsize=1)
def _public_holidays(country: str) -> holidays.HolidayBase:
    return holidays.country_holidays(country)


def add_working_days(moment: datetime, days: int) -> datetime:
    """Return the same local time `days` working days later, timezone-aware.

    Saturdays, Sundays and the public holidays of the site's country (`CANUT_COUNTRY`) do not count.
    A moment on such a day counts from the next working day's beginning: `days` whole ones always lie between.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    local = moment.astimezone(zone)
    closed = _public_holidays(settings.CANUT_COUNTRY)
    left = days
    while left:
        local += timedelta(days=1)
        if local.weekday() < 5 and local.date() not in closed:
            left -= 1
    return local.astimezone(moment.tzinfo)
