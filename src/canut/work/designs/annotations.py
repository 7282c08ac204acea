"""Marks on an image, a text or a sound, as W3C Web Annotations: exactly the forms that our pages make.

An answer is a list of annotations. What is accepted is written again in one form, so that equal marks
are equal JSON: `{"@context", "id", "type", "body", "target": {"source", "selector"}}`. Tags are the
values of the item's labels. Nobody's name or clock is in it: who marked and when, the submission says.

Source: Sanderson, Ciccarese, Young. "Web Annotation Data Model". W3C Recommendation 2017,
https://www.w3.org/TR/annotation-model/. Of its selectors we use four: Fragment (media fragments), Svg,
TextPosition (counted in code points, as it demands) and TextQuote.
"""

import json
import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypedDict
from uuid import NAMESPACE_URL, uuid5

from django import forms
from django.utils.translation import gettext_lazy as _

from canut.work.designs.editing import EditedField, Family
from canut.work.designs.fields import Fields
from canut.work.designs.items import Check, Choice, InPlace, Mark, Occasion, Question
from canut.work.designs.problems import Wrong
from canut.work.designs.values import clean_text, storable

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
LONGEST_NOTE = 2000
LONGEST_POSTED = 128 * 1024
MOST_TAGS = 20

Annotation = dict[str, Any]

_ID = re.compile("(?:urn:uuid:|#)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")

LABELS = EditedField(
    name="labels",
    kind="options",
    label=_("Labels, one a line"),
    help=_("What stands before a bar is stored in the results, what stands after it is read by workers."),
    rows=5,
)
LEAST = EditedField(
    name="least",
    kind="whole",
    label=_("Fewest marks"),
    help=_("With 0, workers may say that there is nothing to mark."),
    default=1,
)
MOST = EditedField(name="most", kind="whole", label=_("Most marks"), default=50)
NOTES = EditedField(
    name="notes", kind="tick", label=_("Workers may write a note on each mark"), default=False
)


class MarkingFields(TypedDict):
    """The fields that every question about marks has, with those of every question."""

    name: str
    label: str
    help: str
    required: bool
    required_if: Any
    labels: tuple[Choice, ...]
    least: int
    most: int
    notes: bool


