"""One project's work run through the rules of pay again, under any charter: values in, values out.

What was promised stands: a price above the least stays as its requester chose it, and only one that would
have been refused is raised to the least that is allowed. A rate of the fee or a levy is the one in force when
the project was published, as it is on the site.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from math import ceil

from canut.charter.rules import EVERYBODY, Scope
from canut.lab.replays.charters import Charter
from canut.ledger.rules import dues_minor
from canut.work.queries.pricing import DUES
from canut.work.rules import least_reward_minor, paid_seconds
from canut.work.rules_hours import Session, spent
from canut.work.rules_pay import TimeReport, shortfall_minor, top_up_minor, typical_seconds

FLOOR = "pay.floor_hourly_minor"
BREAKS = "pay.risk_break_share"
DIVISOR = "pay.worker_reports_divisor"
LEAST_SESSION = "pay.session_least_seconds"


@dataclass(frozen=True, slots=True)
class Terms:
    """What one published revision promised. `tried_seconds` is what its round's workers took, once passed."""

    reward_minor: int
    hourly_minor: int
    expected_seconds: int
    published_at: datetime
    tried_seconds: Decimal | None = None
    launched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What a review is of, so that its pay can be worked out again: `steps` is 2 of a review of a review."""

    of_expected_seconds: int
    steps: int
    guild: int


@dataclass(frozen=True, slots=True)
class Work:
    """One approved assignment; one that was approved before the time looked at is settled in it, and `counts`
    nowhere else."""

    assignment_id: int
    revision_id: int
    worker_id: int
    reward_minor: int
    taken_at: datetime
    submitted_at: datetime
    in_round: bool = False
    rework_minor: int = 0
    returned_at: datetime | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class SessionDone:
    """One session by the hour that has ended, and what it was paid."""

    worker_id: int
    revision_id: int
    opened_at: datetime
    closed_at: datetime
    times: Session
    paid_minor: int
    cut_short_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """One settlement: when, of which new work, and what T was. Seconds of each report as it was given.

    `all_reports` are those of all work that T goes by; empty where T is not worked out again. `refused` are
    the workers whose top-up a person decided not to pay.
    """

    at: datetime
    typical: Decimal
    by_reports: bool
    new: Sequence[int]
    all_reports: Sequence[TimeReport] = ()
    refused: frozenset[int] = frozenset()
    booked: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectBooks:
    """All that pay of one project goes by in the time looked at."""

    project_id: int
    owner_id: int
    fund: str
    is_paid: bool
    risks: Sequence[str]
    published_at: datetime
    paid_before_minor: int
    terms: Mapping[int, Terms]
    work: Sequence[Work] = ()
    sessions: Sequence[SessionDone] = ()
    settled: Sequence[Settled] = ()
    duty: Duty | None = None
    people: Mapping[int, Scope] = field(default_factory=dict)

    def scope(self, worker_id: int) -> Scope:
        return self.people.get(worker_id, EVERYBODY)


@dataclass(frozen=True, slots=True)
class Paid:
    """What one project's work came to. `raised` counts the revisions whose price would have been refused."""

    rewards: int
    reworks: int
    sessions: int
    top_ups: int
    dues: Mapping[str, int]
    by_worker: Mapping[int, int]
    topped_up: int
    raised: frozenset[int]

    @property
    def pay_minor(self) -> int:
        return self.rewards + self.reworks + self.sessions + self.top_ups

    @property
    def cost_minor(self) -> int:
        return self.pay_minor + sum(self.dues.values())


def run_again(books: ProjectBooks, *, was: Charter, tried: Charter) -> Paid:
    """Return what the project's work comes to under `tried`, where it was done under `was`.

    With the same charter twice, that is what the site booked.
    """
    rewards = {one.assignment_id: _reward(books, one, was=was, tried=tried) for one in books.work}
    by_worker: dict[int, int] = defaultdict(int)
    reworks = sessions = 0
    here = [one for one in books.work if one.counts]
    for one in here:
        rework = _rework(books, one, was=was, tried=tried)
        by_worker[one.worker_id] += rewards[one.assignment_id] + rework
        reworks += rework
    for session in books.sessions:
        paid = _session(books, session, was=was, tried=tried)
        by_worker[session.worker_id] += paid
        sessions += paid
    top_ups = topped_up = 0
    if books.is_paid:
        for settled in books.settled:
            for worker_id, amount in top_ups_of(books, settled, rewards, charter=tried).items():
                by_worker[worker_id] += amount
                top_ups += amount
                topped_up += 1
    earned = sum(rewards[one.assignment_id] for one in here)
    return Paid(
        rewards=earned,
        reworks=reworks,
        sessions=sessions,
        top_ups=top_ups,
        dues=_dues(books, earned + sessions, charter=tried),
        by_worker=dict(by_worker),
        topped_up=topped_up,
        raised=_raised(books, was=was, tried=tried),
    )


def least_of(books: ProjectBooks, terms: Terms, *, after_round: bool, charter: Charter) -> int:
    """Return the smallest reward that the revision could be published with, or launched after its round."""
    share = charter.value(BREAKS, at=books.published_at)
    seconds, at = terms.expected_seconds, terms.published_at
    if after_round and terms.tried_seconds is not None:
        seconds, at = ceil(terms.tried_seconds), terms.launched_at or terms.published_at
    return least_reward_minor(
        expected_seconds=paid_seconds(seconds, books.risks, share),
        floor_hourly_minor=charter.floor_highest(at=at),
    )


