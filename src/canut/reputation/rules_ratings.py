"""Boomerang: what ratings come to, for the one who gave them.

The rules are those of MECHANISMS 1.4; every number in them is a parameter of the charter.
Ratings are exact decimals between the weights of ✓− (1) and ✓+ (3).
"""

from collections.abc import Sequence
from decimal import Decimal


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
