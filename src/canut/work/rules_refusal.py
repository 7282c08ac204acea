"""Collective refusal (MECHANISMS 2.11): how many workers it takes to withdraw a project."""

from decimal import ROUND_CEILING, Decimal


def refusals_needed(
    opened: int, *, least_workers: int, opened_share: Decimal, most_workers: int, few_opened: int
) -> int:
    """Return how many workers must refuse a project that `opened` of them have opened.

    A share of those who opened it, rounded up, but at least `least_workers`; while fewer than `few_opened`
    have opened it, never more than `most_workers`, so that a few who look closely are enough.

    Source: collective refusal is in the constitution of Daemo's crowd ("Designing a Constitution for a
    Self-Governing Crowdsourcing Marketplace", Collective Intelligence 2017); the scale is our own.
    """
    share = (opened * opened_share).to_integral_value(rounding=ROUND_CEILING)
    needed = max(least_workers, int(share))
    return min(needed, most_workers) if opened < few_opened else needed
