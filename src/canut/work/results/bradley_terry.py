"""A ranking out of choices between two."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from math import tanh
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from canut.work.results.answers import OUTCOMES, Codes, Comparisons, Floats

Resample: TypeAlias = Literal["task", "worker", "answer"]

MAX_ITEMS: Final = 2_000
"""More items than this make the tables and the time of a thousand resamplings too large."""

_MOST_STEPS: Final = 10_000

_TIE, _A, _B = (OUTCOMES.index(outcome) for outcome in ("tie", "a", "b"))


def chance_against_average(log_strength: float) -> float:
    """Return the probability of being preferred to an item of log-strength 0.

    It is the same rising scale from 0 to 1 for a strength and for the ends of its interval.
    """
    return 0.5 * (1 + tanh(log_strength / 2))


@dataclass(frozen=True, slots=True)
class Ranked:
    """One item's place.

    `log_strength` is a natural logarithm; its mean over a group is 0. The difference of two is the
    log-odds that the one is preferred to the other, ties counted half. `low` to `high` is its 95 %
    interval, None where nothing could be resampled. Only items of the same `group` (0, 1, ...) were
    compared, directly or through others; `rank` counts from 1 within it, equals share a rank.
    """

    item: Hashable
    group: int
    rank: int
    log_strength: float
    low: float | None
    high: float | None
    wins: int
    losses: int
    ties: int

    @property
    def chance(self) -> float:
        """The probability of being preferred to an average item of the group, ties counted half."""
        return chance_against_average(self.log_strength)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Items by group and rank, and how they were ranked.

    With more than one group, nothing is known about how an item of one compares with an item of
    another, and the page must say so. `uncompared` items have no place at all. `without_estimate`
    counts resamplings left out because no ranking follows from them; that needs `prior_ties=0`.
    """

    places: tuple[Ranked, ...]
    uncompared: tuple[Hashable, ...]
    groups: int
    converged: bool
    resampled_by: Resample
    resamplings: int
    without_estimate: int


