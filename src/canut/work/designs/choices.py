"""Questions answered by choosing: one of several, or several."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.designs.editing import BEGINNING_OPTIONS, OPTIONS, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, Occasion, Question
from canut.work.designs.problems import Wrong

MOST_OPTIONS = 100


def read_options(raw: Fields, *, at_least: int) -> tuple[Choice, ...]:
    options = []
    for option in raw.objects("options", at_least=at_least, at_most=MOST_OPTIONS):
        value = option.text("value", at_most=100, one_line=True)  # a browser would post the line end changed
        options.append(Choice(value=value, label=option.text("label", at_most=300)))
        option.finish()
    raw.unrepeated([option.value for option in options], "options")
    return tuple(options)


@dataclass(frozen=True, kw_only=True)
class Choosing(Question):
    """A question whose answers are listed. Values are stored; labels are read and may hold `{{column}}`."""

    family = Family.CHOICES
    editing = (OPTIONS,)
    begins = {"options": BEGINNING_OPTIONS}

    options: tuple[Choice, ...]

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        for option in self.options:
            yield option.label

    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        return tuple(Choice(option.value, occasion.fill(option.label)) for option in self.options)

    def most_bytes(self) -> int:
        return sum(6 * len(option.value) + 4 for option in self.options)


@dataclass(frozen=True, kw_only=True)
class SingleChoice(Choosing):
    """One of the options."""

    type = "single_choice"
    called = _("One choice of several")
    template = "work/items/choices.html"

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(options=read_options(raw, at_least=2), **cls.read_common(raw))

    def check(self) -> Check:
        return one_of(self.values())

    def widget(self, occasion: Occasion) -> forms.Widget:
        return radios(self.choices(occasion))


@dataclass(frozen=True, kw_only=True)
class MultipleChoice(Choosing):
    """Any of the options; the answer lists them in the design's order. None of them is no answer."""

    type = "multiple_choice"
    called = _("Any of several choices")
    template = "work/items/choices.html"

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(options=read_options(raw, at_least=1), **cls.read_common(raw))

    def check(self) -> Check:
        order = {value: number for number, value in enumerate(self.values())}

        def check_list(answer: object) -> list[str] | None:
            if not isinstance(answer, list):
                raise Wrong("not_a_list")
            known = all(isinstance(value, str) and value in order for value in answer[: len(order) + 1])
            if not known or len(answer) > len(order):
                raise Wrong("not_a_choice")
            if len(set(answer)) < len(answer):
                raise Wrong("repeated_choice")
            return sorted(answer, key=order.__getitem__) or None

        return check_list

    def widget(self, occasion: Occasion) -> forms.Widget:
        return forms.CheckboxSelectMultiple(choices=[(c.value, c.label) for c in self.choices(occasion)])

    def posted(self, values: Sequence[str]) -> object:
        return list(values) or None

    def typed(self, answer: object) -> object:
        return [value for value in answer if isinstance(value, str)] if isinstance(answer, list) else None


@dataclass(frozen=True, kw_only=True)
class DropDown(Choosing):
    """One of the options, out of a list that opens: for many options that are short."""

    type = "drop_down"
    called = _("One choice from a list that opens")
    template = "work/items/field.html"

    @classmethod
    def read(cls, raw: Fields) -> Self:
        return cls(options=read_options(raw, at_least=2), **cls.read_common(raw))

    def check(self) -> Check:
        return one_of(self.values())

    def widget(self, occasion: Occasion) -> forms.Widget:
        return listed(self.choices(occasion))


def one_of(values: Sequence[str]) -> Check:
    """Return the check of an answer that must be one of `values`; an empty text is no answer."""
    known = dict.fromkeys(values)

    def check_value(answer: object) -> str | None:
        if isinstance(answer, str):
            if answer in known:
                return answer
            if not answer:
                return None
        raise Wrong("not_a_choice")

    return check_value


def radios(choices: Sequence[Choice]) -> forms.Widget:
    return forms.RadioSelect(choices=[(choice.value, choice.label) for choice in choices])


def listed(choices: Sequence[Choice]) -> forms.Widget:
    """Return a list that opens, with nothing chosen first."""
    return forms.Select(choices=[("", _("Choose…")), *((choice.value, choice.label) for choice in choices)])
