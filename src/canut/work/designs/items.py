"""What every item of a design has in common, whether it shows something or asks something."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import ClassVar, Literal, Self, TypedDict

from django import forms
from django.utils.translation import gettext as _

from canut.work.designs.columns import as_text, fill
from canut.work.designs.editing import HELP, LABEL, EditedField, Family, Text, begun
from canut.work.designs.fields import Fields
from canut.work.designs.framed import Framed

Check = Callable[[object], object]
"""Returns an answer cleaned, or None if it is blank; raises `Wrong`."""


@dataclass(frozen=True)
class Occasion:
    """One row of data in front of one worker. `seed` fixes what is random about it.

    `frames` holds, by the item's name, where each page of the requester's own is shown, and `works`, by
    its number, the work of others that is shown. `file_address` is where files of the answer are fetched,
    with `{id}` for the file's: None for the usual place, empty where they are not. `covers_pictures` puts
    something in the place of images and videos, behind which whoever wants to may look.
    """

    row: Mapping[str, object]
    seed: int = 0
    frames: Mapping[str, Framed] = field(default_factory=dict)
    works: Mapping[int, "WorkSeen"] = field(default_factory=dict)
    file_address: str | None = None
    covers_pictures: bool = False

    def fill(self, template: str) -> str:
        return fill(template, self.row)


@dataclass(frozen=True, slots=True)
class FileKept:
    """A file that was kept for one question of an assignment."""

    id: str
    item: str
    name: str
    size: int
    type: str


@dataclass(frozen=True)
class InPlace:
    """Where an answer belongs: the row in front of its worker, and the files kept for it, by their ids."""

    occasion: Occasion
    files: Mapping[str, FileKept] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One way to answer: the value that is stored, and what the worker reads."""

    value: str
    label: str


@dataclass(frozen=True)
class Mark:
    """One thing that was marked, in words: what it was called, where it is, and what was noted on it."""

    label: str
    where: str = ""
    note: str = ""

    @property
    def said(self) -> str:
        return " · ".join(part for part in (self.label, self.where, self.note) if part)


@dataclass(frozen=True, kw_only=True)
class Told:
    """One part of a task or of an answer, for reading: `templates/work/_told.html` draws it.

    | kind    | `text`                            | `url`         | `annotations`                      |
    |---------|-----------------------------------|---------------|------------------------------------|
    | text    | the text                          |               |                                    |
    | image   | its alternative text              | of the image  |                                    |
    | audio   | what it is called                 | of the sound  | W3C, as a JSON list; may be empty  |
    | video   | what it is called                 | of the video  |                                    |
    | link    | its words; without, the address   | where it leads|                                    |
    | file    | the file's name                   | of the file   |                                    |
    | regions | the image's alternative text      | of the image  | W3C, as a JSON list                |
    | spans   | the text in which they were marked|               | W3C, as a JSON list                |

    Texts are plain and escaped by the template. `marks` says in words what `annotations` hold; it is
    what the page shows without scripts, and what listeners get.
    """

    kind: Literal["text", "image", "audio", "video", "link", "file", "regions", "spans"] = "text"
    text: str = ""
    url: str = ""
    heading: str = ""
    lang: str = ""
    marks: tuple[Mark, ...] = ()
    annotations: str = ""

    @property
    def said(self) -> str:
        """Return the same in one text, for doors that show no pictures."""
        lines = [self.text or self.url] if self.kind != "spans" else []
        return "\n".join([*lines, *(mark.said for mark in self.marks)])


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item of a task with the answer to it, for reading: plain texts, escaped by the template.

    `texts` is what the item draws for this row and this worker, and `seen` the same part by part;
    `told` is what was answered, and `answers` that in words alone; `stored` is the stored value where
    the words are not it.
    """

    texts: Mapping[str, object]
    seen: Sequence[Told]
    is_question: bool
    label: str
    told: Sequence[Told]
    answers: Sequence[str]
    stored: str


@dataclass(frozen=True, slots=True)
class WorkSeen:
    """Work that is shown to be judged: what its worker was told, what they saw and what they answered."""

    instructions: str
    items: Sequence[ShownItem]


@dataclass(frozen=True)
class Condition:
    """Holds when the answer to another item is, or has in it, one of some values."""

    item: str
    among: tuple[str, ...]

    @classmethod
    def read(cls, condition: Fields) -> Self:
        among = condition.texts("in", at_least=1, at_most=100, longest=100)
        condition.unrepeated(among, "in")
        read = cls(item=condition.name("item"), among=among)
        condition.finish()
        return read

    def to_json(self) -> dict[str, object]:
        return {"item": self.item, "in": list(self.among)}

    def holds(self, answer: Mapping[str, object]) -> bool:
        given = answer.get(self.item)
        if isinstance(given, list):
            return any(value in self.among for value in given)
        return (given if isinstance(given, str) else as_text(given)) in self.among


@dataclass(frozen=True, kw_only=True)
class Item(ABC):
    """One thing on a task's page. A subclass is a type of item; `registry` lists them.

    A field of the class is a field of its JSON, left out where it has its default. `shown_if` is read
    by the schema for every type: an item that is not shown is neither needed nor stored.
    """

    type: ClassVar[str]
    template: ClassVar[str]
    """The file in `work/items/` that draws it."""
    called: ClassVar[Text]
    """What people call the type who add one to a design."""
    family: ClassVar[Family] = Family.SHOWN
    editing: ClassVar[tuple[EditedField, ...]] = ()
    """How people edit the type's own fields, in the order of a form."""
    begins: ClassVar[Mapping[str, object]] = {}
    """The fields that a new one has, so that it is sound from the beginning."""
    by_hand: ClassVar[bool] = True
    """Whether people may put one into a design; if not, only the software does."""
    best_on_computer: ClassVar[bool] = False
    """Whether a phone is too small for it: then the author is asked to say so to workers."""
    loads: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """What a page that draws it may load from elsewhere, as the sources of a content security policy."""

    shown_if: Condition | None = None

    @classmethod
    @abstractmethod
    def read(cls, raw: Fields) -> Self:
        """Take the type's own fields out of `raw`; what is wrong is noted there."""

    @classmethod
    def edited(cls) -> tuple[EditedField, ...]:
        """Return how people edit an item of the type: every field but its name and its conditions."""
        return cls.editing

    @classmethod
    def begin(cls, name: str) -> dict[str, object]:
        """Return the JSON of a new item, in the active language. What asks nothing leaves out the name."""
        return {"type": cls.type, **begun(cls.begins)}

    @abstractmethod
    def templates(self) -> Iterator[str]:
        """Give every text in which `{{column}}` may stand, in the order of the page."""

    def to_json(self) -> dict[str, object]:
        written: dict[str, object] = {"type": self.type}
        for one in fields(self):
            value = getattr(self, one.name)
            if value != one.default:
                written[one.name] = _written(value)
        return written

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        """Return what the template needs besides the label, the help and the field: plain texts."""
        return {}

    def seen(self, occasion: Occasion) -> Sequence[Told]:
        """Return what the item showed this worker, besides the question, for reading it afterwards."""
        return ()


