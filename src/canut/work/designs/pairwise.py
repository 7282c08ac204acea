"""The comparison of two texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.choices import one_of, radios
from canut.work.designs.editing import FEED, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, Occasion, Question


def sides_swapped(seed: int) -> bool:
    """Tell whether b is shown first. The seed is random, so half of the workers see it so."""
    return seed % 2 == 1


@dataclass(frozen=True)
class Side:
    """One of the two texts as the worker meets it: under a letter that says nothing about whose it is."""

    letter: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Pairwise(Question):
    """Which of two texts is better. The answer is "a", "b", "tie" or "both_bad", by the design's columns.

    Which side a worker sees first is the seed's matter: the value stored never depends on it.
    """

    type = "pairwise"
    template = "work/items/pairwise.html"
    called = gettext_lazy("Two texts to compare")
    family = Family.COMPARED
    editing = (
        EditedField(name="prompt", kind="area", label=gettext_lazy("What both texts answer"), help=FEED),
        EditedField(name="a", kind="area", label=gettext_lazy("First text"), needed=True),
        EditedField(
            name="b",
            kind="area",
            label=gettext_lazy("Second text"),
            help=gettext_lazy(
                "Half of the workers, drawn by lot, see it first. What is stored goes by the columns."
            ),
            needed=True,
        ),
        EditedField(name="ties", kind="tick", label=gettext_lazy("A tie may be chosen"), default=True),
        EditedField(name="both_bad", kind="tick", label=gettext_lazy("“Both are bad” may be chosen")),
    )
    begins = {"label": gettext_lazy("Which is better?"), "a": "{{a}}", "b": "{{b}}"}

    a: str
    b: str
    prompt: str = ""
    ties: bool = True
    both_bad: bool = False

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            a=raw.text("a", at_most=5000),
            b=raw.text("b", at_most=5000),
            prompt=raw.text("prompt", at_most=5000, needed=False),
            ties=raw.flag("ties", default=True),
            both_bad=raw.flag("both_bad", default=False),
            **cls.read_common(raw),
        )

    def templates(self) -> Iterator[str]:
        yield from (self.prompt, self.a, self.b)
        yield from super().templates()

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        texts = [occasion.fill(self.a), occasion.fill(self.b)]
        if sides_swapped(occasion.seed):
            texts.reverse()
        sides = [Side(letter, text) for letter, text in zip("AB", texts, strict=True)]
        return {"prompt": occasion.fill(self.prompt), "sides": sides}

    def check(self) -> Check:
        return one_of(self.values())

    def most_bytes(self) -> int:
        return len('"both_bad"')

    def values(self) -> tuple[str, ...]:
        return preferences(ties=self.ties, both_bad=self.both_bad)

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        return preference_choices(self.values(), occasion)

    def widget(self, occasion: Occasion) -> forms.Widget:
        return radios(self.choices(occasion))


def preferences(*, ties: bool, both_bad: bool) -> tuple[str, ...]:
    """Return what may be said of two sides, in the terms of the design's columns."""
    return ("a", "b", *(("tie",) if ties else ()), *(("both_bad",) if both_bad else ()))


def preference_choices(values: tuple[str, ...], occasion: Occasion) -> tuple[Choice, ...]:
    """Return the same with words, the side that this worker saw first before the other."""
    first, second = ("b", "a") if sides_swapped(occasion.seed) else ("a", "b")
    words = {
        first: _("A is better"),
        second: _("B is better"),
        "tie": _("Tie"),
        "both_bad": _("Both are bad"),
    }
    return tuple(Choice(value, label) for value, label in words.items() if value in values)