@dataclass(frozen=True, kw_only=True)
class Marking(Question):
    """A question answered by marking things. A type says what a mark is: its selector."""

    family = Family.MARKED
    needs_twin = True
    best_on_computer = True
    most_marks: ClassVar[int] = 200
    takes_several_tags: ClassVar[bool] = False
    takes_notes: ClassVar[bool] = False
    """Whether there may be notes unless the design says otherwise."""

    labels: tuple[Choice, ...] = ()
    least: int = 1
    most: int = 50
    notes: bool = False

    @classmethod
    def read_marking(cls, raw: Fields) -> MarkingFields:
        labels = []
        for label in raw.objects("labels", at_least=0, at_most=100):
            value = label.text("value", at_most=100, one_line=True)
            labels.append(Choice(value=value, label=label.text("label", at_most=300)))
            label.finish()
        raw.unrepeated([label.value for label in labels], "labels")
        least = raw.whole_number("least", default=1, low=0, high=cls.most_marks)
        most = raw.whole_number("most", default=max(50, least), low=1, high=cls.most_marks)
        if least > most:
            raw.problem("range_empty", "least")
        return MarkingFields(
            labels=tuple(labels),
            least=least,
            most=most,
            notes=raw.flag("notes", default=cls.takes_notes),
            **cls.read_common(raw),
        )

    def templates(self) -> Iterator[str]:
        yield from super().templates()
        for label in self.labels:
            yield label.label

    @property
    def may_be_none(self) -> bool:
        """Whether "there is nothing to mark" is an answer."""
        return self.least == 0 and (self.required or self.required_if is not None)

    @abstractmethod
    def selector(self, raw: object, at: "Place") -> object:
        """Return a selector in its one form; raise `Wrong` through `at` if it is none of the type's."""

    @abstractmethod
    def source(self, occasion: Occasion) -> str:
        """Return the address of what is marked in this row."""

    def where(self, selector: object) -> str:
        """Return a selector as people read it; nothing if it says nothing to them."""
        return ""

    def check(self) -> Check:
        tags = frozenset(label.value for label in self.labels)

        def check_marks(answer: object) -> list[Annotation] | None:
            if not isinstance(answer, list):
                raise Wrong("not_annotations")
            if not answer:
                return [] if self.may_be_none else None
            if len(answer) > self.most:
                raise Wrong("too_many_marks", at_most=self.most, given=len(answer))
            marks = [self._annotation(raw, tags, Place(number)) for number, raw in enumerate(answer, 1)]
            if len({mark["id"] for mark in marks}) < len(marks):
                raise Wrong("repeated_mark")
            if len(marks) < self.least:
                raise Wrong("too_few_marks", at_least=self.least, given=len(marks))
            return marks

        return check_marks

    def placed(self, answer: object, place: InPlace) -> object:
        """Return the marks with the address of what was marked, and what it says there compared."""
        assert isinstance(answer, list)
        source = self.source(place.occasion)
        placed = []
        for number, mark in enumerate(answer, 1):
            given = mark["target"].get("source")
            if given is not None and given != source:
                raise Wrong("other_source", number=number)
            selector = mark["target"]["selector"]
            self.fits(selector, Place(number), place.occasion)
            placed.append({**mark, "target": {"source": source, "selector": selector}})
        return placed

    def fits(self, selector: Any, at: "Place", occasion: Occasion) -> None:
        """Raise `Wrong` if the selector points at something that is not in this row."""

    def most_bytes(self) -> int:
        return self.most * 1000

    def widget(self, occasion: Occasion) -> forms.Widget:
        return forms.HiddenInput()

    def posted(self, values: Sequence[str]) -> object:
        return read_posted(values)

    def typed(self, answer: object) -> object:
        return json.dumps(answer, ensure_ascii=False) if isinstance(answer, list) else None

    def drawn(self, occasion: Occasion) -> dict[str, object]:
        return {
            "labels": [Choice(label.value, occasion.fill(label.label)) for label in self.labels],
            "least": self.least,
            "most": self.most,
            "notes": self.notes,
            "several_tags": self.takes_several_tags,
            "may_be_none": self.may_be_none,
            "source": self.source(occasion),
        }

    def marks(self, answer: object, occasion: Occasion) -> tuple[Mark, ...]:
        """Return the marks in words."""
        words = {label.value: occasion.fill(label.label) for label in self.labels}
        told = []
        for mark in answer if isinstance(answer, list) else []:
            bodies = mark["body"]
            tags = [words.get(one["value"], one["value"]) for one in bodies if one["purpose"] == "tagging"]
            notes = [one["value"] for one in bodies if one["purpose"] == "commenting"]
            where = self.where(mark["target"]["selector"])
            told.append(Mark(label=", ".join(tags), where=where, note="\n".join(notes)))
        return tuple(told)

    def _annotation(self, raw: object, tags: frozenset[str], at: "Place") -> Annotation:
        fields = at.fields(raw, "", needs=("target",), may=("@context", "id", "type", "body"))
        if fields.get("@context", CONTEXT) != CONTEXT:
            raise at.wrong("@context")
        if fields.get("type", "Annotation") != "Annotation":
            raise at.wrong("type")
        target = at.fields(fields["target"], "target", needs=("selector",), may=("source", "type"))
        if target.get("type", "SpecificResource") != "SpecificResource":
            raise at.wrong("target.type")
        source = target.get("source")
        if source is not None and not (isinstance(source, str) and storable(source)):
            raise at.wrong("target.source")
        marked: Annotation = {
            "body": self._body(fields.get("body", []), tags, at),
            "target": {
                **({} if source is None else {"source": source}),
                "selector": self.selector(target["selector"], at),
            },
        }
        name = at.name(fields.get("id"), marked)
        return {"@context": CONTEXT, "id": name, "type": "Annotation", **marked}

    def _body(self, raw: object, tags: frozenset[str], at: "Place") -> list[dict[str, str]]:
        bodies = [raw] if isinstance(raw, dict) else raw
        if not isinstance(bodies, list) or len(bodies) > MOST_TAGS + 1:
            raise at.wrong("body")
        given: list[str] = []
        note = ""
        for body in bodies:
            fields = at.fields(body, "body", needs=("value", "purpose"), may=("type",))
            value, purpose = fields["value"], fields["purpose"]
            if fields.get("type", "TextualBody") != "TextualBody" or not isinstance(value, str):
                raise at.wrong("body")
            if purpose == "tagging":
                if value not in tags:
                    raise Wrong("unknown_tag", number=at.number)
                given.append(value)
            elif purpose == "commenting" and self.notes and not note:
                note = at.note(value)
            else:
                raise at.wrong("body.purpose")
        if len(set(given)) < len(given) or (len(given) > 1 and not self.takes_several_tags):
            raise Wrong("too_many_tags", number=at.number)
        if tags and not given and not self.takes_several_tags:
            raise Wrong("untagged", number=at.number)
        order = {label.value: place for place, label in enumerate(self.labels)}
        made = [("tagging", tag) for tag in sorted(given, key=order.__getitem__)]
        made += [("commenting", note)] if note else []
        return [{"type": "TextualBody", "purpose": purpose, "value": value} for purpose, value in made]


