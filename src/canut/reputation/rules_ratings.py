"""Boomerang: what ratings come to, for the one who gave them.

The rules are those of MECHANISMS 1.3 to 1.5; every number in them is a parameter of the charter.
Ratings are exact decimals between the weights of ✓− (1) and ✓+ (3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor
from typing import Literal

Scope = Literal["project_group", "requester", "platform", "unrated"]
Band = Literal["early", "normal", "last"]


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating as it counts now: the latest for its assignment. Equal times are ordered by `id`."""

    id: int
    rater_id: int
    group_id: int
    value: Decimal
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Factors:
    """How much each older rating counts beside the next newer one, by scope, and what goes with it."""

    project_group: Decimal
    requester: Decimal
    platform: Decimal
    platform_least_requesters: int
    unrated: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A worker's standing toward a requester's project: its value, the scope it comes from, and of how many.

    `ratings` are those it was computed from, newest first, for who may see them.
    """

    value: Decimal
    scope: Scope
    ratings: tuple[Rating, ...] = ()


def weighted_mean(values: Sequence[Decimal], *, factor: Decimal, decimals: int) -> Decimal:
    """Return the exponentially weighted mean of `values`, newest first, rounded half up to `decimals`.

    S = Σ w_k·a^k / Σ a^k, computed exactly and rounded once.

    Raises:
        ValueError: there is no value.

    Source: Gaikwad et al. "Boomerang: Rebounding the Consequences of Reputation Feedback on Crowdsourcing
    Platforms". UIST 2016, https://doi.org/10.1145/2984511.2984542.
    """
    if not values:
        raise ValueError("weighted_mean needs at least one rating")
    weight, above, below = Decimal(1), Decimal(0), Decimal(0)
    for value in values:
        above += value * weight
        below += weight
        weight *= factor
    return (above / below).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def standing_toward(
    ratings: Sequence[Rating], *, requester_id: int, group_id: int, factors: Factors
) -> Standing:
    """Return a worker's standing toward one project of a requester, from the ratings that count now.

    The first scope that has ratings wins: by this requester in the same project group (a project, its
    revisions and its owner's duplicates of it), by this requester, on the whole platform. There each
    requester counts with the latest rating alone, and at least so many must have rated: one who makes
    accounts to praise somebody moves little. Whom nobody has rated stands just under ✓ (1.99).

    Source: Boomerang (UIST 2016) for the mean and its scopes; MECHANISMS 1.3 for the platform's.
    """
    newest = sorted(ratings, key=lambda one: (one.given_at, one.id), reverse=True)
    by_requester = [one for one in newest if one.rater_id == requester_id]
    in_group = [one for one in by_requester if one.group_id == group_id]
    latest: dict[int, Rating] = {}
    for one in newest:
        latest.setdefault(one.rater_id, one)
    everywhere = list(latest.values()) if len(latest) >= factors.platform_least_requesters else []
    scopes: tuple[tuple[Scope, list[Rating], Decimal], ...] = (
        ("project_group", in_group, factors.project_group),
        ("requester", by_requester, factors.requester),
        ("platform", everywhere, factors.platform),
    )
    for scope, counted, factor in scopes:
        if counted:
            values = [one.value for one in counted]
            value = weighted_mean(values, factor=factor, decimals=factors.decimals)
            return Standing(value, scope, tuple(counted))
    return Standing(factors.unrated, "unrated")


def requester_score(
    *,
    own: Decimal | None,
    others: Sequence[Decimal],
    others_factor: Decimal,
    neutral: Decimal,
    unrated: Decimal,
) -> Decimal:
    """Return where a requester stands in a worker's feed; it only orders, and is compared with no threshold.

    `own` is the worker's latest rating of the requester and `others` the latest of each other worker with
    decided work for them. Both: own + factor × (mean of others − neutral); one of them: that alone.

    Source: Boomerang (UIST 2016). As built there, being disliked by others raised a requester; the
    neutral rating mends that (MECHANISMS 1.4).
    """
    mean = sum(others, Decimal(0)) / len(others) if others else None
    return score_from_mean(own=own, mean=mean, others_factor=others_factor, neutral=neutral, unrated=unrated)


def score_from_mean(
    *, own: Decimal | None, mean: Decimal | None, others_factor: Decimal, neutral: Decimal, unrated: Decimal
) -> Decimal:
    """Return the same as `requester_score`, from the mean of the other workers' latest ratings."""
    if own is not None and mean is not None:
        return own + others_factor * (mean - neutral)
    if own is not None:
        return own
    return unrated if mean is None else mean


def stretched(given: Mapping[int, Decimal], *, lowest: Decimal, highest: Decimal) -> dict[int, Decimal]:
    """Return ratings of any scale mapped to `lowest`..`highest` by min–max over one call.

    Equal ones come to the middle; keys stay as they are. Two decimals, rounded half up.

    Raises:
        ValueError: nothing is given, or something that is no finite number.

    Source: MECHANISMS 1.5, as the Daemo researchers built it.
    """
    if not given or not all(value.is_finite() for value in given.values()):
        raise ValueError("stretched needs at least one rating, and finite numbers only")
    least, most = min(given.values()), max(given.values())
    middle = (Fraction(lowest) + Fraction(highest)) / 2
    if least == most:
        return dict.fromkeys(given, _to_the_cent(middle))
    width = Fraction(highest) - Fraction(lowest)
    return {
        key: _to_the_cent(
            Fraction(lowest)
            + (Fraction(value) - Fraction(least)) * width / (Fraction(most) - Fraction(least))
        )
        for key, value in given.items()
    }


def _to_the_cent(exact: Fraction) -> Decimal:
    """Return an exact number with two decimals, rounded half up; it is not negative."""
    return Decimal(floor(exact * 100 + Fraction(1, 2))).scaleb(-2)


def band_of(standing: Decimal, *, weights: Sequence[Decimal]) -> Band:
    """Return in which of the three bands a standing lies: what a worker is told in place of the number.

    From the middle between ✓+ and ✓ on it is early, from that between ✓ and ✓− on normal, else last.
    """
    best, middle, least = weights
    if standing >= (best + middle) / 2:
        return "early"
    return "normal" if standing >= (middle + least) / 2 else "last"