def bradley_terry(
    comparisons: Comparisons,
    *,
    prior_ties: float = 1.0,
    resample: Resample = "task",
    resamplings: int = 1000,
    seed: int = 0,
) -> Ranking:
    """Rank items by the Bradley-Terry model, each with a 95 % bootstrap interval.

    A tie is half a win for both, which is evalica's `tie_weight=0.5`. Every item also gets
    `prior_ties` imaginary ties with one imaginary item: without them an item that always won would
    have no finite strength, in the data or in some of the resamplings. 0 turns them off and gives
    the plain maximum likelihood.

    Intervals are percentiles of `resamplings` rankings, each of as many tasks drawn with replacement.
    Tasks are drawn and not answers, since answers to one task share its prompt and its two texts: to
    draw them singly would take five workers' opinions of one pair for five pairs, and give intervals
    that are too narrow for what is asked, how the items do on such tasks. `resample` may be "worker"
    where few workers gave most answers, or "answer". The same `seed` gives the same intervals.

    Items that were never compared, even through others, are ranked in groups of their own, from
    the largest to the smallest. No comparisons give no places.

    Raises:
        ValueError: `prior_ties` or `resamplings` is negative; there are more than MAX_ITEMS items;
            or `prior_ties` is 0 and some items of a group always won or always lost against the
            rest of it, so that no finite strengths fit.

    Source: Bradley, Terry. "Rank Analysis of Incomplete Block Designs". Biometrika 39, 1952,
    https://doi.org/10.2307/2334029. The prior is of the kind in Newman. "Efficient Computation of
    Rankings from Pairwise Comparisons". JMLR 24, 2023, https://www.jmlr.org/papers/v24/22-1086.html,
    with a tie in place of a win and a loss. Computed by the library `evalica`. When finite strengths
    exist: Ford. "Solution of a Ranking Problem from Binary Comparisons". American Mathematical
    Monthly 64(8), 1957, https://doi.org/10.2307/2308513.
    """
    if prior_ties < 0 or resamplings < 0:
        raise ValueError("prior_ties and resamplings cannot be negative")
    if len(comparisons.items) > MAX_ITEMS:
        raise ValueError(f"{len(comparisons.items)} items are too many to rank by pairs")
    table = _Table.of(comparisons)
    counts = table.totals(np.ones(len(comparisons)))
    group = _groups(table.wins(counts))
    if prior_ties == 0 and not _have_finite_strengths(table.wins(counts), group):
        raise ValueError("some items always won or always lost, so no finite strengths fit")
    solve = table.solver(prior_ties)
    strengths, converged = solve(counts)
    found = _centred(strengths, group)

    drawn: list[Floats] = []
    without_estimate = 0
    for weights in _resampled(_units(comparisons, resample), resamplings, seed):
        totals = table.totals(weights)
        if prior_ties == 0 and not _have_finite_strengths(table.wins(totals), group):
            without_estimate += 1
        else:
            drawn.append(_centred(solve(totals)[0], group))

    return Ranking(
        places=_places(comparisons, table, counts, group, found, drawn),
        uncompared=tuple(
            item for code, item in enumerate(comparisons.items) if code not in set(table.items.tolist())
        ),
        groups=int(group.max(initial=-1)) + 1,
        converged=converged,
        resampled_by=resample,
        resamplings=len(drawn),
        without_estimate=without_estimate,
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """All comparisons with equal items and outcome as one cell, so that a resampling only reweighs cells.

    `items` are the codes of the compared items; `x` and `y` are places in it with x before y, and
    `won` is _TIE, _A for x or _B for y. `cell` says which cell each answer falls into.
    """

    items: Codes
    x: Codes
    y: Codes
    won: Codes
    cell: Codes

    @classmethod
    def of(cls, comparisons: Comparisons) -> "_Table":
        items, place = np.unique(np.concatenate([comparisons.a, comparisons.b]), return_inverse=True)
        a, b = place[: len(comparisons)], place[len(comparisons) :]
        swapped = np.array([_TIE, _B, _A])[comparisons.outcome]
        won = np.where(a < b, comparisons.outcome, swapped)
        key = (np.minimum(a, b) * len(items) + np.maximum(a, b)) * len(OUTCOMES) + won
        cells, cell = np.unique(key, return_inverse=True)
        pair, won_of_cell = np.divmod(cells, len(OUTCOMES))
        x, y = np.divmod(pair, max(1, len(items)))
        return cls(items=items, x=x, y=y, won=won_of_cell, cell=cell)

    def totals(self, weight_of_answer: Floats) -> Floats:
        """Return the weight of each cell."""
        return np.bincount(self.cell, weights=weight_of_answer, minlength=len(self.x)).astype(np.float64)

    def wins(self, totals: Floats) -> Floats:
        """Return how often each item (row) won against each other (column), ties counted half."""
        wins = np.zeros((len(self.items), len(self.items)))
        for_x = np.where(self.won == _A, 1.0, np.where(self.won == _TIE, 0.5, 0.0))
        np.add.at(wins, (self.x, self.y), totals * for_x)
        np.add.at(wins, (self.y, self.x), totals * (1 - for_x))
        return wins

    def solver(self, prior_ties: float) -> Callable[[Floats], tuple[Floats, bool]]:
        """Return what gives, for the cells' weights, each item's strength, and whether it converged.

        Strengths are natural logarithms, up to a constant.
        """
        # Here and not above: evalica brings pandas and SciPy, 100 MB and a second that a process
        # which only shows pages need not spend.
        from evalica import Winner, bradley_terry

        items = len(self.items)
        winner_of = {_TIE: Winner.Draw, _A: Winner.X, _B: Winner.Y}
        imaginary = items if prior_ties else 0  # as many ties with one more item, or none
        xs = self.x.tolist() + list(range(imaginary))
        ys = self.y.tolist() + [items] * imaginary
        winners = [winner_of[won] for won in self.won.tolist()] + [Winner.Draw] * imaginary

        def solve(totals: Floats) -> tuple[Floats, bool]:
            if not items:
                return np.zeros(0), True
            weights = totals.tolist() + [prior_ties] * imaginary
            solved = bradley_terry(
                xs, ys, winners, weights=weights, tie_weight=0.5, tolerance=1e-8, limit=_MOST_STEPS
            )
            scores = solved.scores.sort_index().to_numpy()[:items]
            return np.log(scores), solved.iterations < _MOST_STEPS

        return solve


def _places(
    comparisons: Comparisons,
    table: _Table,
    counts: Floats,
    group: Codes,
    found: Floats,
    drawn: list[Floats],
) -> tuple[Ranked, ...]:
    """Put the items in order, by group and rank, with their intervals and their record."""
    low, high = np.percentile(np.array(drawn), [2.5, 97.5], axis=0) if drawn else (None, None)
    better = (found[np.newaxis, :] > found[:, np.newaxis] + 1e-6) & (group == group[:, np.newaxis])
    rank = better.sum(axis=1) + 1

    def record(outcome_of_x: int, outcome_of_y: int) -> list[int]:
        of_x = np.bincount(table.x, weights=counts * (table.won == outcome_of_x), minlength=len(table.items))
        of_y = np.bincount(table.y, weights=counts * (table.won == outcome_of_y), minlength=len(table.items))
        return [round(times) for times in (of_x + of_y).tolist()]

    wins, losses, ties = record(_A, _B), record(_B, _A), record(_TIE, _TIE)
    return tuple(
        Ranked(
            item=comparisons.items[table.items[place]],
            group=int(group[place]),
            rank=int(rank[place]),
            log_strength=float(found[place]),
            low=None if low is None else float(low[place]),
            high=None if high is None else float(high[place]),
            wins=wins[place],
            losses=losses[place],
            ties=ties[place],
        )
        for place in np.lexsort((rank, group)).tolist()
    )


def _units(comparisons: Comparisons, resample: Resample) -> Codes:
    """Return what is drawn together with each answer."""
    if resample == "answer":
        return np.arange(len(comparisons), dtype=np.intp)
    codes = comparisons.task if resample == "task" else comparisons.worker
    return np.unique(codes, return_inverse=True)[1]


def _resampled(unit: Codes, resamplings: int, seed: int) -> Iterator[Floats]:
    """Yield, for each resampling, how often each answer was drawn; nothing from fewer than two units."""
    units = int(unit.max(initial=-1)) + 1
    if units < 2:
        return
    random = np.random.default_rng(seed)
    for _ in range(resamplings):
        drawn = np.bincount(random.integers(units, size=units), minlength=units)
        yield drawn[unit].astype(np.float64)


def _groups(wins: Floats) -> Codes:
    """Return the group of each item, so that items of different groups were never compared."""
    met = (wins + wins.T) > 0
    found: list[npt.NDArray[np.bool_]] = []
    left = np.ones(len(wins), dtype=np.bool_)
    while left.any():
        found.append(_reached(met, int(left.argmax())))
        left &= ~found[-1]
    group = np.zeros(len(wins), dtype=np.intp)
    for number, members in enumerate(sorted(found, key=np.count_nonzero, reverse=True)):
        group[members] = number
    return group


def _have_finite_strengths(wins: Floats, group: Codes) -> bool:
    """Tell whether in each group every item has won, directly or through others, against every other."""
    won = wins > 0
    for number in range(int(group.max(initial=-1)) + 1):
        members = group == number
        first = int(members.argmax())
        if not (_reached(won, first)[members].all() and _reached(won.T, first)[members].all()):
            return False
    return True


def _reached(leads_to: npt.NDArray[np.bool_], start: int) -> npt.NDArray[np.bool_]:
    """Return which items can be reached from one by following True entries, itself included."""
    reached = np.zeros(len(leads_to), dtype=np.bool_)
    reached[start] = True
    newest = reached
    while newest.any():
        newest = leads_to[newest].any(axis=0) & ~reached
        reached = reached | newest
    return reached


def _centred(strengths: Floats, group: Codes) -> Floats:
    """Shift each group's strengths so that their mean is 0."""
    mean = np.bincount(group, weights=strengths) / np.maximum(1, np.bincount(group))
    return np.asarray(strengths - mean[group])
