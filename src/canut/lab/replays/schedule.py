"""When a design's time is settled, run again under any charter: values in, values out (MECHANISMS 4.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from canut.lab.replays.charters import Charter
from canut.work.rules_pay import TimeReport

LOOKED_AT_EVERY = timedelta(minutes=10)
"""How often the site looks for what is due while work goes on."""


@dataclass(frozen=True, slots=True)
class Approved:
    """One approved assignment with its report."""

    assignment_id: int
    worker_id: int
    at: datetime
    report: TimeReport


@dataclass(frozen=True, slots=True)
class Design:
    """One revision's approved work, in the order of approval, and what ends it.

    The first `settled_before` were settled before the time looked at, the last of them at `last_at`. From
    `over_at` on nothing of it can be taken any more, and from `quiet_at` on nothing is undecided.
    """

    expected_seconds: int
    approved: Sequence[Approved]
    settled_before: int = 0
    last_at: datetime | None = None
    over_at: datetime | None = None
    quiet_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One settlement: the work from `first` up to `upto` is new in it."""

    at: datetime
    first: int
    upto: int


def settlements(design: Design, *, since: datetime, until: datetime, charter: Charter) -> list[Look]:
    """Return when the design would be settled in the time, and of which work."""
    moments: list[datetime] = []
    came = [one.at for one in design.approved]
    waited = [at + _patience(charter, max(at, since)) for at in came]
    for moment in (since, design.over_at, design.quiet_at, *came, *waited):
        if moment is not None and since <= moment < until:
            heappush(moments, moment)
    if design.last_at is not None:
        heappush(moments, max(since, design.last_at + _rest(charter, design.last_at)))
    looks: list[Look] = []
    done, last_at = design.settled_before, design.last_at
    while moments:
        now = heappop(moments)
        at = _is_due(design, done, last_at, now, charter=charter)
        if at is None or at >= until:
            continue
        upto = sum(one.at <= at for one in design.approved)
        looks.append(Look(at, done, upto))
        done, last_at = upto, at
        heappush(moments, at + _rest(charter, at))
    return looks


def _is_due(
    design: Design, done: int, last_at: datetime | None, now: datetime, *, charter: Charter
) -> datetime | None:
    """Return when what is due at `now` is settled, None if nothing is."""
    if last_at is not None and now < last_at:
        return None
    new = [one for one in design.approved[done:] if one.at <= now]
    if not new:
        return None
    is_rested = last_at is None or now >= last_at + _rest(charter, now)
    if design.over_at is not None and design.over_at <= now:
        is_quiet = design.quiet_at is not None and design.quiet_at <= now
        return now if is_rested or is_quiet else None
    enough = charter.value("pay.settlement_least_assignments", at=now)
    workers = charter.value("pay.settlement_least_workers", at=now)
    is_enough = len(new) >= enough and len({one.worker_id for one in new}) >= workers
    waits_too_long = min(one.at for one in new) + _patience(charter, now) <= now
    return _next_look(now) if is_rested and (is_enough or waits_too_long) else None


def _rest(charter: Charter, at: datetime) -> timedelta:
    return timedelta(hours=charter.value("pay.settlement_hours", at=at))


def _patience(charter: Charter, at: datetime) -> timedelta:
    """Return how long work waits for more of it at most."""
    return timedelta(days=charter.value("deciding.payable_days", at=at))


def _next_look(now: datetime) -> datetime:
    beginning = datetime(2000, 1, 1, tzinfo=UTC)
    past = (now - beginning) % LOOKED_AT_EVERY
    return now + (LOOKED_AT_EVERY - past if past else timedelta(0))
