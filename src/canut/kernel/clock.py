"""The one clock: the database's, so that nodes whose clocks differ still agree.

Doors and jobs read it and pass `at` down; use cases and rules never do. A site in demo or test mode
may be ahead of the world by an offset that its owner advances (`canut clock +3d`); in production
there is no such row, and `advance` refuses to write one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.models import ClockOffset
from canut.kernel.refusals import Refusal


class ClockIsFixed(Refusal):
    code = "clock_is_fixed"
    status = 403


class ClockRunsForward(Refusal):
    code = "clock_runs_forward"
    status = 400


class ClockTooFar(Refusal):
    code = "clock_too_far"
    status = 400


MOST_AHEAD = timedelta(days=3_650)
"""Ten years: further on, what is reckoned from the site's time leaves the calendar, and it cannot go back."""


def now() -> datetime:
    """Return the site's time, timezone-aware in UTC: the database's clock plus the demo's offset."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kernel_now()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


def offset() -> timedelta:
    """Return how far the site is ahead of the world; zero where nobody advanced it."""
    row = ClockOffset.objects.first()
    return row.ahead_by if row else timedelta()


@transaction.atomic
def advance(*, by: timedelta) -> timedelta:
    """Put the site's clock forward and return the whole offset.

    Raises:
        ClockIsFixed: the site is in production.
        ClockRunsForward: `by` is negative; what has happened cannot be before what comes next.
        ClockTooFar: the site would be more than ten years ahead.
    """
    if settings.CANUT_MODE not in ("demo", "test"):
        raise ClockIsFixed(
            _("Only a demo or test site has a clock that can be advanced. Nothing was changed.")
        )
    if by < timedelta():
        raise ClockRunsForward(_("The clock can only go forward. Start a fresh demo to go back."))
    ClockOffset.objects.get_or_create(only=True, defaults={"ahead_by": timedelta()})
    row = ClockOffset.objects.select_for_update().get(only=True)
    if by > MOST_AHEAD - row.ahead_by:
        raise ClockTooFar(
            _("The clock can be ten years ahead at most. Nothing was changed; start a fresh demo to go back.")
        )
    ahead_by: timedelta = row.ahead_by + by
    row.ahead_by = ahead_by
    row.save(update_fields=["ahead_by"])
    return ahead_by
