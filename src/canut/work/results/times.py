"""How long answers took."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from canut.work.results.answers import Codes, Floats


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of some times in seconds, and how many there were."""

    count: int
    lower_quartile_seconds: float
    median_seconds: float
    upper_quartile_seconds: float


@dataclass(frozen=True, eq=False, slots=True)
class SpreadByTask:
    """The same, one entry a task; where a task has no times, the count is 0 and the rest NaN."""

    count: Codes
    lower_quartile_seconds: Floats
    median_seconds: Floats
    upper_quartile_seconds: Floats


def spread(seconds: Sequence[float] | npt.NDArray[np.float64]) -> Spread | None:
    """Return the quartiles of times in seconds, or None if there are none.

    A quartile that falls between two times lies between them in proportion.

    Raises:
        ValueError: a time is negative or not finite.
    """
    of_all = spread_by_task(np.zeros(len(seconds), dtype=np.intp), seconds, tasks=1)
    if not of_all.count[0]:
        return None
    return Spread(
        count=int(of_all.count[0]),
        lower_quartile_seconds=float(of_all.lower_quartile_seconds[0]),
        median_seconds=float(of_all.median_seconds[0]),
        upper_quartile_seconds=float(of_all.upper_quartile_seconds[0]),
    )


def spread_by_task(
    task: Codes, seconds: Sequence[float] | npt.NDArray[np.float64], *, tasks: int
) -> SpreadByTask:
    """Return each task's quartiles; `task` says which of the `tasks` tasks each time belongs to.

    Raises:
        ValueError: a time is negative or not finite, or there are not as many as tasks named.
    """
    times = np.asarray(seconds, dtype=np.float64)
    if times.shape != task.shape:
        raise ValueError("each time needs its task")
    if not np.all(np.isfinite(times) & (times >= 0)):
        raise ValueError("a time is negative or not finite")
    in_order = times[np.lexsort((times, task))]
    count = np.bincount(task, minlength=tasks).astype(np.intp)
    start = np.cumsum(count) - count

    def quartile(quarters: int) -> Floats:
        result = np.full(tasks, np.nan)
        some = count > 0
        steps = (count[some] - 1) * quarters  # quarters of a place, so that places stay whole numbers
        below, rest = start[some] + steps // 4, steps % 4
        above = np.where(rest > 0, below + 1, below)
        result[some] = in_order[below] + (in_order[above] - in_order[below]) * rest / 4
        return result

    return SpreadByTask(
        count=count,
        lower_quartile_seconds=quartile(1),
        median_seconds=quartile(2),
        upper_quartile_seconds=quartile(3),
    )
