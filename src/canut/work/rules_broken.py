"""Reporting a broken task: what the time spent on it is paid, and what keeps that from being misused."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from canut.work.rules_hours import hours_minor

WhyUnpaid = Literal["", "volunteer", "session", "too_soon", "most_a_day", "most_share"]


@dataclass(frozen=True, slots=True)
class ReportTerms:
    """The charter's numbers on reports of broken tasks.

    `most_a_day` reports of a worker are paid in 24 hours. Beyond the first `free_reports`, at most
    `most_share` of what they took in the charter's days.
    """

    least_seconds: int
    most_a_day: int
    most_share: Decimal
    free_reports: int


@dataclass(frozen=True, slots=True)
class Spent:
    """All that the pay for one report goes by.

    `elapsed_seconds` is from taking the task to reporting it, by the site's clock; from the last report that
    was paid on, if that came later, so that no minute is paid twice. `paid_today` and
    `paid_lately` count the worker's reports that were paid, or are to be, without this one; `taken_lately`
    counts what they handed in or reported, with this one.
    """

    elapsed_seconds: int
    expected_seconds: int
    lease_seconds: int
    floor_hourly_minor: int
    is_paid_work: bool
    in_session: bool
    paid_today: int
    paid_lately: int
    taken_lately: int


@dataclass(frozen=True, slots=True)
class ReportPaid:
    """What a report is paid, in minor units and for how many seconds; `why_not` says why it is nothing."""

    seconds: int
    amount_minor: int
    why_not: WhyUnpaid


def report_pay(spent: Spent, terms: ReportTerms) -> ReportPaid:
    """Return what reporting a broken task is paid: the time spent on it, at the worker's own floor.

    The time is that from taking it to reporting it, at most the time that the price assumes and at most the
    lease; fractions of the smallest unit go to the worker. Nothing is paid for volunteer work; in a session,
    which pays the same time already; for a task that was had for less than the least time; beyond so many
    reports a day; and where reports are too large a part of what the worker took lately. What is not paid
    is as good a report as any other.

    Source: MECHANISMS 4.7, everything asked of a worker has a price line. The limits are our own.
    """
    if (why := _why_not(spent, terms)) != "":
        return ReportPaid(0, 0, why)
    seconds = min(spent.elapsed_seconds, spent.expected_seconds, spent.lease_seconds)
    return ReportPaid(seconds, hours_minor(seconds=seconds, hourly_minor=spent.floor_hourly_minor), "")


def _why_not(spent: Spent, terms: ReportTerms) -> WhyUnpaid:
    if not spent.is_paid_work:
        return "volunteer"
    if spent.in_session:
        return "session"
    if spent.elapsed_seconds < max(1, terms.least_seconds):
        return "too_soon"
    if spent.paid_today >= terms.most_a_day:
        return "most_a_day"
    allowed = max(Decimal(terms.free_reports), terms.most_share * spent.taken_lately)
    return "most_share" if spent.paid_lately + 1 > allowed else ""
