"""What an answer is to the methods: a label that can be counted, and the same out of a cell of gold."""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from canut.work.designs.choices import MultipleChoice
from canut.work.designs.columns import as_text, columns_in
from canut.work.designs.items import Question
from canut.work.designs.pairwise import Pairwise
from canut.work.designs.quantities import Number, Rating

LIKELY_ITEMS = (
    ("left", "right"),
    ("model_a", "model_b"),
    ("a_model", "b_model"),
    ("left_model", "right_model"),
    ("model_left", "model_right"),
    ("system_a", "system_b"),
)
"""What columns are often called that name the two sides' items, a's first."""


@dataclass(frozen=True)
class Reading:
    """How the answers to one question are read."""

    question: Question

    @property
    def is_closed(self) -> bool:
        """Whether all labels are known beforehand; lists of choices are made of such."""
        return bool(self.question.values())

    @property
    def is_number(self) -> bool:
        return isinstance(self.question, Number | Rating)

    @property
    def labels(self) -> Sequence[str] | None:
        """All labels in the design's order, by which ties are broken; None if they come with the answers."""
        return None if isinstance(self.question, MultipleChoice) else self.question.values() or None

    def label(self, answer: Any) -> Hashable | None:
        """Return an answer's JSON as a label, None if there is none.

        An answer with parts counts as the same as another if all parts are: its label is its JSON.
        """
        if isinstance(answer, dict) or (isinstance(answer, list) and not all(map(_is_plain, answer))):
            return json.dumps(answer, ensure_ascii=False, sort_keys=True)
        return tuple(answer) if isinstance(answer, list) else answer

    def gold(self, cell: object) -> Hashable | None:
        """Return the label that a cell of the uploaded row means; None if it is blank.

        Choices may be written by their value or by their label, several of them as a list or with
        "|" between; numbers as numbers or text.

        Raises:
            ValueError: no answer could ever be this.
        """
        if cell is None or cell == "" or cell == []:
            return None
        if isinstance(self.question, MultipleChoice):
            parts = cell if isinstance(cell, list) else as_text(cell).split("|")
            chosen = {self._choice(part) for part in parts}
            return tuple(value for value in self.question.values() if value in chosen)
        if self.is_number:
            number = float(as_text(cell).strip().replace(",", "."))
            if not isfinite(number):
                raise ValueError("not a finite number")
            return number
        return self._choice(cell) if self.is_closed else as_text(cell).strip() or None

    def _choice(self, cell: object) -> str:
        written = as_text(cell).strip()
        values = self.question.values()
        if written in values:
            return written
        options = getattr(self.question, "options", ())
        named = [choice.value for choice in options if choice.label.strip() == written]
        if len(named) != 1:
            raise ValueError("not one of the choices")
        return str(named[0])


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def likely_items(question: Question, columns: Sequence[str]) -> tuple[str, str]:
    """Return the columns that most likely name the items of a and of b; ("", "") if none do.

    Where the design shows the right one's text as a, the names are turned round with it.
    """
    if not isinstance(question, Pairwise):
        return "", ""
    for a, b in LIKELY_ITEMS:
        if a in columns and b in columns:
            shown_as_a = list(columns_in(question.a))
            is_turned = any(name.startswith(b) for name in shown_as_a) and not any(
                name.startswith(a) for name in shown_as_a
            )
            return (b, a) if is_turned else (a, b)
    return "", ""


def choice_names(question: Question) -> Mapping[str, str]:
    """Return what people call each value that an answer may have."""
    options = getattr(question, "options", ())
    return {choice.value: choice.label for choice in options}
