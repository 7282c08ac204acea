"""Putting several things in order, or choosing the best of several texts.

What a worker meets first is the seed's matter, so that the order of a list favours nothing. What is
stored goes by the values of the design, whatever the order was.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.choices import listed, one_of, radios, read_options
from canut.work.designs.editing import FEED, OPTIONS, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, Occasion, Question, Told
from canut.work.designs.pairwise import Side
from canut.work.designs.parts import InParts, Part, given_parts
from canut.work.designs.problems import Wrong
from canut.work.designs.quantities import point_typed, point_written

MOST_RANKED = 20
MOST_TEXTS = 10
LETTERS = "ABCDEFGHIJ"

PROMPT = EditedField(name="prompt", kind="area", label=gettext_lazy("What the texts answer"), help=FEED)
TEXTS = EditedField(
    name="texts",
    kind="parts",
    label=gettext_lazy("Texts"),
    needed=True,
    parts=(
        EditedField(name="value", kind="line", label=gettext_lazy("Stored as"), needed=True),
        EditedField(name="text", kind="area", label=gettext_lazy("Text"), help=FEED, needed=True),
    ),
    most=MOST_TEXTS,
)
TIES = EditedField(name="ties", kind="tick", label=gettext_lazy("Two may share a place"))
BEGINNING_TEXTS = tuple({"value": name, "text": f"{{{{{name}}}}}"} for name in ("a", "b", "c"))


def in_drawn_order(values: Sequence[str], seed: int) -> list[str]:
    """Return the values in the order that the seed draws: the same for one seed on every machine."""
    lots = {value: sha256(f"{seed} {number}".encode()).digest() for number, value in enumerate(values)}
    return sorted(values, key=lots.__getitem__)


@dataclass(frozen=True, kw_only=True)
class Places(InParts):
    """A question that gives each of several things a place, 1 for the best.

    The answer gives each value its place. Places are counted without gaps: after two in the first
    place comes the second. Without `ties` each place is given once.
    """

    family = Family.COMPARED

    ties: bool = False

    def ranked(self) -> tuple[str, ...]:
        """Return the values that get places, in the design's order."""
        raise NotImplementedError

    def called_by_worker(self, occasion: Occasion) -> Mapping[str, str]:
        """Return what each value is called, in the order in which this worker meets them."""
        raise NotImplementedError

    def part_keys(self) -> Sequence[str]:
        return [str(number) for number in range(len(self.ranked()))]

    def parts(self, occasion: Occasion) -> Sequence[Part]:
        number_of = {value: str(number) for number, value in enumerate(self.ranked())}
        places = [Choice(str(place), _place_called(place)) for place in range(1, len(number_of) + 1)]
        names = self.called_by_worker(occasion)
        return [Part(number_of[value], name, listed(places)) for value, name in names.items()]

    def check(self) -> Check:
        values, ties = self.ranked(), self.ties

        def check_places(answer: object) -> dict[str, int] | None:
            given = given_parts(answer, values)
            if not given:
                return None
            places = {value: _place(given.get(value), len(values)) for value in values}
            if not ties and len(set(places.values())) < len(places):
                raise Wrong("shared_place")
            dense = {place: number for number, place in enumerate(sorted(set(places.values())), start=1)}
            return {value: dense[place] for value, place in places.items()}

        return check_places

    def most_bytes(self) -> int:
        return sum(6 * len(value) + 8 for value in self.ranked()) + 2

    def posted_parts(self, values: Mapping[str, Sequence[str]]) -> object:
        given = {value: point_written(values[key]) for key, value in zip(values, self.ranked(), strict=True)}
        return {value: place for value, place in given.items() if place is not None} or None

    def typed_parts(self, answer: object) -> Mapping[str, object]:
        given = answer if isinstance(answer, dict) else {}
        return {str(number): point_typed(given.get(value)) for number, value in enumerate(self.ranked())}

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {"unlike": not self.ties}

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        if not isinstance(answer, dict):
            return ()
        names = self.called_by_worker(occasion)
        best_first = sorted(answer.items(), key=lambda given: given[1])
        return [
            Told(text=_("%(place)s. %(name)s") % {"place": place, "name": names.get(value, value)})
            for value, place in best_first
        ]


def _place(given: object, most: int) -> int:
    if given is None:
        raise Wrong("incomplete")
    if isinstance(given, float) and given.is_integer():
        given = int(given)
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= most:
        raise Wrong("not_a_place", most=most)
    return given


def _place_called(place: int) -> str:
    return _("1 (best)") if place == 1 else str(place)


