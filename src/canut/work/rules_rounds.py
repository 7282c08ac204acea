"""Prototype rounds: a design is tried on a few workers before it is paid for a thousand times.

The rules are those of MECHANISMS 3; every number in them is a parameter of the charter.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from math import ceil, isqrt
from typing import Any, Literal

from canut.work.rules import least_reward_minor

Outcome = Literal["running", "passed", "stopped", "refunded"]


@dataclass(frozen=True, slots=True)
class RoundSize:
    """How much of a design is tried: so many tasks, each by at most so many workers.

    `places` is the sum over the tasks, less than the product where a task wants fewer answers.
    `most_per_worker` is how many of them one worker takes.
    """

    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int


def round_size(wanted: Mapping[int, int], *, least_workers: int, places_divisor: int) -> RoundSize:
    """Return how large a prototype round of a design is.

    `wanted` says of each number of answers how many tasks want so many; n is the number of the tasks,
    r the answers a task wants, in the mean and rounded down. The round has ⌊√n⌋ tasks and ⌊√r⌋ workers a
    task. Where fewer than `least_workers` different people could take part, it is enlarged: by tasks while
    there are any, then by workers a task; a design with too few places for so many people is tried
    whole. Nobody takes more than the places divided by `places_divisor`, rounded up (a third). Tasks that
    want the most answers are counted on first.

    Raises:
        ValueError: no task wants an answer.

    Source: Gaikwad et al. "Prototype Tasks: Improving Crowdsourcing Results through Rapid, Iterative
    Task Design". HCOMP 2017 works in progress, https://arxiv.org/abs/1707.05645. The square roots and
    the limit on one worker are ours (MECHANISMS 3.2).
    """
    tasks_in_all = sum(count for answers, count in wanted.items() if answers > 0)
    if not tasks_in_all:
        raise ValueError("round_size needs at least one task that wants an answer")
    answers_in_all = sum(answers * count for answers, count in wanted.items())
    most_answers = max(wanted)
    tasks, workers = isqrt(tasks_in_all), isqrt(answers_in_all // tasks_in_all)
    while True:
        size = _sized(wanted, tasks, workers, places_divisor)
        if size.places >= least_workers:
            return size
        if tasks < tasks_in_all:
            tasks += 1
        elif workers < most_answers:
            workers += 1
        else:
            return size


def _sized(wanted: Mapping[int, int], tasks: int, workers: int, places_divisor: int) -> RoundSize:
    places, left = 0, tasks
    for answers in sorted(wanted, reverse=True):
        drawn = min(left, wanted[answers])
        places, left = places + drawn * min(answers, workers), left - drawn
    return RoundSize(tasks, workers, places, most_per_worker=-(-places // places_divisor))


def covers_tasks(*, tasks: int, factor: Decimal) -> int:
    """Return how many tasks may begin after a passed round: the square of its tasks times `factor`.

    Rounded down. With the square root of n tasks tried and a factor of 4, a first round always covers
    the n tasks it was drawn from (MECHANISMS 3.6).
    """
    return int(tasks * tasks * factor)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a design stands before some of its tasks begin.

    `tasks_waiting` are the tasks that are to begin, `tasks_begun` those that have begun under the same
    design in the same project, `tasks_covered` what its passed rounds cover together. `places_in_all` are
    all places of the project and of its owner's other projects that count together with it.
    `stopped_before` tells that a round of the project was stopped or refunded since the last one passed.
    """

    tasks_waiting: int
    tasks_begun: int
    tasks_covered: int
    places_in_all: int
    stopped_before: bool


def needs_round(standing: Standing, *, least_places: int) -> bool:
    """Return whether what waits must begin with a prototype round (MECHANISMS 3.1, 3.6).

    It need not if passed rounds of the same design cover it, or if the project is so small that none
    asks for a round: fewer than `least_places` places, together with its owner's other projects of the
    same design. A small project whose round was stopped is not small any more: it has been tried.
    """
    if standing.tasks_begun + standing.tasks_waiting <= standing.tasks_covered:
        return False
    return bool(standing.tasks_covered) or standing.stopped_before or standing.places_in_all >= least_places


@dataclass(frozen=True, slots=True)
class Votes:
    """How many of a round's workers voted to publish, and how many to revise."""

    publish: int
    revise: int

    @property
    def all(self) -> int:
        return self.publish + self.revise


