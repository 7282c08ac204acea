"""The plain form of a design: its instructions, and each item's texts, choices and bounds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.web.studio.forms import DraftForm

BAR = "|"

TYPE_NAMES = {
    "text": gettext_lazy("A text to read"),
    "pairwise": gettext_lazy("Two texts to compare"),
    "single_choice": gettext_lazy("One choice of several"),
    "multiple_choice": gettext_lazy("Any of several choices"),
    "short_text": gettext_lazy("A short answer in words"),
    "long_text": gettext_lazy("A long answer in words"),
    "number": gettext_lazy("A number"),
}


@dataclass(frozen=True)
class Editing:
    """How one field of an item is edited: its form field, and the ways to and from what is typed."""

    field: Callable[[], forms.Field]
    typed: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda typed: typed


def _line(label: Any, help_text: Any = "", *, needed: bool = False) -> Editing:
    def field() -> forms.Field:
        return forms.CharField(label=label, help_text=help_text, required=needed)

    return Editing(field)


def _area(label: Any, help_text: Any = "", *, rows: int = 2, needed: bool = False) -> Editing:
    def field() -> forms.Field:
        widget = forms.Textarea({"rows": rows})
        return forms.CharField(label=label, help_text=help_text, required=needed, widget=widget)

    return Editing(field)


def _tick(label: Any, help_text: Any = "") -> Editing:
    return Editing(lambda: forms.BooleanField(label=label, help_text=help_text, required=False), bool)


def _number(label: Any, *, whole: bool = False) -> Editing:
    kind = forms.IntegerField if whole else forms.FloatField

    def read(typed: Any) -> Any:
        return int(typed) if isinstance(typed, float) and typed.is_integer() else typed

    return Editing(lambda: kind(label=label, required=False), read=read)


def _options_typed(options: Any) -> str:
    """Return a choice a line: what workers read, after what is stored where that is something else."""
    lines = []
    for option in options or []:
        value, label = option["value"], option["label"]
        lines.append(label if value == label and BAR not in label else f"{value} {BAR} {label}")
    return "\n".join(lines)


def _options_read(typed: str) -> list[dict[str, str]]:
    options = []
    for line in typed.splitlines():
        if line.strip():
            value, bar, label = (part.strip() for part in line.partition(BAR))
            options.append({"value": value, "label": label if bar else value})
    return options


_LABEL = _line(gettext_lazy("Question"), needed=True)
_HELP = _line(gettext_lazy("Hint below the question"))
_REQUIRED = _tick(gettext_lazy("An answer is needed"))
_OPTIONS = Editing(
    lambda: forms.CharField(
        label=gettext_lazy("Choices, one a line"),
        widget=forms.Textarea({"rows": 5}),
        help_text=gettext_lazy(
            "What stands before a bar is stored in the results, what stands after it is read by workers: "
            "right | It is right."
        ),
    ),
    _options_typed,
    _options_read,
)
_FEED = gettext_lazy("{{column}} stands for the value of that column in each row.")

EDITED: Mapping[str, Mapping[str, Editing]] = {
    "text": {
        "heading": _line(gettext_lazy("Heading")),
        "text": _area(gettext_lazy("Text"), _FEED, needed=True),
    },
    "pairwise": {
        "label": _LABEL,
        "help": _HELP,
        "prompt": _area(gettext_lazy("What both texts answer"), _FEED),
        "a": _area(gettext_lazy("First text"), needed=True),
        "b": _area(
            gettext_lazy("Second text"),
            gettext_lazy(
                "Half of the workers, drawn by lot, see it first. What is stored goes by the columns."
            ),
            needed=True,
        ),
        "ties": _tick(gettext_lazy("A tie may be chosen")),
    },
    "single_choice": {"label": _LABEL, "help": _HELP, "options": _OPTIONS, "required": _REQUIRED},
    "multiple_choice": {"label": _LABEL, "help": _HELP, "options": _OPTIONS, "required": _REQUIRED},
    "short_text": {
        "label": _LABEL,
        "help": _HELP,
        "required": _REQUIRED,
        "max_length": _number(gettext_lazy("Longest answer, in characters"), whole=True),
        "pattern": _line(gettext_lazy("Pattern that the answer must have")),
    },
    "long_text": {
        "label": _LABEL,
        "help": _HELP,
        "required": _REQUIRED,
        "max_length": _number(gettext_lazy("Longest answer, in characters"), whole=True),
    },
    "number": {
        "label": _LABEL,
        "help": _HELP,
        "required": _REQUIRED,
        "min": _number(gettext_lazy("Smallest number")),
        "max": _number(gettext_lazy("Largest number")),
        "step": _number(gettext_lazy("Steps")),
    },
}
"""The fields of each type of item that the form edits; all others stay as they are."""

ON_UNLESS_SAID = ("required", "ties")


@dataclass(frozen=True)
class ItemSection:
    """One item in the form: what kind it is, its name in the results, its fields."""

    title: str
    name: str
    note: str
    fields: Sequence[BoundField]


class DesignForm(DraftForm):
    """Edits a copy of a design's JSON. Whether the outcome is a sound design, the use case says."""

    title = forms.CharField(
        label=gettext_lazy("Title of the task"),
        required=False,
        help_text=gettext_lazy("For yourself, if you keep several designs apart."),
    )
    instructions = forms.CharField(
        label=gettext_lazy("Instructions"),
        required=False,
        widget=forms.Textarea({"rows": 10}),
        help_text=gettext_lazy("Plain text, above every task. Say what to look at, and what to do in doubt."),
    )

    def __init__(self, data: QueryDict | None, *, design: Mapping[str, Any], based_on: str) -> None:
        self._design = design
        initial = {"title": design.get("title", ""), "instructions": design.get("instructions", "")}
        super().__init__(data, initial={**initial, "based_on": based_on})
        for name, field, editing, item in self._edited():
            self.fields[name] = editing.field()
            self.fields[name].initial = editing.typed(item.get(field, field in ON_UNLESS_SAID or None))

    def sections(self) -> Iterator[ItemSection]:
        """Give the items in the order of the page, for the template."""
        for number, item in enumerate(self._design["items"]):
            names = [name for name, _field, _editing, of in self._edited() if of is item]
            note = ""
            if item.get("required_if"):
                note = _("An answer is needed only if “%(item)s” is: %(values)s.") % {
                    "item": item["required_if"]["item"],
                    "values": ", ".join(item["required_if"]["in"]),
                }
            kind = str(TYPE_NAMES.get(item["type"], item["type"]))
            title = _("%(number)s. %(kind)s") % {"number": number + 1, "kind": kind}
            yield ItemSection(title, item.get("name", ""), note, [self[name] for name in names])

    def design(self) -> dict[str, Any]:
        """Return the design's JSON with what was typed in it. Call it when the form is valid."""
        design = deepcopy(dict(self._design))
        design["title"], design["instructions"] = (
            self.cleaned_data["title"],
            self.cleaned_data["instructions"],
        )
        for number, item in enumerate(design["items"]):
            for field, editing in _editings(item).items():
                value = editing.read(self.cleaned_data[_name(number, field)])
                if value is None or (value == "" and field not in ("label", "text", "a", "b")):
                    item.pop(field, None)
                else:
                    item[field] = value
        return design

    def show_problems(self, problems: Sequence[Mapping[str, str]]) -> None:
        """Show what is wrong with the design at the fields it is about, else at the top."""
        for problem in problems:
            name = self._field_at(problem["path"])
            self.add_error(name, problem["message"])

    def _field_at(self, path: str) -> str | None:
        """Return the form's field for a path such as `items[2].options[0].label`."""
        head, bracket, rest = path.partition("]")
        if head in self.fields:
            return head
        if not (bracket and head.startswith("items[")):
            return None
        field = rest.lstrip(".").split(".")[0].split("[")[0]
        name = _name(int(head.removeprefix("items[")), field)
        return name if name in self.fields else None

    def _edited(self) -> Iterator[tuple[str, str, Editing, Mapping[str, Any]]]:
        for number, item in enumerate(self._design["items"]):
            for field, editing in _editings(item).items():
                yield _name(number, field), field, editing, item


def _editings(item: Mapping[str, Any]) -> Mapping[str, Editing]:
    """Return what of the item is edited: whether an answer is needed only where no condition says so."""
    editings = EDITED.get(item["type"], {})
    if item.get("required_if"):
        return {field: editing for field, editing in editings.items() if field != "required"}
    return editings


def _name(number: int, field: str) -> str:
    return f"item-{number}-{field}"
