"""The page's form of a design: draws it for one row and one worker, and reads what was posted.

It checks nothing of its own. `is_valid` asks the same validator as every other door, and puts what it
says beside the fields, with what was typed still there.
"""

import json
from collections.abc import Iterator, Mapping
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
from canut.work.designs.items import Item, Occasion, Question
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
    own, by its item's name, where it is shown and what it has sent.

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
    ) -> None:
        self.design = design
        self.occasion = Occasion(row=row, seed=seed, frames=frames or {})
        self.answer: Answer | None = None
        self.measured_seconds = measured_seconds
        self._validate = validator or compile_validator(design)
        typed = {FIELD_PREFIX + q.name: q.typed((draft or {}).get(q.name)) for q in design.questions}
        super().__init__(data, initial=typed)
        for question in design.questions:
            # A template that asks for form.errors would get an item called "errors", but for the prefix.
            self.fields[FIELD_PREFIX + question.name] = AnswerField(
                required=question.required,
                widget=question.widget(self.occasion),
                label=self.occasion.fill(question.label),
                help_text=f"{self.occasion.fill(question.help)} {self._needed_if(question)}".strip(),
            )
        if isinstance(data, QueryDict):
            self.measured_seconds = measured_seconds_from_post(dict(data.lists()))

    def clean(self) -> None:
        post = dict(self.data.lists()) if isinstance(self.data, QueryDict) else {}
        try:
            self.answer = self._validate({**answer_from_post(self.design, post), **self._from_frames()})
        except AnswerRefused as refused:
            for name, problem in refused.errors.items():
                field = FIELD_PREFIX + name
                self.add_error(field if field in self.fields else None, problem.message)

    def _from_frames(self) -> Answer:
        framed = self.occasion.frames.items()
        return {name: frame.answer for name, frame in framed if frame.answer is not None}

    def entries(self) -> Iterator[Entry]:
        """Give the items in the order of the page."""
        for item in self.design.items:
            yield self._entry(item)

    def faults(self) -> Iterator[Fault]:
        """Give what is wrong, in the order of the page."""
        for question in self.design.questions:
            if messages := self.errors.get(FIELD_PREFIX + question.name):
                bound = self[FIELD_PREFIX + question.name]
                first = f"{bound.auto_id}_0" if bound.field.widget.use_fieldset else str(bound.auto_id)
                yield Fault(first, str(bound.label), [str(message) for message in messages])
        if messages := self.non_field_errors():
            yield Fault("", "", [str(message) for message in messages])

    @property
    def offers_choices(self) -> bool:
        """Tell whether number keys have something to choose."""
        return any(isinstance(form_field.widget, forms.RadioSelect) for form_field in self.fields.values())

    def _entry(self, item: Item) -> Entry:
        texts = item.drawn(self.occasion)
        if not isinstance(item, Question):
            return Entry(template=item.template, texts=texts)
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
        )

    def _needed_if(self, question: Question) -> str:
        """Return the sentence that says when a conditional answer is needed."""
        condition = question.required_if
        other = next((q for q in self.design.questions if condition and q.name == condition.item), None)
        if not condition or not other:
            return ""
        named = [choice.label for choice in other.choices(self.occasion) if choice.value in condition.among]
        return _("Needed if the answer to “%(question)s” is: %(choices)s.") % {
            "question": self.occasion.fill(other.label),
            "choices": ", ".join(named),
        }
