"""The comparison of two texts. Ranking of several, and a rubric with it, belong here too."""

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
    """Which of two texts is better. The answer is "a", "b" or "tie", in the terms of the design's columns.

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
    )
    begins = {"label": gettext_lazy("Which is better?"), "a": "{{a}}", "b": "{{b}}"}

    a: str
    b: str
    prompt: str = ""
    ties: bool = True

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            a=raw.text("a", at_most=5000),
            b=raw.text("b", at_most=5000),
            prompt=raw.text("prompt", at_most=5000, needed=False),
            ties=raw.flag("ties", default=True),
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
        return len('"tie"')

    def values(self) -> tuple[str, ...]:
        return ("a", "b", "tie") if self.ties else ("a", "b")

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        first, second = ("b", "a") if sides_swapped(occasion.seed) else ("a", "b")
        sides = (Choice(first, _("A is better")), Choice(second, _("B is better")))
        return (*sides, Choice("tie", _("Tie"))) if self.ties else sides

    def widget(self, occasion: Occasion) -> forms.Widget:
        return radios(self.choices(occasion))
