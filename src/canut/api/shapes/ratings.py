"""Ratings as programs give them. Nobody reads who rated whom."""

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


class Rating(Said):
    """A judgement as it was kept."""

    value: float = Field(description="Between 1 and 3.")
    given_at: Moment