def top_ups_of(
    books: ProjectBooks, settled: Settled, rewards: Mapping[int, int], *, charter: Charter
) -> dict[int, int]:
    """Return what each worker is owed above these rewards by one settlement, nobody with nothing."""
    typical = settled.typical
    if settled.by_reports and settled.all_reports:
        divisor = charter.value(DIVISOR, at=settled.at)
        typical = typical_seconds(settled.all_reports, worker_divisor=divisor)
    breaks = charter.value(BREAKS, at=settled.at) if books.risks else Decimal(0)
    new = set(settled.new)
    lacks: dict[int, list[Fraction]] = defaultdict(list)
    for one in books.work:
        if one.assignment_id in new:
            floor = charter.value(FLOOR, at=one.submitted_at, scope=books.scope(one.worker_id))
            lacks[one.worker_id].append(
                shortfall_minor(
                    reward_minor=rewards[one.assignment_id],
                    typical=typical * (1 + breaks),
                    floor_hourly_minor=floor,
                )
            )
    owed = {
        worker_id: top_up_minor(lines)
        for worker_id, lines in lacks.items()
        if worker_id not in settled.refused
    }
    return {worker_id: amount for worker_id, amount in owed.items() if amount}


def _reward(books: ProjectBooks, one: Work, *, was: Charter, tried: Charter) -> int:
    if not books.is_paid or not one.reward_minor:
        return one.reward_minor
    if books.duty is not None:
        as_tried = _duty_reward(books, books.duty, one.taken_at, charter=tried)
        as_was = _duty_reward(books, books.duty, one.taken_at, charter=was)
        return one.reward_minor if as_tried == as_was else as_tried
    terms = books.terms[one.revision_id]
    after_round = terms.launched_at is not None and not one.in_round
    least = least_of(books, terms, after_round=after_round, charter=tried)
    if least == least_of(books, terms, after_round=after_round, charter=was):
        return one.reward_minor
    return max(one.reward_minor, least)


def _duty_reward(books: ProjectBooks, duty: Duty, at: datetime, *, charter: Charter) -> int:
    scope = Scope(guild=duty.guild)
    seconds = duty.of_expected_seconds
    for _each in range(duty.steps):
        share = charter.value("guild.review_time_share", at=at, scope=scope)
        least = charter.value("guild.review_least_seconds", at=at, scope=scope)
        seconds = max(least, int((seconds * share).to_integral_value(ROUND_CEILING)))
    hourly = max(charter.floor_highest(at=at), charter.value("guild.review_hourly_minor", at=at, scope=scope))
    paid = paid_seconds(seconds, books.risks, charter.value(BREAKS, at=at))
    return least_reward_minor(expected_seconds=paid, floor_hourly_minor=hourly)


def _rework(books: ProjectBooks, one: Work, *, was: Charter, tried: Charter) -> int:
    if not one.rework_minor or one.returned_at is None:
        return 0
    as_was, as_tried = (
        least_reward_minor(
            expected_seconds=paid_seconds(
                books.terms[one.revision_id].expected_seconds,
                books.risks,
                charter.value(BREAKS, at=books.published_at),
            ),
            floor_hourly_minor=charter.floor_highest(at=one.returned_at),
        )
        for charter in (was, tried)
    )
    return one.rework_minor if as_was == as_tried else as_tried


def _session(books: ProjectBooks, one: SessionDone, *, was: Charter, tried: Charter) -> int:
    terms = books.terms[one.revision_id]
    floors = [charter.floor_highest(at=terms.published_at) for charter in (was, tried)]
    least = [charter.value(LEAST_SESSION, at=one.opened_at) for charter in (was, tried)]
    shares = [
        charter.value(BREAKS, at=one.opened_at) if books.risks else Decimal(0) for charter in (was, tried)
    ]
    if floors[0] == floors[1] and least[0] == least[1] and shares[0] == shares[1]:
        return one.paid_minor
    times = one.times
    has_least = times.least_seconds > 0  # or the session before has had it
    raised = max(0, least[1] - times.least_seconds) if has_least else 0
    times = replace(
        times,
        hourly_minor=times.hourly_minor if floors[0] == floors[1] else max(times.hourly_minor, floors[1]),
        least_seconds=least[1] if has_least and least[0] != least[1] else times.least_seconds,
        reserved_seconds=times.reserved_seconds + raised,
        break_share=shares[1],
    )
    return spent(times, until=one.closed_at, extra_seconds=one.cut_short_seconds).amount_minor


def _dues(books: ProjectBooks, pay_minor: int, *, charter: Charter) -> dict[str, int]:
    if books.fund or not books.is_paid:
        return {}
    rates = {name: charter.value(parameter, at=books.published_at) for name, parameter in DUES.items()}
    before = dues_minor(books.paid_before_minor, rates)
    after = dues_minor(books.paid_before_minor + pay_minor, rates)
    return {name: after[name] - before[name] for name in rates}


def _raised(books: ProjectBooks, *, was: Charter, tried: Charter) -> frozenset[int]:
    """Return the revisions that could not have been published, or launched, at their price."""
    if not books.is_paid or books.duty is not None:
        return frozenset()
    raised = set()
    for revision_id, terms in books.terms.items():
        if not terms.reward_minor:
            floor = tried.floor_highest(at=terms.published_at)
            if terms.hourly_minor and terms.hourly_minor < floor != was.floor_highest(at=terms.published_at):
                raised.add(revision_id)
            continue
        for after_round in (False, True) if terms.launched_at is not None else (False,):
            least = least_of(books, terms, after_round=after_round, charter=tried)
            changed = least != least_of(books, terms, after_round=after_round, charter=was)
            if changed and terms.reward_minor < least:
                raised.add(revision_id)
    return frozenset(raised)