@dataclass(frozen=True, kw_only=True)
class Ranking(Places):
    """Several options to put in order, best first, each by its place in a list that opens."""

    type = "ranking"
    called = gettext_lazy("Choices to put in order")
    editing = (OPTIONS, TIES)
    begins = {
        "options": tuple({"value": name, "label": f"{{{{{name}}}}}"} for name in ("a", "b", "c")),
    }

    options: tuple[Choice, ...]

    @classmethod
    def read(cls, raw: Fields) -> Self:
        options = read_options(raw, at_least=2)
        if len(options) > MOST_RANKED:
            raw.problem("too_many", "options", at_most=MOST_RANKED)
        return cls(options=options, ties=raw.flag("ties", default=False), **cls.read_common(raw))

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        for option in self.options:
            yield option.label

    def ranked(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def called_by_worker(self, occasion: Occasion) -> Mapping[str, str]:
        labels = {option.value: occasion.fill(option.label) for option in self.options}
        return {value: labels[value] for value in in_drawn_order(self.ranked(), occasion.seed)}


@dataclass(frozen=True)
class NamedText:
    """One of the texts compared: the value that is stored for it, and its text."""

    value: str
    text: str


def read_texts(raw: Fields) -> tuple[NamedText, ...]:
    texts = []
    for part in raw.objects("texts", at_least=2, at_most=MOST_TEXTS):
        value = part.text("value", at_most=100, one_line=True)
        texts.append(NamedText(value=value, text=part.text("text", at_most=5000)))
        part.finish()
    raw.unrepeated([text.value for text in texts], "texts")
    return tuple(texts)


@dataclass(frozen=True, kw_only=True)
class SeveralTexts(Question):
    """Up to ten texts under letters, in an order of the seed's; `prompt` is what they answer."""

    texts: tuple[NamedText, ...]
    prompt: str = ""

    def templates(self) -> Iterator[str]:
        yield self.prompt
        for text in self.texts:
            yield text.text
        yield from super().templates()

    def letters(self, occasion: Occasion) -> dict[str, str]:
        """Return the letter of each value, in the order in which this worker meets them."""
        order = in_drawn_order([text.value for text in self.texts], occasion.seed)
        return dict(zip(order, LETTERS, strict=False))

    def several(self, occasion: Occasion) -> dict[str, object]:
        """Return the texts as the worker meets them."""
        of_value = {text.value: occasion.fill(text.text) for text in self.texts}
        sides = [Side(letter, of_value[value]) for value, letter in self.letters(occasion).items()]
        return {"prompt": occasion.fill(self.prompt), "sides": sides}


@dataclass(frozen=True, kw_only=True)
class BestText(SeveralTexts):
    """Which of several texts is the best. The answer is a text's value, "tie" or "all_bad"."""

    type = "best_text"
    template = "work/items/pairwise.html"
    called = gettext_lazy("The best of several texts")
    family = Family.COMPARED
    editing = (
        PROMPT,
        TEXTS,
        EditedField(name="ties", kind="tick", label=gettext_lazy("A tie may be chosen")),
        EditedField(name="all_bad", kind="tick", label=gettext_lazy("“All are bad” may be chosen")),
    )
    begins = {"label": gettext_lazy("Which is the best?"), "texts": BEGINNING_TEXTS}

    ties: bool = False
    all_bad: bool = False

    @classmethod
    def read(cls, raw: Fields) -> Self:
        texts = read_texts(raw)
        for text in texts:
            if text.value in ("tie", "all_bad"):
                raw.problem("repeated", "texts", given=text.value)
        return cls(
            texts=texts,
            prompt=raw.text("prompt", at_most=5000, needed=False),
            ties=raw.flag("ties", default=False),
            all_bad=raw.flag("all_bad", default=False),
            **cls.read_common(raw),
        )

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return self.several(occasion)

    def values(self) -> tuple[str, ...]:
        others = (*(("tie",) if self.ties else ()), *(("all_bad",) if self.all_bad else ()))
        return (*(text.value for text in self.texts), *others)

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        best = [
            Choice(value, _("%(letter)s is the best") % {"letter": letter})
            for value, letter in self.letters(occasion).items()
        ]
        others = {"tie": _("Tie"), "all_bad": _("All are bad")}
        return (*best, *(Choice(value, others[value]) for value in self.values()[len(best) :]))

    def check(self) -> Check:
        return one_of(self.values())

    def most_bytes(self) -> int:
        return max(6 * len(value) + 2 for value in self.values())

    def widget(self, occasion: Occasion) -> forms.Widget:
        return radios(self.choices(occasion))


@dataclass(frozen=True, kw_only=True)
class RankedTexts(SeveralTexts, Places):
    """Several texts to put in order, best first; without `ties` no two share a place."""

    type = "ranked_texts"
    template = "work/items/ranked_texts.html"
    called = gettext_lazy("Several texts to put in order")
    editing = (PROMPT, TEXTS, TIES)
    begins = {"label": gettext_lazy("Put the texts in order, best first"), "texts": BEGINNING_TEXTS}

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(
            texts=read_texts(raw),
            prompt=raw.text("prompt", at_most=5000, needed=False),
            ties=raw.flag("ties", default=False),
            **cls.read_common(raw),
        )

    def ranked(self) -> tuple[str, ...]:
        return tuple(text.value for text in self.texts)

    def called_by_worker(self, occasion: Occasion) -> Mapping[str, str]:
        return {
            value: _("Text %(letter)s") % {"letter": letter}
            for value, letter in self.letters(occasion).items()
        }

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {**self.several(occasion), **Places.drawn(self, occasion)}
