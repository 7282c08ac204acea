"""Which accepted answers are compared with each other, and how good the comparisons make them.

Answers to one task begin equal. Each comparison of two of them moves both, by TrueSkill; each further round
pairs those that are closest by then, of which it is least known which is better.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Generic, TypeVar

import trueskill

MU, SIGMA = 25.0, 25.0 / 3
"""Where every answer begins: TrueSkill's own mean and deviation."""

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Quality:
    """How good an answer is taken to be (`mu`), and how little is known of it (`sigma`)."""

    mu: float = MU
    sigma: float = SIGMA

    @property
    def sure(self) -> float:
        """What it is at least, as good as certainly; ranks go by it: mu - 3 sigma, 0 at the beginning."""
        return self.mu - 3 * self.sigma


@dataclass(frozen=True, slots=True)
class Judged(Generic[Name]):
    """That `better` was chosen over `worse`; or, with `tie`, that neither was.

    `draw_share` is how many comparisons of equals were expected to end in a tie when it was asked for, as a
    share in [0, 1); where it is 0, none may.
    """

    better: Name
    worse: Name
    draw_share: Decimal
    tie: bool = False


def closest_pairs(qualities: Sequence[tuple[Name, float]]) -> list[tuple[Name, Name]]:
    """Return ceil(n/2) pairs of those nearest in quality, so that each of n answers is in one of them.

    `qualities` are names with their means, in an order that decides between equal ones. The sum of the
    differences within the pairs is the least there can be. With an odd number one answer is in two pairs;
    fewer than two answers make no pair.

    Source: Daemo, the researchers' running code, compared the closest by TrueSkill. Least sums
    on a line are made of neighbours, since pairs that cross can be uncrossed at no loss; with an odd number
    so is the middle of three neighbours that is taken twice.
    """
    ordered = sorted(qualities, key=lambda one: one[1])
    names, means = [name for name, _mean in ordered], [mean for _name, mean in ordered]
    count = len(names)
    if count < 2:
        return []
    if count % 2 == 0:
        return [(names[at], names[at + 1]) for at in range(0, count, 2)]
    doubled = _cheapest_middle(means)
    pairs = [(names[at], names[at + 1]) for at in range(0, doubled - 1, 2)]
    pairs += [(names[doubled - 1], names[doubled]), (names[doubled], names[doubled + 1])]
    return pairs + [(names[at], names[at + 1]) for at in range(doubled + 2, count, 2)]


def _cheapest_middle(means: Sequence[float]) -> int:
    """Return which of an odd number of sorted means costs least to take twice, as the middle of three."""
    count = len(means)
    before = sum(means[at + 1] - means[at] for at in range(3, count, 2))  # all pairs after the first three
    best, least = 1, before + means[2] - means[0]
    for middle in range(3, count - 1, 2):
        # The three move on by two places: one more pair before them, one fewer after.
        before += (means[middle - 2] - means[middle - 3]) - (means[middle + 1] - means[middle])
        costs = before + means[middle + 1] - means[middle - 1]
        if costs < least:
            best, least = middle, costs
    return best


def qualities_of(names: Iterable[Name], judged: Iterable[Judged[Name]]) -> dict[Name, Quality]:
    """Return the quality of each answer after these judgements, one after the other.

    Judgements of what is not among `names` are passed over.

    Raises:
        ValueError: a tie where none is expected.

    Source: Herbrich, Minka, Graepel. "TrueSkill: A Bayesian Skill Rating System". NIPS 2006. Each comparison
    is a match of two single players; beta is sigma/2 and tau is sigma/100, as there.
    """
    scale = trueskill.TrueSkill(mu=MU, sigma=SIGMA)
    ratings = {name: scale.create_rating() for name in names}
    for one in judged:
        if one.better not in ratings or one.worse not in ratings:
            continue
        if one.tie and not one.draw_share:
            raise ValueError("a tie needs a share of draws above zero")
        match = trueskill.TrueSkill(mu=MU, sigma=SIGMA, draw_probability=float(one.draw_share))
        ratings[one.better], ratings[one.worse] = trueskill.rate_1vs1(
            ratings[one.better], ratings[one.worse], drawn=one.tie, env=match
        )
    return {name: Quality(rating.mu, rating.sigma) for name, rating in ratings.items()}


def ranks_of(qualities: Mapping[Name, Quality]) -> dict[Name, int]:
    """Return each answer's rank, 1 for the best by what is sure of it; equal ones share the better rank.

    Numbers that differ by less than a millionth are equal, so that no rank hangs on how a machine rounds.
    """
    ordered = sorted(qualities.items(), key=lambda one: -one[1].sure)
    ranks: dict[Name, int] = {}
    shared, last = 1, None
    for place, (name, quality) in enumerate(ordered, start=1):
        if last is None or last - quality.sure > 1e-6:
            shared = place
        last = quality.sure
        ranks[name] = shared
    return ranks


def expected_seconds(*, of_task: int, time_share: Decimal, least_seconds: int) -> int:
    """Return how long a comparison of two answers to a task should take, in whole seconds, rounded up.

    For each of the two a share of the time that the task itself should take, and never less than the least.
    """
    return max(least_seconds, ceil(2 * time_share * of_task))
