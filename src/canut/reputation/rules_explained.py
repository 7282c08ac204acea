"""Why a standing or a score is what it is: the rules of `rules_ratings`, step by step.

Nothing is decided here. Each explanation holds what the rule was given, every step of the arithmetic, and
the value the rule itself returned, so that anybody can check the one against the other by hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from canut.reputation.rules_ratings import Band, Rating, Scope, band_of, requester_score, weighted_mean

Formula = Literal["both", "own", "others", "unrated"]


@dataclass(frozen=True, slots=True)
class ScaleThen:
    """What counted in one scope at a moment, and the charter's numbers by which it was computed.

    `computed_at` is when a rating last changed it: a standing is written then, and goes by the charter of
    then. `least_raters` is how many requesters must have rated before the scope counts at all.
    """

    scope: Scope
    ratings: tuple[Rating, ...]
    factor: Decimal
    decimals: int
    least_raters: int = 1
    computed_at: datetime | None = None

    @property
    def raters(self) -> int:
        return len({rating.rater_id for rating in self.ratings})

    @property
    def counts(self) -> bool:
        return bool(self.ratings) and self.raters >= self.least_raters


@dataclass(frozen=True, slots=True)
class Step:
    """One rating in the mean: its weight a^k, and what it adds to the sum above the line."""

    rating: Rating
    weight: Decimal
    product: Decimal


@dataclass(frozen=True, slots=True)
class StandingExplained:
    """A worker's standing toward a project at a moment, with all that it was computed from.

    `tried` are the scopes in the order in which they are asked, up to and with the one that won; where
    none did, `scope` is "unrated" and there are no steps. `above` and `below` are the two sums, `exact`
    their quotient before rounding. `times_rated` and `raters` count over every rating of the worker's work.
    """

    value: Decimal
    scope: Scope
    tried: tuple[ScaleThen, ...]
    steps: tuple[Step, ...]
    above: Decimal
    below: Decimal
    exact: Decimal
    unrated: Decimal
    band: Band
    times_rated: int
    raters: int

    @property
    def is_newcomer(self) -> bool:
        """Nobody has rated this worker's work."""
        return self.times_rated == 0

    @property
    def ratings(self) -> int:
        """How many ratings it was computed from."""
        return len(self.steps)

    @property
    def raters_in_scope(self) -> int:
        return len({step.rating.rater_id for step in self.steps})


@dataclass(frozen=True, slots=True)
class ScoreExplained:
    """Where a requester stood in a worker's feed at a moment, with all that it was computed from.

    `others` are the latest ratings of each other worker with decided work, as pairs of worker and value.
    """

    value: Decimal
    formula: Formula
    own: Decimal | None
    others: tuple[tuple[int, Decimal], ...]
    mean: Decimal | None
    others_factor: Decimal
    neutral: Decimal
    unrated: Decimal


def explain_standing(
    scales: Sequence[ScaleThen],
    *,
    unrated: Decimal,
    weights: Sequence[Decimal],
    times_rated: int,
    raters: int,
) -> StandingExplained:
    """Return the standing that the first of the scopes with enough ratings gives, with its steps.

    `scales` come in the order in which they are asked (MECHANISMS 1.3).
    """
    tried: list[ScaleThen] = []
    for scale in scales:
        tried.append(scale)
        if scale.counts:
            break
    won = next((scale for scale in tried if scale.counts), None)
    steps = () if won is None else steps_of(won.ratings, factor=won.factor)
    above = sum((step.product for step in steps), Decimal(0))
    below = sum((step.weight for step in steps), Decimal(0))
    value = unrated
    if won is not None:
        values = [rating.value for rating in won.ratings]
        value = weighted_mean(values, factor=won.factor, decimals=won.decimals)
    return StandingExplained(
        value=value,
        scope="unrated" if won is None else won.scope,
        tried=tuple(tried),
        steps=steps,
        above=above,
        below=below,
        exact=above / below if steps else unrated,
        unrated=unrated,
        band=band_of(value, weights=weights),
        times_rated=times_rated,
        raters=raters,
    )


def steps_of(ratings: Sequence[Rating], *, factor: Decimal) -> tuple[Step, ...]:
    """Return each rating with its weight a^k, k counted from 0 at the newest, which comes first."""
    weights = [factor**number for number in range(len(ratings))]
    return tuple(
        Step(rating, weight, rating.value * weight) for rating, weight in zip(ratings, weights, strict=True)
    )


def explain_score(
    *,
    own: Decimal | None,
    others: Sequence[tuple[int, Decimal]],
    others_factor: Decimal,
    neutral: Decimal,
    unrated: Decimal,
) -> ScoreExplained:
    """Return where a requester stands in a worker's feed, and which part of the formula made it so."""
    values = [value for _worker, value in others]
    formulas: dict[tuple[bool, bool], Formula] = {
        (True, True): "both",
        (True, False): "own",
        (False, True): "others",
        (False, False): "unrated",
    }
    return ScoreExplained(
        value=requester_score(
            own=own, others=values, others_factor=others_factor, neutral=neutral, unrated=unrated
        ),
        formula=formulas[own is not None, bool(values)],
        own=own,
        others=tuple(others),
        mean=sum(values, Decimal(0)) / len(values) if values else None,
        others_factor=others_factor,
        neutral=neutral,
        unrated=unrated,
    )
