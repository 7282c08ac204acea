"""To which college a member belongs and whether they are active (MECHANISMS 7.2), from counted days.

A day counts as worked when its member handed work in, and as requesting when they published, decided, or
had work handed in to them; a day may be both. A day with either is an active day. Days are the site's.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, TypeAlias

CollegeName: TypeAlias = Literal["workers", "requesters", "team"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegeRule:
    """The charter's numbers for colleges and activity."""

    window_days: int
    least_share: Decimal
    least_days: int
    worker_window_days: int
    requester_window_days: int

    @property
    def longest_window_days(self) -> int:
        return max(self.window_days, self.worker_window_days, self.requester_window_days)


@dataclass(frozen=True, slots=True)
class Days:
    """How many days of a window were worked, requesting, and either."""

    worked: int
    requested: int
    active: int


def first_day(last: date, window_days: int) -> date:
    """Return the first of so many days that end with `last`, which counts itself.

    Source: MECHANISMS 7.2; that the day itself counts is our reading of "of the last 90".
    """
    return last - timedelta(days=window_days - 1)


def colleges_open(days: Days, *, in_team: bool, least_share: Decimal) -> tuple[CollegeName, ...]:
    """Return to which colleges somebody may belong, going by the days of the college's window.

    The team's members belong to no other. Somebody with no active day belongs to none. The share is
    compared exactly: 2 of 5 days are 40 %.

    Source: MECHANISMS 7.2.
    """
    if in_team:
        return ("team",)
    if not days.active:
        return ()
    found: list[CollegeName] = []
    if days.worked >= least_share * days.active:
        found.append("workers")
    if days.requested >= least_share * days.active:
        found.append("requesters")
    return tuple(found)


def college_of(
    days: Days, *, in_team: bool, least_share: Decimal, chosen: CollegeName | None
) -> CollegeName | None:
    """Return somebody's college, None if they belong to none.

    Who could belong to both belongs to the one they chose; before they choose, to the one they gave more
    days to, and to the workers where the days are equal. A choice is kept while it cannot be followed, and
    counts again when it can.

    Source: MECHANISMS 7.2. What counts before a choice is our own.
    """
    found = colleges_open(days, in_team=in_team, least_share=least_share)
    if len(found) < 2:
        return found[0] if found else None
    if chosen in found:
        return chosen
    return "requesters" if days.requested > days.worked else "workers"


def is_active(college: CollegeName | None, *, worker_days: int, requester_days: int, least_days: int) -> bool:
    """Tell whether a member counts as active.

    `worker_days` and `requester_days` are the active days of the workers' and of the requesters' window.
    The team is always active; who belongs to no college never is.

    Source: MECHANISMS 7.2.
    """
    if college == "team":
        return True
    if college is None:
        return False
    return (worker_days if college == "workers" else requester_days) >= least_days
