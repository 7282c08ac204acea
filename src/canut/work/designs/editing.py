"""How people edit an item of a design: which of its fields, each as what, under which words.

Each type of item declares its own beside its fields (`Item.editing`), so that every form, of whatever
door, asks for the same. Whether what was typed is sound, the schema says, as for every other door.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise
"""A sentence, or one that is put into the reader's language when it is shown."""

Kind = Literal[
    "line",  # one line of text
    "area",  # several lines of text
    "tick",  # true or false
    "whole",  # a whole number
    "number",  # a number
    "options",  # a list of {"value", "label"}, edited as "value | label" a line
    "texts",  # a list of texts, one a line
    "choice",  # one of `choices`
    "choices",  # a list of values out of `choices`
    "column",  # one line in which usually one column stands, offered to be chosen
    "parts",  # a list of objects, or one object if `most` is 1, each with the fields `parts`
]


class Family(StrEnum):
    """What a type of item is for; where people look for it when they add one."""

    SHOWN = "shown"
    CHOICES = "choices"
    WORDS = "words"
    COMPARED = "compared"
    MARKED = "marked"
    OWN = "own"
    LAYOUT = "layout"


FAMILY_NAMES: Mapping[Family, Text] = {
    Family.SHOWN: _("To read, see or hear"),
    Family.CHOICES: _("Answers by choosing"),
    Family.WORDS: _("Answers in words or numbers"),
    Family.COMPARED: _("Comparing and rating"),
    Family.MARKED: _("Marking, recording, files"),
    Family.OWN: _("Your own pages"),
    Family.LAYOUT: _("Layout"),
}


@dataclass(frozen=True, kw_only=True)
class EditedField:
    """One field of an item's JSON as a form edits it.

    `needed` says that the JSON must have it; any other that is left empty is left out of the JSON, and
    so is one that has its `default`. `parts` are the fields of each object of a list, `most` how many.
    """

    name: str
    kind: Kind
    label: Text
    help: Text = ""
    needed: bool = False
    default: object = None
    choices: Sequence[tuple[str, Text]] = ()
    parts: Sequence["EditedField"] = ()
    most: int = 100
    rows: int = 2
    """How high the field is that takes several lines."""


FEED = _("{{column}} stands for the value of that column in each row.")

LABEL = EditedField(name="label", kind="line", label=_("Question"), needed=True)
HELP = EditedField(name="help", kind="line", label=_("Hint below the question"))
OPTIONS = EditedField(
    name="options",
    kind="options",
    label=_("Choices, one a line"),
    help=_(
        "What stands before a bar is stored in the results, what stands after it is read by workers: "
        "right | It is right."
    ),
    needed=True,
    rows=5,
)
LONGEST = EditedField(name="max_length", kind="whole", label=_("Longest answer, in characters"))
SHORTEST = EditedField(name="min_length", kind="whole", label=_("Shortest answer, in characters"))

BEGINNING_OPTIONS = ({"value": "yes", "label": _("Yes")}, {"value": "no", "label": _("No")})


def begun(fields: Mapping[str, object]) -> dict[str, object]:
    """Return what a new item begins with as plain JSON, in the active language."""
    return {name: _plain(value) for name, value in fields.items()}


def _plain(value: object) -> object:
    match value:
        case Promise():
            return str(value)
        case Mapping():
            return begun(value)
        case list() | tuple():
            return [_plain(part) for part in value]
        case _:
            return value
