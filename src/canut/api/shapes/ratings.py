"""Ratings as programs give them. Nobody reads who rated whom."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from canut.api.shapes.common import Moment, Said, Sent


def _exact(value: object) -> object:
    """Read a JSON number as the decimal that was written."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Number = Annotated[Decimal, BeforeValidator(_exact)]


class RatingIn(Sent):
    """A judgement on the platform's scale."""

    value: Number = Field(description="3 for ✓+, 2 for ✓, 1 for ✓−, or anything between.", ge=0, le=10)


class WeightIn(Sent):
    """One worker's work on one task, judged on the caller's own scale."""

    task_id: int = Field(ge=1, lt=2**63)
    worker_id: int = Field(ge=1, lt=2**63, description="As `list_submissions` gives it.")
    weight: Number = Field(ge=-1_000_000_000, le=1_000_000_000)


class RatingsIn(Sent):
    """Many at once: the weights of the call are stretched to 1..3; all equal become 2."""

    ratings: Sequence[WeightIn] = Field(min_length=1, max_length=1_000)
    ignore_history: bool = Field(False, description="What was said of these workers before counts no more.")


class Rating(Said):
    """A judgement as it was kept."""

    value: float = Field(description="Between 1 and 3.")
    given_at: Moment


class Ratings(Said):
    """How many were kept."""

    rated: int
