"""The page's form of a design: draws it for one row and one worker, and reads what was posted.

It checks nothing of its own. `is_valid` asks the same validator as every other door, and puts what it
says beside the fields, with what was typed still there.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _

from canut.work.designs.answers import (
    FIELD_PREFIX,
    Answer,
    Validator,
    answer_from_post,
    compile_validator,
    measured_seconds_from_post,
)
from canut.work.designs.framed import Framed
from canut.work.designs.items import Condition, Item, Occasion, Question, WorkSeen
from canut.work.designs.parts import InParts, Part
from canut.work.designs.problems import AnswerRefused
from canut.work.designs.schema import Design


class AnswerField(forms.Field):
    """A field that is drawn and keeps what was typed. Whether that is right, the validator says."""

    def clean(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Entry:
    """One item as its template draws it. Every text is plain and is escaped by the template."""

    template: str
    texts: Mapping[str, object]
    label: str = ""
    help: str = ""
    optional: bool = False
    need_field: str = ""
    """The name of the form's field on which it depends whether an answer is needed, if it does."""
    need_among: str = ""
    """The values of that field with which it is, as a JSON list."""
    field: BoundField | None = None
    parts: Sequence["PartEntry"] = ()
    shown: "ShownIf | None" = None


@dataclass(frozen=True)
class PartEntry:
    """One field of a question that has several, as its template draws it."""

    label: str
    field: BoundField
    needed: bool
    need_field: str
    need_among: str
    ends: tuple[str, str]


@dataclass(frozen=True)
class ShownIf:
    """When something is shown: for scripts as a field and a JSON list of its values, and in words."""

    field: str
    among: str
    words: str


@dataclass(frozen=True)
class FormPage:
    """A page of the form; `title` may be empty, and `number` counts from 1."""

    number: int
    title: str
    shown: ShownIf | None
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Fault:
    """One error for the summary above the form; `target` is the id of what to mend, if it is one field."""

    target: str
    label: str
    messages: list[str] = field(default_factory=list)


