"""What can be wrong with a design or with an answer, and the sentence that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from canut.kernel.refusals import Refusal

DESIGN_SENTENCES = {
    "not_an_object": gettext_lazy("This must be an object with named fields."),
    "unknown_field": gettext_lazy("There is no such field here. There are: %(known)s."),
    "unknown_version": gettext_lazy("This site reads version 1 of the design format."),
    "unknown_type": gettext_lazy("There is no such type of item. There are: %(known)s."),
    "missing": gettext_lazy("This is needed."),
    "not_text": gettext_lazy("This must be text."),
    "not_a_list": gettext_lazy("This must be a list."),
    "not_a_number": gettext_lazy("This must be a number between %(low)s and %(high)s."),
    "not_a_whole_number": gettext_lazy("This must be a whole number between %(low)s and %(high)s."),
    "not_a_flag": gettext_lazy("This must be true or false."),
    "not_a_name": gettext_lazy(
        "A name begins with a letter and holds at most 60 letters (a to z), digits and underscores."
    ),
    "not_a_language": gettext_lazy("This must be the code of a language, such as en or fr-CA."),
    "unstorable": gettext_lazy("This holds a character that cannot be stored (NUL, or half of a pair)."),
    "one_line": gettext_lazy("This must be one line."),
    "too_long": gettext_lazy("This is longer than %(at_most)s characters."),
    "too_many": gettext_lazy("There are more than %(at_most)s of these."),
    "too_few": gettext_lazy("At least %(at_least)s of these are needed."),
    "too_large": gettext_lazy("The design holds more than %(at_most)s characters of text."),
    "repeated": gettext_lazy("“%(given)s” stands here twice."),
    "no_question": gettext_lazy("The design asks nothing. Add an item that workers answer."),
    "too_many_points": gettext_lazy("A scale has at most %(at_most)s points."),
    "not_a_source": gettext_lazy(
        "This must be an address that begins with https://, or a {{column}} of them."
    ),
    "not_a_date": gettext_lazy("This must be a day written as 2030-12-31."),
    "not_one_of": gettext_lazy("This must be one of: %(known)s."),
    "range_empty": gettext_lazy("The smallest allowed is above the largest allowed."),
    "not_a_pattern": gettext_lazy("This pattern cannot be read near character %(at)s."),
    "pattern_too_complicated": gettext_lazy("This pattern is too complicated. Use fewer or smaller repeats."),
    "required_twice": gettext_lazy("Give either “required” or “required_if”, not both."),
    "condition_unknown_item": gettext_lazy("The condition must name another item that offers choices."),
    "condition_not_before": gettext_lazy(
        "What is shown can depend only on an item before it that offers choices."
    ),
    "condition_unknown_value": gettext_lazy(
        "“%(given)s” is none of the choices of the item in the condition."
    ),
    "work_by_hand": gettext_lazy(
        "Work of others is put into a design by this site alone, when it asks for reviews or comparisons. "
        "Take this item out."
    ),
}

ANSWER_SENTENCES = {
    "not_an_object": gettext_lazy("An answer is an object that gives each question's name its answer."),
    "unknown_item": gettext_lazy("The design has no question of this name."),
    "required": gettext_lazy("This needs an answer."),
    "not_text": gettext_lazy("This must be text."),
    "not_a_number": gettext_lazy("Write a number, such as 12 or 0.5."),
    "not_a_list": gettext_lazy("This must be a list of choices."),
    "not_a_choice": gettext_lazy("This is none of the choices."),
    "repeated_choice": gettext_lazy("A choice stands here twice."),
    "unstorable": gettext_lazy("This holds a character that cannot be stored. Remove it or type it anew."),
    "one_line": gettext_lazy("Write this in one line."),
    "too_long": gettext_lazy("This is too long: at most %(at_most)s characters, and there are %(given)s."),
    "too_short": gettext_lazy(
        "This is too short: at least %(at_least)s characters, and there are %(given)s."
    ),
    "pattern": gettext_lazy("This is not in the form asked for."),
    "not_a_date": gettext_lazy("Write a day as 2030-12-31."),
    "too_early": gettext_lazy("The earliest day allowed is %(low)s."),
    "too_late": gettext_lazy("The latest day allowed is %(high)s."),
    "not_parts": gettext_lazy("This must be an object that gives each part its answer."),
    "unknown_part": gettext_lazy("This has a part that was not asked for."),
    "incomplete": gettext_lazy("Answer every part of this, or, where it is optional, none."),
    "not_a_place": gettext_lazy("Places are whole numbers from 1 to %(most)s."),
    "shared_place": gettext_lazy("No two may share a place here: give each place once."),
    "reason_missing": gettext_lazy("This choice needs a reason."),
    "too_small": gettext_lazy("The smallest number allowed is %(low)s."),
    "too_great": gettext_lazy("The largest number allowed is %(high)s."),
    "off_step": gettext_lazy("Count in steps of %(step)s from %(base)s."),
    "not_annotations": gettext_lazy("This must be a list of W3C Web Annotations."),
    "not_an_annotation": gettext_lazy(
        "Mark %(number)s is no annotation of the kind asked for: look at its “%(part)s”."
    ),
    "repeated_mark": gettext_lazy("Two marks have the same id."),
    "too_many_marks": gettext_lazy("Make at most %(at_most)s marks; there are %(given)s."),
    "too_few_marks": gettext_lazy("Make at least %(at_least)s marks; there are %(given)s."),
    "unknown_tag": gettext_lazy("Mark %(number)s has a label that is not in the list."),
    "untagged": gettext_lazy("Mark %(number)s has no label yet."),
    "too_many_tags": gettext_lazy("Mark %(number)s has more than one label, or one of them twice."),
    "note_too_long": gettext_lazy("The note on mark %(number)s is longer than %(at_most)s characters."),
    "words_differ": gettext_lazy("Mark %(number)s quotes other words than stand at its place in the text."),
    "other_source": gettext_lazy("Mark %(number)s is about something else than this task shows."),
    "not_a_file": gettext_lazy("Upload the file first, and give what the upload answered."),
    "no_such_file": gettext_lazy("This file was not kept for this question. Upload it again."),
    "not_a_page_answer": gettext_lazy("A page's answer gives each of its fields a text or a list of texts."),
    "too_many_fields": gettext_lazy("A page may send at most %(at_most)s fields."),
    "page_answer_too_large": gettext_lazy("What a page sends may have %(at_most)s KB at most."),
    "answered_in_frame": gettext_lazy("This is answered in its own page. Leave it out here."),
    "too_much": gettext_lazy("The answers together are larger than %(at_most)s KB. Shorten one."),
}


@dataclass(frozen=True, slots=True)
class DesignProblem:
    """One thing wrong with a design: `path` leads to it, as in `items[2].options[0].label`."""

    path: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    item: str = ""
    """What the requester calls the item: its name, else its type."""

    @property
    def message(self) -> str:
        """Return the sentence in the active language, with the item and the field in front of it."""
        return f"{self.where}: {self.sentence}" if self.path else self.sentence

    @property
    def sentence(self) -> str:
        """Return the sentence alone, for a place that shows what it is about."""
        return str(DESIGN_SENTENCES[self.code]) % self.facts

    @property
    def where(self) -> str:
        head, bracket, rest = self.path.partition("]")
        if not (bracket and head.startswith("items[")):
            return self.path
        number, part = int(head.removeprefix("items[")) + 1, rest.lstrip(".")
        named = f"{number} ({self.item})" if self.item else str(number)
        if not part:
            return _("Item %(number)s") % {"number": named}
        return _("Item %(number)s, %(field)s") % {"number": named, "field": part}

    def as_json(self) -> dict[str, str]:
        return {"path": self.path, "code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class AnswerProblem:
    """One thing wrong with the answer to one item."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        return str(ANSWER_SENTENCES[self.code]) % self.facts

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "message": self.message}


class Wrong(Exception):
    """Raised by the check of one item; whoever checks the whole answer collects these."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.problem = AnswerProblem(code, facts)


class DesignRefused(Refusal):
    """The design cannot be used; `problems` holds everything that is wrong with it."""

    code = "design_refused"
    status = 422

    def __init__(self, problems: Sequence[DesignProblem]) -> None:
        self.problems = tuple(problems)
        count = ngettext(
            "The design has %(count)s problem.", "The design has %(count)s problems.", len(self.problems)
        ) % {"count": len(self.problems)}
        super().__init__(
            f"{count} {self.problems[0].message}", problems=[problem.as_json() for problem in self.problems]
        )


class AnswerRefused(Refusal):
    """The answer is not what the design asks for; `errors` says why, by the item's name.

    What concerns the whole answer stands under the empty name.
    """

    code = "answer_refused"
    status = 422

    def __init__(self, errors: Mapping[str, AnswerProblem]) -> None:
        self.errors = dict(errors)
        super().__init__(
            _("The answer is not complete or not in the form asked for. Nothing was handed in."),
            errors={name: problem.as_json() for name, problem in self.errors.items()},
        )
