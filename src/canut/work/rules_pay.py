"""Pay that is never under the floor: how long work really takes, and what that adds to a reward."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class TimeReport:
    """How long one worker took for one task, in seconds of active work.

    `stated_seconds` is the worker's own figure (the timer's where they left it to the timer);
    `measured_seconds` is the timer's. None or zero means that it is not known.
    """

    task_id: int
    worker_id: int
    stated_seconds: int | None
    measured_seconds: int | None = None


def typical_seconds(reports: Iterable[TimeReport], *, worker_divisor: int = 3) -> Decimal:
    """Return how long the typical worker takes for the typical task: T, the median of the tasks' medians.

    1. A task's figures are the times its workers state; where none of them stated any, what the
       timer measured; a task with neither is left out.
    2. Every task weighs 1, shared equally by its figures. A worker's weight is the sum of theirs.
    3. Nobody weighs more than all together divided by `worker_divisor` (a third): the figures of who
       would are made lighter, all in proportion, to the largest weight for which this holds. With no
       more than `worker_divisor` workers, all weigh the same.
    4. T is the weighted median of the tasks' weighted medians, a task now weighing the sum of its
       figures. Where the middle falls between two values it is the mean of them.

    Where nobody is too heavy, all this is the plain median of the tasks' plain medians. The result
    is exact: quarters of a second at most.

    Raises:
        ValueError: no report holds a time, so there is nothing to judge by.

    Source: Whiting, Hugh, Bernstein. "Fair Work: Crowd Work Minimum Wage with One Line of Code".
    HCOMP 2019, https://doi.org/10.1609/hcomp.v7i1.5283, which takes the median of the tasks' medians. The
    limit on one worker's weight and the timer's figures are ours (MECHANISMS 4.2).
    """
    tasks = _figures_by_task(reports)
    if not tasks:
        raise ValueError("typical_seconds needs at least one known time")
    lighter = _lighter_by_worker(tasks, worker_divisor)
    medians = []
    for figures in tasks.values():
        each = Fraction(1, len(figures))
        weighted = [(Fraction(seconds), each * lighter[worker]) for worker, seconds in figures]
        medians.append((weighted_median(weighted), sum((weight for _, weight in weighted), Fraction(0))))
    return _decimal(weighted_median(medians))


def weighted_median(weighted: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the value below and above which no more than half the weight lies, of (value, weight) pairs.

    Where that holds for two neighbours and all between them, the mean of the two.

    Raises:
        ValueError: there is no pair.
    """
    if not weighted:
        raise ValueError("weighted_median needs at least one value")
    half = sum((weight for _, weight in weighted), Fraction(0)) / 2
    reached, lower = Fraction(0), None
    for value, weight in sorted(weighted):
        reached += weight
        if lower is None and reached >= half:
            lower = value
        if reached > half:
            assert lower is not None
            return (lower + value) / 2
    raise ValueError("weighted_median needs weights above zero")


def shares_of_workers(reports: Iterable[TimeReport], *, worker_divisor: int = 3) -> dict[int, Fraction]:
    """Return how much each worker's figures weigh in `typical_seconds`, as parts of one.

    Nobody has more than one part of `worker_divisor`, but where there are fewer workers than that.
    """
    tasks = _figures_by_task(reports)
    lighter = _lighter_by_worker(tasks, worker_divisor) if tasks else {}
    weights = {worker: own * lighter[worker] for worker, own in _own_weights(tasks).items()}
    total = sum(weights.values(), Fraction(0))
    return {worker: weight / total for worker, weight in weights.items()}


def medians_of_workers(reports: Iterable[TimeReport]) -> dict[int, Decimal]:
    """Return the median of the times each worker states, the timer's where they stated none at all."""
    own: dict[int, list[TimeReport]] = defaultdict(list)
    for report in reports:
        own[report.worker_id].append(report)
    found = {}
    for worker, theirs in own.items():
        figures = [r.stated_seconds for r in theirs if r.stated_seconds] or [
            r.measured_seconds for r in theirs if r.measured_seconds
        ]
        if figures:
            found[worker] = _decimal(weighted_median([(Fraction(one), Fraction(1)) for one in figures]))
    return found


def is_outlying(*, seconds: Decimal, typical: Decimal, factor: Decimal) -> bool:
    """Return whether a worker's median lies so far from T that a person should look at it.

    That is `factor` times T and more, or T divided by `factor` and less. Nothing follows from it by
    itself (MECHANISMS 4.6).
    """
    return seconds >= typical * factor or seconds * factor <= typical


