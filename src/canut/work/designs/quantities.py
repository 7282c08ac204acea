"""Questions answered by a number, by a point on a scale, or by a day."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Self, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.designs.choices import radios
from canut.work.designs.editing import EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, Occasion, Question
from canut.work.designs.problems import Wrong
from canut.work.designs.values import LARGEST_NUMBER, plain_number

MOST_POINTS = 11
"""How many points a scale has at most: more than people tell apart, and what opinions are asked with."""

_POINT = re.compile(r"-?[0-9]{1,4}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
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


@dataclass(frozen=True, kw_only=True)
class Rating(Question):
    """A point on a scale from `least` to `most`, at most eleven; the answer is that whole number.

    `least_label` and `most_label` say what the ends mean.
    """

    type = "rating"
    template = "work/items/rating.html"
    called = _("A scale")
    family = Family.COMPARED
    editing = (
        EditedField(name="least", kind="whole", label=_("Lowest point"), default=1),
        EditedField(name="most", kind="whole", label=_("Highest point"), default=5),
        EditedField(name="least_label", kind="line", label=_("What the lowest point means")),
        EditedField(name="most_label", kind="line", label=_("What the highest point means")),
    )
    begins = {"least": 1, "most": 5, "least_label": _("Not at all"), "most_label": _("Completely")}

    least: int = 1
    most: int = 5
    least_label: str = ""
    most_label: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(**read_scale(raw), **cls.read_common(raw))

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        yield from (self.least_label, self.most_label)

    def check(self) -> Check:
        return on_scale(self.least, self.most)

    def most_bytes(self) -> int:
        return 5

    def condition_values(self) -> tuple[str, ...]:
        return tuple(str(point) for point in range(self.least, self.most + 1))

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        return tuple(Choice(point, point) for point in self.condition_values())

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {"least": occasion.fill(self.least_label), "most": occasion.fill(self.most_label)}

    def widget(self, occasion: Occasion) -> forms.Widget:
        return radios(self.choices(occasion))

    def posted(self, values: Sequence[str]) -> object:
        return point_written(values)

    def typed(self, answer: object) -> object:
        return point_typed(answer)


class Scale(TypedDict):
    """The fields that everything with a scale has."""

    least: int
    most: int
    least_label: str
    most_label: str


def read_scale(raw: Fields) -> Scale:
    """Take a scale out of `raw`."""
    least = raw.whole_number("least", default=1, low=-100, high=100)
    most = raw.whole_number("most", default=5, low=-100, high=100)
    if least >= most:
        raw.problem("range_empty", "least")
    elif most - least >= MOST_POINTS:
        raw.problem("too_many_points", "most", at_most=MOST_POINTS)
    return Scale(
        least=least,
        most=most,
        least_label=raw.text("least_label", at_most=200, needed=False),
        most_label=raw.text("most_label", at_most=200, needed=False),
    )


def on_scale(least: int, most: int) -> Check:
    """Return the check of a point on a scale: a whole number from `least` to `most`."""

    def check_point(answer: object) -> int:
        if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != answer:
            raise Wrong("not_a_number")
        if answer < least:
            raise Wrong("too_small", low=least)
        if answer > most:
            raise Wrong("too_great", high=most)
        if answer != int(answer):
            raise Wrong("off_step", step=1, base=least)
        return int(answer)

    return check_point


def point_written(values: Sequence[str]) -> object:
    """Return the whole number that a form posted, else what it posted; None if it is blank."""
    written = values[-1] if values else ""
    return int(written) if _POINT.fullmatch(written) else written or None


def point_typed(answer: object) -> object:
    return answer if isinstance(answer, str) else str(answer) if _is_number(answer) else None


@dataclass(frozen=True, kw_only=True)
class Day(Question):
    """A day, from `earliest` to `latest`, written as in 2030-12-31."""

    type = "date"
    template = "work/items/field.html"
    called = _("A date")
    family = Family.WORDS
    editing = (
        EditedField(name="earliest", kind="line", label=_("Earliest day"), help=_("As in 2030-12-31.")),
        EditedField(name="latest", kind="line", label=_("Latest day"), help=_("As in 2030-12-31.")),
    )

    earliest: str = ""
    latest: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        earliest, latest = _read_day(raw, "earliest"), _read_day(raw, "latest")
        if earliest and latest and earliest > latest:
            raw.problem("range_empty", "earliest")
        return cls(earliest=earliest, latest=latest, **cls.read_common(raw))

    def check(self) -> Check:
        earliest, latest = self.earliest, self.latest

        def check_day(answer: object) -> str | None:
            if answer == "":
                return None
            if not isinstance(answer, str) or not _is_day(answer):
                raise Wrong("not_a_date")
            if earliest and answer < earliest:
                raise Wrong("too_early", low=earliest)
            if latest and answer > latest:
                raise Wrong("too_late", high=latest)
            return answer

        return check_day

    def most_bytes(self) -> int:
        return len('"2030-12-31"')

    def widget(self, occasion: Occasion) -> forms.Widget:
        bounds = {"min": self.earliest, "max": self.latest}
        attributes = {name: bound for name, bound in bounds.items() if bound}
        # Browsers' own inputs for days speak ISO 8601 to the page, whatever they show to people.
        return forms.DateInput({"type": "date", **attributes}, format="%Y-%m-%d")


def _read_day(raw: Fields, field: str) -> str:
    written = raw.text(field, at_most=40, needed=False)
    if written and not _is_day(written):
        raw.problem("not_a_date", field)
    return written


def _is_day(written: str) -> bool:
    if not _DAY.fullmatch(written):
        return False
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return True


def _is_number(answer: object) -> bool:
    return isinstance(answer, int | float) and not isinstance(answer, bool)


def _exactly(number: int | float) -> Fraction:
    """Return the number as it is written: 0.1 is a tenth here, although no float is."""
    return Fraction(repr(number))
