"""Time that pay has to cover: how active time is stated, and what an hour of all time really pays."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from canut.charter.queries import in_force
from canut.ledger.models import Reason
from canut.ledger.queries import earned_since
from canut.work.models import Assignment, WorkSession
from canut.work.rules import hourly_minor
from canut.work.rules_pay import report_step_seconds, search_seconds
from canut.work.states import AssignmentState, ProjectKind

PAY = (Reason.REWARD, Reason.REWORK, Reason.TOP_UP, Reason.BROKEN, Reason.SESSION, Reason.BREAK)
"""What counts as pay for time; a bonus is a gift."""


@dataclass(frozen=True, slots=True)
class Stating:
    """How a worker states active time: in which steps, and after how long without a sign the timer stops."""

    step_seconds: int
    is_short: bool
    idle_seconds: int


@dataclass(frozen=True, slots=True)
class WholeTime:
    """What somebody was paid in the last `days`, and all the time that it took, in whole seconds.

    `worked_seconds` is the active time of all work that was decided, rejected and unpaid work too, and that
    spent on tasks which turned out to be broken;
    `left_seconds` what was given back, skipped or ran out, from its taking on; `search_seconds` the
    gaps between pieces of work; `session_seconds` sessions of work by the hour, breaks included.
    """

    days: int
    currency: str
    paid_minor: int
    worked_seconds: int
    left_seconds: int
    search_seconds: int
    session_seconds: int
    gap_seconds: int

    @property
    def seconds(self) -> int:
        return self.worked_seconds + self.left_seconds + self.search_seconds + self.session_seconds

    @property
    def hourly_minor(self) -> int | None:
        return hourly_minor(reward_minor=self.paid_minor, seconds=self.seconds) if self.seconds else None


@dataclass(frozen=True, slots=True)
class SiteFigure:
    """Pay per hour of all time of a site's workers: all together, and the worker in the middle.

    `whole` is None where fewer than `least_workers` worked: one could tell what each earns.
    """

    workers: int
    least_workers: int
    whole: WholeTime | None
    median_hourly_minor: int | None


def stating(expected_seconds: int, *, at: datetime) -> Stating:
    """Return how the active time of a task is stated, by the charter (MECHANISMS 4.1)."""
    short_under = in_force("pay.short_task_seconds", at=at)
    return Stating(
        step_seconds=report_step_seconds(
            expected_seconds=expected_seconds,
            step_seconds=in_force("pay.report_step_seconds", at=at),
            short_under_seconds=short_under,
            short_step_seconds=in_force("pay.short_report_step_seconds", at=at),
        ),
        is_short=expected_seconds < short_under,
        idle_seconds=in_force("pay.idle_seconds", at=at),
    )


def whole_time_of(worker_id: int, *, currency: str, at: datetime) -> WholeTime:
    """Return what one worker was paid lately and all the time that it took."""
    found = list(_whole_times(currency=currency, at=at, worker_id=worker_id))
    return found[0] if found else _whole_time([], [], 0, currency=currency, at=at)


def site_figure(*, currency: str, at: datetime) -> SiteFigure:
    """Return what an hour of all workers' time was paid lately: the figure that the site publishes."""
    each = [one for one in _whole_times(currency=currency, at=at) if one.seconds]
    least = int(in_force("pay.whole_time_least_workers", at=at))
    if len(each) < least:
        return SiteFigure(len(each), least, None, None)
    sums = ("paid_minor", "worked_seconds", "left_seconds", "search_seconds", "session_seconds")
    whole = WholeTime(
        days=each[0].days,
        currency=currency,
        gap_seconds=each[0].gap_seconds,
        **{name: sum(getattr(one, name) for one in each) for name in sums},
    )
    hourly = [one.hourly_minor for one in each if one.hourly_minor is not None]
    return SiteFigure(len(each), least, whole, round(median(hourly)))


def _whole_times(*, currency: str, at: datetime, worker_id: int | None = None) -> Iterator[WholeTime]:
    """Yield each worker's whole time, one worker at a time."""
    since = at - timedelta(days=in_force("pay.whole_time_days", at=at))
    paid = earned_since(since, reasons=PAY, currency=currency, party_id=worker_id)
    sessions = WorkSession.objects.filter(project__currency=currency, closed_at__gt=since, closed_at__lte=at)
    work = Assignment.objects.filter(
        project__kind=ProjectKind.PAID,
        project__currency=currency,
        session__isnull=True,
        ended_at__gt=since,
        ended_at__lte=at,
    )
    if worker_id is not None:
        sessions, work = sessions.filter(worker_id=worker_id), work.filter(worker_id=worker_id)
    spans: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for session in sessions.iterator():
        assert session.closed_at is not None
        spans[session.worker_id].append((session.opened_at, session.closed_at))
    rows = (
        work.order_by("worker_id")
        .annotate(known=Sum(Coalesce(F("submissions__active_seconds"), F("submissions__measured_seconds"))))
        .values_list("worker_id", "taken_at", "submitted_at", "ended_at", "lease_until", "state", "known")
    )
    met = set()
    for worker, theirs in groupby(rows.iterator(), key=lambda row: row[0]):
        met.add(worker)
        yield _whole_time(theirs, spans.get(worker, []), paid.get(worker, 0), currency=currency, at=at)
    for worker in sorted({*spans, *paid} - met):
        yield _whole_time([], spans.get(worker, []), paid.get(worker, 0), currency=currency, at=at)


def _whole_time(
    work: Iterable[tuple[Any, ...]],
    sessions: Iterable[tuple[datetime, datetime]],
    paid_minor: int,
    *,
    currency: str,
    at: datetime,
) -> WholeTime:
    gap = int(in_force("pay.search_gap_seconds", at=at))
    worked = left = 0.0
    spells = [(began.timestamp(), ended.timestamp()) for began, ended in sessions]
    in_sessions = sum(ended - began for began, ended in spells)
    for _worker, taken_at, submitted_at, ended_at, lease_until, state, known in work:
        until = submitted_at or min(ended_at, lease_until)
        took = max(0.0, (until - taken_at).total_seconds())
        if submitted_at is None and state != AssignmentState.BROKEN:
            left += took
        else:
            worked += known if known is not None else took
        spells.append((taken_at.timestamp(), until.timestamp()))
    return WholeTime(
        days=int(in_force("pay.whole_time_days", at=at)),
        currency=currency,
        paid_minor=paid_minor,
        worked_seconds=round(worked),
        left_seconds=round(left),
        search_seconds=round(search_seconds(spells, most_gap_seconds=gap)),
        session_seconds=round(in_sessions),
        gap_seconds=gap,
    )