def shortfall_minor(*, reward_minor: int, typical: Decimal, floor_hourly_minor: int) -> Fraction:
    """Return by how much a reward stays under what the typical time earns at the floor; never negative.

    In the currency's smallest unit, and exact: it is rounded only once it is summed (`top_up_minor`).
    It is the same whether the worker reported a time or not (MECHANISMS 4.3).

    Source: Whiting, Hugh, Bernstein. "Fair Work: Crowd Work Minimum Wage with One Line of Code".
    HCOMP 2019, https://doi.org/10.1609/hcomp.v7i1.5283.
    """
    owed = Fraction(typical) * floor_hourly_minor / SECONDS_AN_HOUR
    return max(Fraction(0), owed - reward_minor)


def top_up_minor(shortfalls: Iterable[Fraction]) -> int:
    """Return what one settlement adds to one worker's pay: the sum of the shortfalls, rounded up once.

    In the currency's smallest unit. Fractions go to the worker (MECHANISMS 4.3).
    """
    return ceil(sum(shortfalls, Fraction(0)))


def report_step_seconds(
    *, expected_seconds: int, step_seconds: int, short_under_seconds: int, short_step_seconds: int
) -> int:
    """Return in which steps a worker states the active time: finer ones for a short task (MECHANISMS 4.1)."""
    return short_step_seconds if expected_seconds < short_under_seconds else step_seconds


def search_seconds(spells: Iterable[tuple[float, float]], *, most_gap_seconds: float) -> float:
    """Return how long somebody searched for work: the gaps between their spells of work, long rests left out.

    A spell is the beginning and the end of one piece of work, in seconds from any moment. A gap of
    more than `most_gap_seconds` is a rest and counts nothing; spells that overlap have none.

    Source: Hara, Adams, Milland, Savage, Callison-Burch, Bigham. "A Data-Driven Analysis of Workers'
    Earnings on Amazon Mechanical Turk". CHI 2018, https://doi.org/10.1145/3173574.3174023, whose lesson
    it is that unpaid time lowers pay per hour. The length of a gap that still counts is the charter's.
    """
    total, busy_until = 0.0, None
    for began, ended in sorted(spells):
        if busy_until is not None and 0 < began - busy_until <= most_gap_seconds:
            total += began - busy_until
        busy_until = ended if busy_until is None else max(busy_until, ended)
    return total


def _figures_by_task(reports: Iterable[TimeReport]) -> dict[int, list[tuple[int, int]]]:
    """Return each task's figures as (worker, seconds): the stated ones, or else the measured ones."""
    stated: dict[int, list[tuple[int, int]]] = defaultdict(list)
    measured: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one in reports:
        if one.stated_seconds:
            stated[one.task_id].append((one.worker_id, one.stated_seconds))
        if one.measured_seconds:
            measured[one.task_id].append((one.worker_id, one.measured_seconds))
    return {task: stated.get(task) or measured[task] for task in sorted({*stated, *measured})}


def _own_weights(tasks: Mapping[int, Sequence[tuple[int, int]]]) -> dict[int, Fraction]:
    """Return each worker's weight before anybody is made lighter; a task's figures share its 1."""
    counts: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for figures in tasks.values():
        for worker, _seconds in figures:
            counts[worker][len(figures)] += 1
    return {
        worker: sum((Fraction(number, size) for size, number in sizes.items()), Fraction(0))
        for worker, sizes in counts.items()
    }


def _lighter_by_worker(
    tasks: Mapping[int, Sequence[tuple[int, int]]], worker_divisor: int
) -> dict[int, Fraction]:
    """Return by what each worker's figures are multiplied so that nobody weighs more than their part.

    With the m heaviest limited to a weight of c, c = (m·c + the rest) / divisor, so c is the rest
    divided by (divisor − m); m is the least for which nobody of the rest weighs more than c.
    """
    own = _own_weights(tasks)
    if len(own) <= worker_divisor:
        most = min(own.values())
    else:
        heaviest = sorted(own.values(), reverse=True)
        rest, limited = sum(heaviest, Fraction(0)), 0
        while heaviest[limited] * (worker_divisor - limited) > rest:
            rest -= heaviest[limited]
            limited += 1
        most = rest / (worker_divisor - limited)
    return {worker: min(Fraction(1), most / weight) for worker, weight in own.items()}


def _decimal(value: Fraction) -> Decimal:
    """Return a fraction of a second as it is stored: exact, for medians come in quarters at most."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
