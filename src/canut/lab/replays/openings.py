"""How one project opened, run again under any charter: values in, values out.

Whether somebody stood at a threshold is known from what happened: while one held, somebody stood there; where
it fell to somebody, nobody stood above; and whoever took a task was there. Nobody else is taken to be.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import cast

from canut.lab.replays.charters import Charter
from canut.reputation.rules_cascade import (
    Beat,
    Ladders,
    Policy,
    fallen,
    has_ended,
    newcomer_places,
    next_threshold,
)
from canut.reputation.rules_ratings import Factors, Rating, standing_toward

MOST_BEATS = 5_000
SHARES_IN = 100_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rating of somebody's work, and until when it counted."""

    rating: Rating
    counts_until: datetime | None


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of the record: the threshold from `at` on, and the shares of work that were looked at.

    `of` is the moment of its beat, which is earlier where the site was late. `best` is the highest standing
    of those who could come, where that was looked for.
    """

    of: datetime
    at: datetime
    threshold: Decimal | None
    potential: Decimal | None = None
    worked: Decimal | None = None
    best: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """Somebody took a task, or handed one in, of the project while it opened or after."""

    worker_id: int
    at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One start of a project's cascade, up to the next one: what was recorded, and who came."""

    project_id: int
    owner_id: int
    group_id: int
    policy: str
    started_at: datetime
    until: datetime
    moves: Sequence[Moved]
    takings: Sequence[Taking]
    places: int
    ratings: Mapping[int, Sequence[Judgement]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """How it opened: the threshold from each moment on, and from when on each taking could have been.

    `open_at` is when everybody could come. `allowed` follows the order of takings; None in either: not in the
    time. `newcomers` counts the takings of unrated workers that came by places kept for them.
    """

    path: Sequence[tuple[datetime, Decimal | None]]
    open_at: datetime | None
    allowed: Sequence[datetime | None]
    standings: Sequence[Decimal]
    newcomers: int


def open_again(opening: Opening, *, was: Charter, tried: Charter) -> Opened:
    """Return how the project would have opened under `tried`, where it opened under `was`.

    With the same charter twice, that is how it did, as far as the record tells.
    """
    at = opening.started_at
    standings = [standing_of(opening, one, was=was, charter=tried) for one in opening.takings]
    path = _path(opening, standings, _policy(opening, was=was, tried=tried), charter=tried)
    end = next((moment for moment, threshold in path if threshold is None), None)
    beat = timedelta(seconds=tried.value("cascade.beat_seconds", at=at))
    kept = newcomer_places(opening.places, share=tried.value("newcomers.place_share", at=at))
    most = tried.value("newcomers.most_places", at=at)
    opens_to_newcomers = at + (tried.value("newcomers.first_beat", at=at) - 1) * beat
    allowed: list[datetime | None] = []
    used: dict[int, int] = {}
    for taking, standing in zip(opening.takings, standings, strict=True):
        moment = _reached(path, standing)
        is_newcomer = not _counting(opening, taking.worker_id, taking.at)
        is_sooner = moment is None or opens_to_newcomers < moment
        free = sum(used.values()) < kept and used.get(taking.worker_id, 0) < most
        if is_newcomer and is_sooner and free and opens_to_newcomers < opening.until:
            used[taking.worker_id] = used.get(taking.worker_id, 0) + 1
            moment = opens_to_newcomers
        allowed.append(moment)
    return Opened(path, end, allowed, standings, sum(used.values()))


def standing_of(opening: Opening, taking: Taking, *, was: Charter, charter: Charter) -> Decimal:
    """Return the taker's standing toward the project when they took the task, as `charter` weighs ratings."""
    counting = _counting(opening, taking.worker_id, taking.at)
    weighed = [_weighed(one, was=was, charter=charter) for one in counting]
    factors = Factors(
        project_group=charter.value("standing.project_group_factor", at=taking.at),
        requester=charter.value("standing.requester_factor", at=taking.at),
        platform=charter.value("standing.platform_factor", at=taking.at),
        platform_least_requesters=charter.value("standing.platform_least_requesters", at=taking.at),
        unrated=charter.value("standing.unrated", at=taking.at),
        decimals=charter.value("standing.decimals", at=taking.at),
    )
    found = standing_toward(
        weighed, requester_id=opening.owner_id, group_id=opening.group_id, factors=factors
    )
    return found.value


def ladders(charter: Charter, *, at: datetime) -> Ladders:
    """Return the charter's numbers for the cascade."""
    return Ladders(
        first=charter.value("cascade.first_threshold", at=at),
        last=charter.value("cascade.last_threshold", at=at),
        ladder=charter.value("cascade.ladder_thresholds", at=at),
        throughput=charter.value("cascade.throughput_thresholds", at=at),
        hold_share=charter.value("cascade.throughput_hold_share", at=at),
        decimals=charter.value("standing.decimals", at=at),
    )


def reweighed(value: Decimal, old: Sequence[Decimal], new: Sequence[Decimal]) -> Decimal:
    """Return what a rating between the old weights of ✓+ and ✓− counts by the new ones: in proportion."""
    for (high, low), (to_high, to_low) in zip(pairwise(old), pairwise(new), strict=True):
        if low <= value <= high:
            return to_low + (value - low) * (to_high - to_low) / (high - low)
    return min(max(value, new[-1]), new[0])


def _weighed(one: Rating, *, was: Charter, charter: Charter) -> Rating:
    old = was.value("rating.weights", at=one.given_at)
    new = charter.value("rating.weights", at=one.given_at)
    if old == new:
        return one
    return Rating(one.id, one.rater_id, one.group_id, reweighed(one.value, old, new), one.given_at)


def _counting(opening: Opening, worker_id: int, at: datetime) -> list[Rating]:
    return [
        one.rating
        for one in opening.ratings.get(worker_id, ())
        if one.rating.given_at <= at and (one.counts_until is None or one.counts_until > at)
    ]


def _policy(opening: Opening, *, was: Charter, tried: Charter) -> str:
    default = was.value("cascade.default_policy", at=opening.started_at)
    if opening.policy != default:
        return opening.policy
    return str(tried.value("cascade.default_policy", at=opening.started_at))


def _path(
    opening: Opening, standings: Sequence[Decimal], policy: str, *, charter: Charter
) -> list[tuple[datetime, Decimal | None]]:
    """Return the threshold from each moment on; None is for everybody."""
    at = opening.started_at
    numbers = ladders(charter, at=at)
    if policy == "open" or charter.value("moratorium.cascade", at=at):
        return [(at, None)]
    step = timedelta(seconds=charter.value("cascade.beat_seconds", at=at))
    threshold = fallen(numbers.first, best=_best(opening, standings, at), last=numbers.last)
    path: list[tuple[datetime, Decimal | None]] = [(at, threshold)]
    reference = 0
    for _beat in range(MOST_BEATS):
        began, at = at, at + step
        if has_ended(threshold, numbers):
            path[-1] = (path[-1][0], None)
            break
        if at >= opening.until:
            break
        count = _count(opening, began, at) if policy == "throughput" else 0
        seen = _seen(opening, standings, threshold, at, count=count, reference=reference)
        moved = next_threshold(cast(Policy, policy), seen, numbers)
        reference = max(reference, count) if moved == threshold else 0
        if moved != threshold:
            path.append((at, moved))
        threshold = moved
    return path


def _seen(
    opening: Opening,
    standings: Sequence[Decimal],
    threshold: Decimal,
    at: datetime,
    *,
    count: int,
    reference: int,
) -> Beat:
    recorded = _recorded(opening, at)
    potential = recorded.potential if recorded and recorded.potential is not None else Decimal(0)
    worked = recorded.worked if recorded and recorded.worked is not None else Decimal(0)
    return Beat(
        threshold=threshold,
        standings=standings,
        best=_best(opening, standings, at),
        count=count,
        reference=reference,
        potential_seconds=int(potential * SHARES_IN),
        platform_potential_seconds=SHARES_IN,
        worked_seconds=int(worked * SHARES_IN),
        platform_worked_seconds=SHARES_IN,
    )


def _best(opening: Opening, standings: Sequence[Decimal], at: datetime) -> Decimal | None:
    """Return the highest standing of those who could have come at `at`, as far as the record tells."""
    recorded = _recorded(opening, at)
    known = list(standings)
    if recorded is not None and recorded.best is not None:
        later = [own for one, own in zip(opening.takings, standings, strict=True) if one.at >= at]
        known = [recorded.best, *later]
    if recorded is not None and recorded.threshold is not None:
        known.append(recorded.threshold)
    return max(known, default=None)


def _recorded(opening: Opening, at: datetime) -> Moved | None:
    position = bisect_right([one.at for one in opening.moves], at)
    return opening.moves[position - 1] if position else None


def _count(opening: Opening, began: datetime, ended: datetime) -> int:
    return sum(began <= one.at < ended for one in opening.takings) + sum(
        one.submitted_at is not None and began <= one.submitted_at < ended for one in opening.takings
    )


def _reached(path: Iterable[tuple[datetime, Decimal | None]], standing: Decimal) -> datetime | None:
    """Return from when on somebody of this standing may come."""
    return next((moment for moment, threshold in path if threshold is None or threshold <= standing), None)
