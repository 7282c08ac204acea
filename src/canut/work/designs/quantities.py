"""Questions answered by a number. A rating belongs here too."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.designs.editing import EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Occasion, Question
from canut.work.designs.problems import Wrong
from canut.work.designs.values import LARGEST_NUMBER, plain_number

_WRITTEN = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number between `min` and `max`, in steps of `step` counted from `min`, else from 0."""

    type = "number"
    template = "work/items/field.html"
    called = _("A number")
    family = Family.WORDS
    editing = (
        EditedField(name="min", kind="number", label=_("Smallest number")),
        EditedField(name="max", kind="number", label=_("Largest number")),
        EditedField(name="step", kind="number", label=_("Steps")),
    )

    min: int | float | None = None
    max: int | float | None = None
    step: int | float | None = None

    @classmethod
    def read(cls, raw: Fields) -> Self:
        low, high = raw.number("min"), raw.number("max")
        if low is not None and high is not None and low > high:
            raw.problem("range_empty", "min")
        return cls(min=low, max=high, step=raw.number("step", low=1e-6), **cls.read_common(raw))

    def check(self) -> Check:
        low = -LARGEST_NUMBER if self.min is None else self.min
        high = LARGEST_NUMBER if self.max is None else self.max
        base = self.min or 0
        exact_base, exact_step = _exactly(base), _exactly(self.step) if self.step else None

        def check_number(answer: object) -> int | float:
            if isinstance(answer, bool) or not isinstance(answer, int | float):
                raise Wrong("not_a_number")
            if isinstance(answer, float) and not isfinite(answer):
                raise Wrong("not_a_number")
            if answer < low:
                raise Wrong("too_small", low=low)
            if answer > high:
                raise Wrong("too_great", high=high)
            if exact_step and (_exactly(answer) - exact_base) % exact_step:
                raise Wrong("off_step", step=self.step, base=base)
            return plain_number(answer)

        return check_number

    def most_bytes(self) -> int:
        return 30

    def widget(self, occasion: Occasion) -> forms.Widget:
        bounds = {"min": self.min, "max": self.max, "step": "any" if self.step is None else self.step}
        attributes = {name: str(bound) for name, bound in bounds.items() if bound is not None}
        return forms.NumberInput({"inputmode": "decimal", **attributes})

    def posted(self, values: Sequence[str]) -> object:
        """Return a number if one was written, with a point or a comma; else what was written."""
        written = values[-1].strip() if values else ""
        if not written:
            return None
        if len(written) > 40 or not _WRITTEN.fullmatch(written):
            return written
        plain = written.replace(",", ".")
        number = int(plain) if plain.lstrip("+-").isdecimal() else float(plain)
        return number if isfinite(number) else written

    def typed(self, answer: object) -> object:
        return None if answer is None or isinstance(answer, bool) else str(answer)


def _exactly(number: int | float) -> Fraction:
    """Return the number as it is written: 0.1 is a tenth here, although no float is."""
    return Fraction(repr(number))