def counted(verdicts: Iterable[str]) -> Votes:
    """Return how often each verdict was given."""
    given = list(verdicts)
    return Votes(publish=given.count("publish"), revise=given.count("revise"))


def verdict_of(votes: Votes, *, publish_share: Decimal) -> Outcome:
    """Return whether a round passes: at least `publish_share` (66 %) of those who voted say *publish*.

    A round in which nobody voted does not pass.

    Source: Gaikwad et al., https://arxiv.org/abs/1707.05645; the share is MECHANISMS 3.5.
    """
    passes = votes.all > 0 and votes.publish >= publish_share * votes.all
    return "passed" if passes else "stopped"


def decided(
    votes: Votes,
    *,
    all_in: bool,
    opened_at: datetime,
    at: datetime,
    publish_share: Decimal,
    stall: timedelta,
    stall_least_votes: int,
    least_votes: int = 1,
) -> Outcome:
    """Return what becomes of a running round at `at`: it may go on running.

    When every place is handed in, the votes decide. Who stays away holds nobody up: after `stall` (72
    hours) a round with at least `stall_least_votes` votes is decided by them, and one with fewer is
    refunded (MECHANISMS 3.5). So is one of which so many rows were withdrawn as broken that fewer than
    `least_votes` people could vote: with fewer than that no round ever begins.
    """
    if all_in:
        return verdict_of(votes, publish_share=publish_share) if votes.all >= least_votes else "refunded"
    if at < opened_at + stall:
        return "running"
    if votes.all < stall_least_votes:
        return "refunded"
    return verdict_of(votes, publish_share=publish_share)


def suggested_reward_minor(*, typical_seconds: Decimal, floor_hourly_minor: int) -> int:
    """Return the least reward for which the time that a round's workers took earns the hourly floor.

    `typical_seconds` is `rules_pay.typical_seconds` of the round's reports, counted in whole seconds. In
    minor units. Both are rounded up: fractions go to the worker (MECHANISMS 3.7).
    """
    return least_reward_minor(expected_seconds=ceil(typical_seconds), floor_hourly_minor=floor_hourly_minor)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a worker is promised beside what they see: amounts in minor units."""

    design_hash: str
    reward_minor: int
    hourly_minor: int
    expected_seconds: int


def is_same_design(tried: Terms, now: Terms) -> bool:
    """Return whether what was tried still holds: nothing a worker sees differs, and nothing got worse.

    A higher reward or a longer expected time is no changed design; a lower one is (MECHANISMS 3.1).
    """
    return (
        tried.design_hash == now.design_hash
        and now.reward_minor >= tried.reward_minor
        and now.hourly_minor >= tried.hourly_minor
        and now.expected_seconds >= tried.expected_seconds
    )


def design_hash(
    design: Mapping[str, Any],
    *,
    lease_seconds: int,
    pay_basis: str,
    session_most_seconds: int,
    risks: Iterable[str],
) -> str:
    """Return the same text for designs in which a worker sees and answers the same in the same time.

    `design` is the design's JSON as it is stored. In it, the order of keys means nothing; the order of
    items does.
    """
    seen = {
        "design": design,
        "lease_seconds": lease_seconds,
        "pay_basis": pay_basis,
        "session_most_seconds": session_most_seconds,
        "risks": sorted(risks),
    }
    written = json.dumps(seen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


_NAMES = {"name", "value", "version", "type"}
"""What workers do not read in a design."""


def words_hash(design: Mapping[str, Any]) -> str:
    """Return the same text for designs whose words are the same, whatever their names and marks.

    By it an owner's projects count together, so that cutting one into many small ones and changing a
    comma in each goes round nothing (MECHANISMS 3.1). Only letters and digits count, in lower case.
    """
    words = "\n".join(re.sub(r"[\W_]+", "", text.casefold()) for text in _texts(design))
    return sha256(words.encode()).hexdigest()


def _texts(part: Any) -> Iterable[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for name in sorted(part):
            if name not in _NAMES:
                yield from _texts(part[name])
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _texts(each)


def helped(before: Votes, after: Votes) -> bool:
    """Return whether a revision helped: a larger share of its round's workers voted to publish.

    It did not if nobody voted in one of the two rounds.
    """
    return before.all > 0 and after.all > 0 and after.publish * before.all > before.publish * after.all
