"""The three ratings as both sides meet them: a mark, and what it brings about, before it is given."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.kernel import clock

OF_WORKER = (
    _("early access to my next tasks"),
    _("normal access to my next tasks"),
    _("last access to my next tasks"),
)
OF_REQUESTER = (_("top of my feed"), _("middle of my feed"), _("bottom of my feed"))
MARKS = (("plus", "✓+"), ("check", "✓"), ("minus", "✓−"))


@dataclass(frozen=True, slots=True)
class RatingButton:
    """One rating: how it is posted, what it weighs, its mark, and its consequence in words."""

    value: str
    weight: Decimal
    mark: str
    consequence: Any
    is_given: bool


def rating_buttons(given: Decimal | None, consequences: tuple[Any, ...] = OF_REQUESTER) -> list[RatingButton]:
    """Return the three ratings; the one nearest to what was `given` is marked."""
    weights = in_force("rating.weights", at=clock.now())
    nearest = None if given is None else min(weights, key=lambda weight: abs(weight - given))
    return [
        RatingButton(value, weight, mark, consequence, is_given=weight == nearest)
        for (value, mark), weight, consequence in zip(MARKS, weights, consequences, strict=True)
    ]


def rating_given(given: Decimal | None, consequences: tuple[Any, ...]) -> RatingButton | None:
    """Return the one of the three that is nearest to what was given, if anything was."""
    return next((button for button in rating_buttons(given, consequences) if button.is_given), None)


@dataclass(frozen=True, slots=True)
class RequesterRatings:
    """The three ratings of a requester, and the one that was given."""

    buttons: list[RatingButton]
    given: RatingButton | None

    @classmethod
    def of(cls, regard: Decimal | None) -> Self:
        """Return them for somebody who thinks so of the requester, or has said nothing."""
        buttons = rating_buttons(regard, OF_REQUESTER)
        return cls(buttons, next((button for button in buttons if button.is_given), None))


def rating_of(posted: str) -> Decimal | None:
    """Return what a posted rating weighs; None if it is none of the three."""
    return next((button.weight for button in rating_buttons(None) if button.value == posted), None)
