"""Questions answered in words: short text and long text."""

from dataclasses import dataclass
from typing import ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.designs.editing import LONGEST, SHORTEST, EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Occasion, Question
from canut.work.designs.patterns import PatternRefused, compiled
from canut.work.designs.problems import Wrong
from canut.work.designs.values import clean_text, storable

LONGEST_RAW = 64 * 1024
"""Characters of an answer beyond which nobody looks at it any more closely."""


@dataclass(frozen=True, kw_only=True)
class WrittenAnswer(Question):
    """A text of the worker's own. Outer blanks are stripped; a blank text is no answer."""

    template = "work/items/field.html"
    family = Family.WORDS
    editing: ClassVar[tuple[EditedField, ...]] = (LONGEST, SHORTEST)
    longest: ClassVar[int]
    one_line: ClassVar[bool]

    max_length: int
    min_length: int = 0

    @classmethod
    def read_lengths(cls, raw: Fields) -> tuple[int, int]:
        longest = raw.whole_number("max_length", default=cls.longest, low=1, high=cls.longest)
        shortest = raw.whole_number("min_length", default=0, low=0, high=cls.longest)
        if shortest > longest:
            raw.problem("range_empty", "min_length")
        return longest, shortest

    def check(self) -> Check:
        at_most, at_least, one_line = self.max_length, self.min_length, self.one_line

        def check_text(answer: object) -> str | None:
            if not isinstance(answer, str):
                raise Wrong("not_text")
            if len(answer) > LONGEST_RAW:
                raise Wrong("too_long", at_most=at_most, given=len(answer))
            if not storable(answer):
                raise Wrong("unstorable")
            text = clean_text(answer)
            if not text:
                return None
            if len(text) > at_most:
                raise Wrong("too_long", at_most=at_most, given=len(text))
            if len(text) < at_least:
                raise Wrong("too_short", at_least=at_least, given=len(text))
            if one_line and "\n" in text:
                raise Wrong("one_line")
            return text

        return check_text

    def most_bytes(self) -> int:
        return 6 * self.max_length + 2  # a control character takes six: \u0001

    def lengths(self) -> dict[str, str]:
        attributes = {"maxlength": str(self.max_length), "dir": "auto"}
        if self.min_length:
            attributes["minlength"] = str(self.min_length)
        return attributes


@dataclass(frozen=True, kw_only=True)
class ShortText(WrittenAnswer):
    """One line, if asked for in the form of `pattern` (see `patterns`)."""

    type = "short_text"
    called = _("A short answer in words")
    editing = (
        LONGEST,
        SHORTEST,
        EditedField(
            name="pattern",
            kind="line",
            label=_("Pattern that the answer must have"),
            help=_("A regular expression for the whole answer: [0-9]{4} is four digits."),
        ),
    )
    longest = 1000
    one_line = True

    max_length: int = 1000
    pattern: str = ""

    @classmethod
    def read(cls, raw: Fields) -> Self:
        longest, shortest = cls.read_lengths(raw)
        pattern = raw.text("pattern", at_most=200, needed=False)
        if pattern:
            try:
                compiled(pattern)
            except PatternRefused as refused:
                raw.problem(refused.code, "pattern", at=refused.at)
        return cls(max_length=longest, min_length=shortest, pattern=pattern, **cls.read_common(raw))

    def check(self) -> Check:
        check_text = super().check()
        if not self.pattern:
            return check_text
        matches = compiled(self.pattern).matches

        def check_pattern(answer: object) -> object:
            text = check_text(answer)
            if isinstance(text, str) and not matches(text):
                raise Wrong("pattern")
            return text

        return check_pattern

    def widget(self, occasion: Occasion) -> forms.Widget:
        attributes = self.lengths()
        if self.pattern:
            attributes["pattern"] = compiled(self.pattern).html
        return forms.TextInput(attributes)


@dataclass(frozen=True, kw_only=True)
class LongText(WrittenAnswer):
    """Any number of lines."""

    type = "long_text"
    called = _("A long answer in words")
    longest = 10_000
    one_line = False

    max_length: int = 10_000

    @classmethod
    def read(cls, raw: Fields) -> Self:
        longest, shortest = cls.read_lengths(raw)
        return cls(max_length=longest, min_length=shortest, **cls.read_common(raw))

    def widget(self, occasion: Occasion) -> forms.Widget:
        return forms.Textarea({"rows": "4", **self.lengths()})