class TaskForm(forms.Form):
    """The form of one task.

    `row` is the task's shown row and `seed` the assignment's. `data` is what was posted; without it,
    `draft` (a draft, or an answer that was returned for rework) fills the fields. `validator` is the
    revision's compiled one; without it, it is compiled here. `frames` says of each page of the requester's
    own, by its item's name, where it is shown and what it has sent; `works` is the work of others that is
    shown to be judged, by its number. `covers_pictures`: they are hidden, and shown to whoever opens them.

    After `is_valid()`, `answer` is what to store and `measured_seconds` the timer's figure, or None.
    """

    def __init__(
        self,
        design: Design,
        row: Mapping[str, object],
        *,
        seed: int,
        data: QueryDict | None = None,
        draft: Mapping[str, object] | None = None,
        measured_seconds: int | None = None,
        validator: Validator | None = None,
        frames: Mapping[str, Framed] | None = None,
        works: Mapping[int, WorkSeen] | None = None,
        covers_pictures: bool = False,
    ) -> None:
        self.design = design
        self.occasion = Occasion(
            row=row, seed=seed, frames=frames or {}, works=works or {}, covers_pictures=covers_pictures
        )
        self.answer: Answer | None = None
        self.measured_seconds = measured_seconds
        self._validate = validator or compile_validator(design)
        self._parts: dict[str, Sequence[Part]] = {}
        super().__init__(data, initial=self._typed(draft or {}))
        for question in design.questions:
            # A template that asks for form.errors would get an item called "errors", but for the prefix.
            self.fields[FIELD_PREFIX + question.name] = AnswerField(
                required=question.required,
                widget=question.widget(self.occasion),
                label=self.occasion.fill(question.label),
                help_text=f"{self.occasion.fill(question.help)} {self._needed_if(question)}".strip(),
            )
            if isinstance(question, InParts):
                self._add_parts(question)
        if isinstance(data, QueryDict):
            self.measured_seconds = measured_seconds_from_post(dict(data.lists()))

    def clean(self) -> None:
        post = dict(self.data.lists()) if isinstance(self.data, QueryDict) else {}
        try:
            self.answer = self._validate({**answer_from_post(self.design, post), **self._from_frames()})
        except AnswerRefused as refused:
            self.refuse(refused)

    def refuse(self, refused: AnswerRefused) -> None:
        """Show beside the fields what is wrong with the answer, also if only handing it in has told."""
        for name, problem in refused.errors.items():
            field = FIELD_PREFIX + name
            self.add_error(field if field in self.fields else None, problem.message)

    def _from_frames(self) -> Answer:
        framed = self.occasion.frames.items()
        return {name: frame.answer for name, frame in framed if frame.answer is not None}

    def pages(self) -> Sequence[FormPage]:
        """Return the pages with their items in order; without scripts they stand one below the other."""
        return [
            FormPage(
                number=number,
                title=self.occasion.fill(page.begins.title) if page.begins else "",
                shown=self._shown_if(page.begins.shown_if) if page.begins else None,
                entries=[self._entry(item) for item in page.items],
            )
            for number, page in enumerate(self.design.pages, start=1)
        ]

    def entries(self) -> Iterator[Entry]:
        """Give the items in the order of the page."""
        for page in self.pages():
            yield from page.entries

    def faults(self) -> Iterator[Fault]:
        """Give what is wrong, in the order of the page."""
        for question in self.design.questions:
            if messages := self.errors.get(FIELD_PREFIX + question.name):
                bound = self[FIELD_PREFIX + question.name]
                yield Fault(
                    self._first_control(question), str(bound.label), [str(message) for message in messages]
                )
        if messages := self.non_field_errors():
            yield Fault("", "", [str(message) for message in messages])

    @property
    def offers_choices(self) -> bool:
        """Tell whether number keys have something to choose."""
        return any(isinstance(form_field.widget, forms.RadioSelect) for form_field in self.fields.values())

    def _typed(self, draft: Mapping[str, object]) -> dict[str, object]:
        typed: dict[str, object] = {}
        for question in self.design.questions:
            field, given = FIELD_PREFIX + question.name, draft.get(question.name)
            if isinstance(question, InParts):
                typed |= {f"{field}-{key}": part for key, part in question.typed_parts(given).items()}
            else:
                typed[field] = question.typed(given)
        return typed

    def _add_parts(self, question: InParts) -> None:
        self._parts[question.name] = question.parts(self.occasion)
        for part in self._parts[question.name]:
            self.fields[f"{FIELD_PREFIX}{question.name}-{part.key}"] = AnswerField(
                required=question.required and part.needed and not part.need_key,
                widget=part.widget,
                label=part.label,
            )

    def _first_control(self, question: Question) -> str:
        name = FIELD_PREFIX + question.name
        if parts := self._parts.get(question.name):
            name = f"{name}-{parts[0].key}"
        bound = self[name]
        return f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else str(bound.auto_id)

    def _part_entries(self, question: Question) -> list[PartEntry]:
        field = FIELD_PREFIX + question.name
        return [
            PartEntry(
                label=part.label,
                field=self[f"{field}-{part.key}"],
                needed=part.needed and not part.need_key,
                need_field=f"{field}-{part.need_key}" if part.need_key else "",
                need_among=json.dumps(part.need_among) if part.need_key else "",
                ends=part.ends,
            )
            for part in self._parts.get(question.name, ())
        ]

    def _entry(self, item: Item) -> Entry:
        texts, shown = item.drawn(self.occasion), self._shown_if(item.shown_if)
        if not isinstance(item, Question):
            return Entry(template=item.template, texts=texts, shown=shown)
        bound = self[FIELD_PREFIX + item.name]
        condition = item.required_if
        return Entry(
            template=item.template,
            texts=texts,
            label=str(bound.label),
            help=str(bound.help_text),
            optional=not item.required and not condition,
            need_field=FIELD_PREFIX + condition.item if condition else "",
            need_among=json.dumps(condition.among) if condition else "",
            field=bound,
            parts=self._part_entries(item),
            shown=shown,
        )

    def _shown_if(self, condition: Condition | None) -> ShownIf | None:
        if condition is None:
            return None
        words = _("Only if the answer to “%(question)s” is: %(choices)s.") % self._in_words(condition)
        return ShownIf(FIELD_PREFIX + condition.item, json.dumps(condition.among), words)

    def _needed_if(self, question: Question) -> str:
        """Return the sentence that says when a conditional answer is needed."""
        condition = question.required_if
        if condition is None:
            return ""
        return _("Needed if the answer to “%(question)s” is: %(choices)s.") % self._in_words(condition)

    def _in_words(self, condition: Condition) -> dict[str, str]:
        other = next(question for question in self.design.questions if question.name == condition.item)
        named = [choice.label for choice in other.choices(self.occasion) if choice.value in condition.among]
        return {"question": self.occasion.fill(other.label), "choices": ", ".join(named)}
