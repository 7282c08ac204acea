"""Work by the hour (MECHANISMS 4.8): what a session is paid, when it ends by itself, what hours cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from canut.kernel.money import share_minor
from canut.ledger.rules import dues_minor
from canut.work.rules import SECONDS_AN_HOUR, Quote


@dataclass(frozen=True, slots=True)
class Pause:
    """A break inside a session; `ended_at` is None while it lasts."""

    began_at: datetime
    ended_at: datetime | None
    is_paid: bool


@dataclass(frozen=True, slots=True)
class Session:
    """All that the rules look at: one session, by times alone.

    `last_sign_at` is when the worker was last heard of: a page that is looked at, a task taken or
    handed in. `credit_seconds` is how long after it they are believed to be at work: the charter's idle
    time, or while a task is in hand the time it is expected to take, if that is more. `patience_seconds`
    is how long after it the session goes on: the same, or with a task in hand the task's lease.
    `break_share` is the share of worked time that paid breaks may take, zero where nothing is sensitive.
    """

    hourly_minor: int
    least_seconds: int
    reserved_seconds: int
    opened_at: datetime
    ends_at: datetime
    last_sign_at: datetime
    pauses: Sequence[Pause]
    credit_seconds: int
    patience_seconds: int
    longest_break_seconds: int
    break_share: Decimal

    @property
    def pause(self) -> Pause | None:
        """The break that lasts now, if one does."""
        return next((pause for pause in self.pauses if pause.ended_at is None), None)


@dataclass(frozen=True, slots=True)
class Spent:
    """How a session's time up to some moment counts, in whole seconds, and what it comes to.

    `worked_seconds` is the time without breaks, `break_seconds` the part of its paid breaks that is paid,
    `unpaid_seconds` the rest. `paid_seconds` is what is paid in all: never under the least, never over what
    was reserved. `break_minor` is the part of `amount_minor` that pays breaks.
    """

    worked_seconds: int
    break_seconds: int
    unpaid_seconds: int
    paid_seconds: int
    amount_minor: int
    break_minor: int


@dataclass(frozen=True, slots=True)
class Ending:
    """That a session ended by itself: why, and up to when it is paid."""

    ended_by: Literal["hours", "idle"]
    at: datetime


def hours_minor(*, seconds: int, hourly_minor: int) -> int:
    """Return what so many seconds cost at an hourly rate, rounded up to the smallest unit: for the worker."""
    return -(-hourly_minor * seconds // SECONDS_AN_HOUR)


def seconds_for(*, minor: int, hourly_minor: int) -> int:
    """Return for how many whole seconds an amount is enough: what they cost is never above it."""
    return max(0, minor) * SECONDS_AN_HOUR // hourly_minor


def spent(session: Session, *, until: datetime, extra_seconds: int = 0) -> Spent:
    """Return what a session that ends at `until` is paid.

    Its length less unpaid breaks; paid breaks count up to their share of the time worked; at least the
    charter's least and at most what was reserved for it. `extra_seconds` is paid on top for work that the
    requester cut short. The amount is rounded up to the smallest unit.
    """
    unpaid, breaks = _paused(session, paid=False, until=until), _paused(session, paid=True, until=until)
    elapsed = _seconds(until - session.opened_at)
    worked = max(0, elapsed - unpaid - breaks)
    granted = min(breaks, int(worked * session.break_share))
    counted = worked + granted
    paid = min(session.reserved_seconds, max(session.least_seconds, counted + extra_seconds))
    amount = hours_minor(seconds=paid, hourly_minor=session.hourly_minor)
    return Spent(
        worked_seconds=worked,
        break_seconds=granted,
        unpaid_seconds=unpaid + breaks - granted,
        paid_seconds=paid,
        amount_minor=amount,
        break_minor=min(amount, session.hourly_minor * granted // SECONDS_AN_HOUR),
    )


def ends_at(session: Session, *, at: datetime) -> datetime:
    """Return when a session whose worker goes on from `at` without a break has used up its hours."""
    now = spent(session, until=at)
    return at + timedelta(seconds=session.reserved_seconds - now.worked_seconds - now.break_seconds)


def paid_break_left_seconds(session: Session, *, at: datetime) -> int:
    """Return how long a paid break that begins, or lasts, at `at` still is: its share of the time worked."""
    breaks = _paused(session, paid=True, until=at)
    unpaid = _paused(session, paid=False, until=at)
    worked = max(0, _seconds(at - session.opened_at) - unpaid - breaks)
    return max(0, int(worked * session.break_share) - breaks)


def ending(session: Session, *, at: datetime) -> Ending | None:
    """Return how a session has ended by itself by `at`, or None if it goes on.

    Whoever has used up what was reserved has done their hours. Whoever is not heard of for longer than
    the charter's idle time is taken for gone and paid up to the last sign of life, though never under the
    least; with a task in hand not before its time is over. A break that lasts too long ends the session where
    the break began, or where its paid part ended.
    """
    if (pause := session.pause) is not None:
        paid_until = pause.began_at
        if pause.is_paid:
            paid_until += timedelta(seconds=paid_break_left_seconds(session, at=pause.began_at))
            if session.ends_at <= min(at, paid_until):
                return Ending("hours", session.ends_at)
        if at >= paid_until + timedelta(seconds=session.longest_break_seconds):
            return Ending("idle", paid_until)
        return None
    gone_at = session.last_sign_at + timedelta(seconds=session.patience_seconds)
    if gone_at < session.ends_at:
        return Ending("idle", session.last_sign_at) if at >= gone_at else None
    if at >= session.ends_at:
        believed = session.last_sign_at + timedelta(seconds=session.credit_seconds)
        return Ending("hours", min(session.ends_at, believed))
    return None


def reserved_seconds(
    *, most_seconds: int, hours_left_seconds: int, money_left_minor: int, hourly_minor: int
) -> int:
    """Return how long a new session can be: what is left of the longest, the hours and their money.

    Each session is rounded up to the smallest unit, so many short ones cost a little more than their
    hours together: the money bounds them too, and none is ever opened that could not be paid.
    """
    payable = seconds_for(minor=money_left_minor, hourly_minor=hourly_minor)
    return max(0, min(most_seconds, hours_left_seconds, payable))


def round_hours_seconds(
    *, hours_seconds: int, places: int, places_in_all: int, workers: int, least_seconds: int
) -> int:
    """Return how many of a project's hours its prototype round may use.

    Their share by places, but enough that each of its workers can have the least session, and never
    more than all of them.
    """
    share = -(-hours_seconds * places // max(1, places_in_all))
    return min(hours_seconds, max(share, workers * least_seconds))


def hours_quote(
    *,
    hours_seconds: int,
    hourly_minor: int,
    places: int,
    floor_hourly_minor: int,
    rates: Mapping[str, Decimal],
    reserve_share: Decimal,
    pay_before_minor: int = 0,
) -> Quote:
    """Return what `hours_seconds` of sessions at `hourly_minor` cost; as `rules.quote` for work by the hour.

    Pay is the hours at the rate, rounded up; levies and the fee come on top, as differences of rounded
    shares of the running total; the reserve pays rework that is asked for. The reward named in it is the
    hourly rate, which must not be under the floor.
    """
    pay_minor = hours_minor(seconds=hours_seconds, hourly_minor=hourly_minor)
    before, after = dues_minor(pay_before_minor, rates), dues_minor(pay_before_minor + pay_minor, rates)
    floor_minor = hours_minor(seconds=hours_seconds, hourly_minor=floor_hourly_minor)
    return Quote(
        places=places,
        reward_minor=hourly_minor,
        pay_minor=pay_minor,
        dues={name: after[name] - before[name] for name in rates},
        reserve_minor=share_minor(max(pay_minor, floor_minor), reserve_share),
        hourly_minor=hourly_minor,
        least_reward_minor=floor_hourly_minor,
        floor_hourly_minor=floor_hourly_minor,
        hours_seconds=hours_seconds,
    )


def _paused(session: Session, *, paid: bool, until: datetime) -> int:
    """Return how many whole seconds of breaks of one kind lie before `until`."""
    lengths = [
        min(pause.ended_at or until, until) - pause.began_at
        for pause in session.pauses
        if pause.is_paid is paid and pause.began_at < until
    ]
    return _seconds(sum(lengths, timedelta()))


def _seconds(length: timedelta) -> int:
    return max(0, int(length.total_seconds()))
