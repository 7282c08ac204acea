"""What the lab says about many runs: means, intervals of differences, and correlations of ranks."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, stdev

LEAST_RUNS = 5
"""Under so many runs the quantile that an interval is made with would be too far off."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % interval."""

    mean: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


def t_quantile(probability: float, freedom: int) -> float:
    """Return a quantile of Student's t distribution with at least 4 degrees of freedom.

    To 3 decimals for the quantile of a 95 % interval from 8 degrees of freedom on, to 2 from 4 on.

    Source: Abramowitz & Stegun, "Handbook of Mathematical Functions", 1964, 26.7.5.
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def interval(values: Sequence[float]) -> Interval:
    """Return the mean of independent runs and its 95 % interval by Student's t.

    Raises:
        ValueError: there are fewer than `LEAST_RUNS`.
    """
    if len(values) < LEAST_RUNS:
        raise ValueError(f"an interval needs at least {LEAST_RUNS} runs")
    mean = fmean(values)
    half = t_quantile(0.975, len(values) - 1) * stdev(values) / len(values) ** 0.5
    return Interval(mean, mean - half, mean + half)


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value, from 1; equal ones share the mean of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or values[order[end]] != values[order[start]]:
            for place in order[start:end]:
                found[place] = (start + 1 + end) / 2
            start = end
    return found


def spearman(some: Sequence[float], others: Sequence[float]) -> float:
    """Return Spearman's correlation of ranks, equal values sharing a rank.

    0 where one of the two is the same throughout: who gives everybody the same tells nothing.
    """
    first, second = ranks(some), ranks(others)
    middle = (len(first) + 1) / 2
    with_each = sum((a - middle) * (b - middle) for a, b in zip(first, second, strict=True))
    spread = sum((a - middle) ** 2 for a in first) * sum((b - middle) ** 2 for b in second)
    return with_each / spread**0.5 if spread else 0.0
