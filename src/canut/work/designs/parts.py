"""Questions whose answer has several parts, each given in a field of its own: places, a rubric.

In a form the field of a part is called after the question, a hyphen and the part's key; no item's name
holds a hyphen. Whoever may leave out the whole may not leave out a half.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from canut.work.designs.items import Occasion, Question
from canut.work.designs.problems import Wrong


@dataclass(frozen=True)
class Part:
    """One field of such a question, as this worker meets it.

    A part that is not `needed` may be left blank; one with `need_key` is needed if the part of that
    key has one of the values `need_among`. `ends` are what the ends of a scale are called.
    """

    key: str
    label: str
    widget: forms.Widget
    needed: bool = True
    need_key: str = ""
    need_among: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")


class Together(forms.Widget):
    """Stands for the parts together: it draws nothing, and carries the question's help and errors."""

    use_fieldset = True

    def render(self, name: str, value: object, attrs: Any = None, renderer: Any = None) -> SafeString:
        return SafeString("")

    def use_required_attribute(self, initial: object) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class InParts(Question):
    """A question with several fields in a form; its answer is an object."""

    template = "work/items/parts.html"

    @abstractmethod
    def part_keys(self) -> Sequence[str]:
        """Return the keys of all parts: the same for everybody."""

    @abstractmethod
    def parts(self, occasion: Occasion) -> Sequence[Part]:
        """Return the parts in the order in which this worker meets them."""

    @abstractmethod
    def posted_parts(self, values: Mapping[str, Sequence[str]]) -> object:
        """Return the answer's JSON as the parts' fields posted it; None if nothing was given."""

    @abstractmethod
    def typed_parts(self, answer: object) -> Mapping[str, object]:
        """Return what to show in the parts' fields for an answer or a draft, by their keys."""

    def widget(self, occasion: Occasion) -> forms.Widget:
        return Together()

    def typed(self, answer: object) -> object:
        return None


def given_parts(answer: object, known: Sequence[str]) -> dict[str, object]:
    """Return the parts of an answer that were given, without blanks.

    Raises:
        Wrong: it is no object, or has a part that is not one of `known`.
    """
    if not isinstance(answer, dict):
        raise Wrong("not_parts")
    if any(part not in known for part in answer):
        raise Wrong("unknown_part")
    return {part: value for part, value in answer.items() if value not in (None, "", {})}