class Common(TypedDict):
    """The fields that every question has."""

    name: str
    label: str
    help: str
    required: bool
    required_if: Condition | None


@dataclass(frozen=True, kw_only=True)
class Question(Item):
    """An item that workers answer."""

    needs_twin: ClassVar[bool] = False
    """Whether a correct answer rests on what is stored besides it, which the fast lane does not look up."""
    takes_file: ClassVar[bool] = False
    """Whether an answer names a file that was kept before."""

    name: str
    label: str
    help: str = ""
    required: bool = True
    required_if: Condition | None = None

    @classmethod
    def edited(cls) -> tuple[EditedField, ...]:
        return (LABEL, *cls.editing, HELP)

    @classmethod
    def begin(cls, name: str) -> dict[str, object]:
        return {"type": cls.type, "name": name, "label": _("Your question"), **begun(cls.begins)}

    @classmethod
    def read_common(cls, raw: Fields) -> Common:
        """Take what every question has out of `raw`."""
        label, help_ = raw.text("label", at_most=500), raw.text("help", at_most=2000, needed=False)
        condition = raw.inner("required_if")
        if condition and raw.has("required"):
            raw.problem("required_twice", "required")
        return Common(
            name=raw.name("name"),
            label=label,
            help=help_,
            required=raw.flag("required", default=condition is None) and condition is None,
            required_if=Condition.read(condition) if condition else None,
        )

    def templates(self) -> Iterator[str]:
        yield self.label
        yield self.help

    def to_json(self) -> dict[str, object]:
        written = super().to_json()
        if self.required_if:
            written.pop("required", None)
        return written

    @abstractmethod
    def check(self) -> Check:
        """Return the check of one answer, with all that can be prepared beforehand prepared."""

    def placed(self, answer: object, place: InPlace) -> object:
        """Return a checked answer as it is stored for its row; raise `Wrong` if it does not belong there.

        It is called only if the type `needs_twin`. Placing what was placed changes nothing.
        """
        return answer

    @abstractmethod
    def most_bytes(self) -> int:
        """Return a length that the JSON of no correct answer exceeds."""

    def values(self) -> tuple[str, ...]:
        """Return what a choice may be, as it is counted in results; nothing if answers are free."""
        return ()

    def condition_values(self) -> tuple[str, ...]:
        """Return what conditions on the answer may name; an answer that is a number counts as written."""
        return self.values()

    def choices(self, occasion: Occasion) -> tuple[Choice, ...]:
        """Return the same in the order in which this worker sees them, with their labels."""
        return ()

    @abstractmethod
    def widget(self, occasion: Occasion) -> forms.Widget:
        """Return what the answer is typed or chosen in, with the browser's share of the check."""

    def told(self, answer: object, occasion: Occasion) -> Sequence[Told]:
        """Return an answer as it was stored for people to read, part by part; nothing for None."""
        given = answer if isinstance(answer, list) else [] if answer is None else [answer]
        words = {choice.value: choice.label for choice in self.choices(occasion)}
        return [Told(text=words.get(str(value), as_text(value))) for value in given]

    def posted(self, values: Sequence[str]) -> object:
        """Return the answer's JSON as a form posted it, right or wrong; None if nothing was given."""
        return values[-1] if values else None

    def typed(self, answer: object) -> object:
        """Return what to show in the form for an answer or a draft: the opposite of `posted`."""
        return answer if isinstance(answer, str) else None


def _written(value: object) -> object:
    match value:
        case Condition():
            return value.to_json()
        case tuple():
            return [_written(part) for part in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = [(field, getattr(value, field.name)) for field in fields(value)]
            return {field.name: _written(part) for field, part in parts if part != field.default}
        case _:
            return value