@dataclass(frozen=True, slots=True)
class Place:
    """The number of a mark, for saying what is wrong with it."""

    number: int

    def wrong(self, part: str) -> Wrong:
        return Wrong("not_an_annotation", number=self.number, part=part)

    def fields(
        self, raw: object, part: str, *, needs: Sequence[str], may: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        """Return an object that has just these fields."""
        if not isinstance(raw, dict) or not set(needs) <= raw.keys() <= {*needs, *may}:
            raise self.wrong(part)
        return raw

    def figures(self, raw: object, form: re.Pattern[str], part: str) -> list[str]:
        """Return the numbers that stand in a text of this form."""
        found = form.fullmatch(raw) if isinstance(raw, str) and len(raw) <= 8000 else None
        if found is None:
            raise self.wrong(part)
        return list(found.groups())

    def note(self, raw: str) -> str:
        if len(raw) > 4 * LONGEST_NOTE or len(clean_text(raw)) > LONGEST_NOTE:
            raise Wrong("note_too_long", number=self.number, at_most=LONGEST_NOTE)
        if not storable(raw):
            raise Wrong("unstorable")
        return clean_text(raw)

    def name(self, raw: object, marked: Annotation) -> str:
        """Return a mark's id as a URN; one that was given none is named after what it says."""
        if raw is None:
            written = json.dumps([self.number, marked], sort_keys=True)
            return f"urn:uuid:{uuid5(NAMESPACE_URL, written)}"
        found = _ID.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            raise self.wrong("id")
        return f"urn:uuid:{found[1].lower()}"


NUMBER = r"([0-9]{1,6}(?:\.[0-9]{1,6})?)"


def plain(number: str) -> str:
    """Return a coordinate in its one form: at most three decimals, and no zeros at its end."""
    written = f"{float(number):.3f}".rstrip("0").rstrip(".")
    return written or "0"


def read_posted(values: Sequence[str]) -> object:
    """Return the JSON that a form's hidden field brings; what is none stays a text, which is refused."""
    written = values[-1].strip() if values else ""
    if not written:
        return None
    if len(written) > LONGEST_POSTED:
        return written[:100]
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written[:100]
