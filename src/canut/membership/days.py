"""The site's days, and the charter's numbers for colleges at one moment."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from canut.charter.queries import in_force
from canut.membership.rules import CollegeRule


def site_day(at: datetime) -> date:
    """Return which day it is at `at` where the site is."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def college_rule(*, at: datetime) -> CollegeRule:
    """Return by which numbers colleges and activity go at `at`."""
    return CollegeRule(
        window_days=in_force("college.window_days", at=at),
        least_share=in_force("college.least_share", at=at),
        least_days=in_force("activity.least_days", at=at),
        worker_window_days=in_force("activity.window_days", at=at),
        requester_window_days=in_force("activity.requester_window_days", at=at),
    )
