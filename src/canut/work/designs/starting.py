"""Designs to begin with: whole tasks with instructions and an example row, in the reader's language.

A project that begins with one gets a copy as plain text; later changes here do not reach it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.designs.columns import column_name
from canut.work.designs.schema import Design, read_design

Text = str | Promise
"""A sentence, or one that is put into the reader's language when it is shown."""


@dataclass(frozen=True)
class Column:
    """A column that the design needs: the name it has unless the requester's data call it otherwise."""

    parameter: str
    name: str
    meaning: Text


@dataclass(frozen=True)
class StartingDesign:
    """One entry of the gallery."""

    name: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    _example: Mapping[str, Text]
    _build: Callable[..., dict[str, object]]

    def build(self, columns: Mapping[str, str] | None = None, **options: object) -> dict[str, object]:
        """Return the design's JSON in the active language.

        `columns` maps parameters to the names of the requester's columns; `options` are the design's
        own, such as the choices of a classification.

        Raises:
            ValueError: a parameter is unknown, or a name cannot stand between braces.
            DesignRefused: the options make no sound design.
        """
        given = dict(columns or {})
        places = {c.parameter: _place(given.pop(c.parameter, c.name)) for c in self.columns}
        if given:
            raise ValueError(f"the design {self.name!r} has no parameter {', '.join(sorted(given))}")
        raw = self._build(**places, **options)
        read_design(raw)
        return raw

    def design(self, columns: Mapping[str, str] | None = None, **options: object) -> Design:
        return read_design(self.build(columns, **options))

    def example_row(self, columns: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return a row that shows what the task looks like, under the same names of columns."""
        names = {c.parameter: c.name for c in self.columns} | dict(columns or {})
        return {column_name(names[parameter]): str(value) for parameter, value in self._example.items()}


def _place(column: str) -> str:
    name = column_name(column)
    if not name or "{" in name or "}" in name:
        raise ValueError(f"{column!r} cannot stand between braces")
    return f"{{{{{name}}}}}"


def _pairwise(prompt: str, a: str, b: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Which text is better?"),
        "instructions": _(
            "Read what was asked, then both texts to the end. Say which of them answers it better.\n\n"
            "Look at four things: does the text answer what was asked; is it clear and in a sensible order; "
            "is its language correct; is anything important missing?\n\n"
            "Choose “Tie” if both are equally good, if both are equally bad, or if they are the same. "
            "A text that breaks off at its end is not worse for that alone."
        ),
        "items": [
            {
                "type": "pairwise",
                "name": "better",
                "label": _("Which text is better?"),
                "prompt": prompt,
                "a": a,
                "b": b,
                "ties": True,
            }
        ],
    }


def _classification(text: str, options: Sequence[tuple[str, str]] | None = None) -> dict[str, object]:
    listed = options or [("positive", _("Positive")), ("negative", _("Negative")), ("neither", _("Neither"))]
    return {
        "version": 1,
        "title": _("Sort texts"),
        "instructions": _(
            "Read the text and choose the one answer that fits it best. "
            "Judge the text itself, not whether you agree with it."
        ),
        "items": [
            {"type": "text", "text": text},
            {
                "type": "single_choice",
                "name": "label",
                "label": _("What fits this text best?"),
                "options": [{"value": value, "label": label} for value, label in listed],
            },
        ],
    }


def _translation_check(english: str, french: str) -> dict[str, object]:
    return {
        "version": 1,
        "title": _("Check a translation"),
        "instructions": _(
            "Compare the French sentence with the English one.\n\n"
            "Right: it says the same, in French that a careful person would write.\n"
            "Wrong: it says something else, leaves something out, or has a mistake.\n"
            "Unnatural: it says the same, but nobody would put it so.\n\n"
            "Words between % and s, or in curly brackets, stand for names and figures: they must be in both."
        ),
        "items": [
            {"type": "text", "heading": _("English"), "text": english, "lang": "en"},
            {"type": "text", "heading": _("French"), "text": french, "lang": "fr"},
            {
                "type": "single_choice",
                "name": "verdict",
                "label": _("How is the French sentence?"),
                "options": [
                    {"value": "right", "label": _("Right")},
                    {"value": "wrong", "label": _("Wrong")},
                    {"value": "unnatural", "label": _("Unnatural")},
                ],
            },
            {
                "type": "long_text",
                "name": "better",
                "label": _("What would be better?"),
                "max_length": 1000,
                "required_if": {"item": "verdict", "in": ["wrong", "unnatural"]},
            },
        ],
    }


STARTING_DESIGNS: dict[str, StartingDesign] = {
    design.name: design
    for design in (
        StartingDesign(
            "pairwise",
            gettext_lazy("Compare two texts"),
            gettext_lazy(
                "Two texts for one prompt, side by side in random order: which is better, or a tie."
            ),
            (
                Column("prompt", "prompt", gettext_lazy("what both texts answer")),
                Column("a", "a", gettext_lazy("the first text")),
                Column("b", "b", gettext_lazy("the second text")),
            ),
            {
                "prompt": gettext_lazy("How many legs does a spider have?"),
                "a": gettext_lazy("A spider has eight legs."),
                "b": gettext_lazy("Like all insects, a spider has six legs."),
            },
            _pairwise,
        ),
        StartingDesign(
            "classification",
            gettext_lazy("Sort texts"),
            gettext_lazy("One text, and a list of answers of which one fits best."),
            (Column("text", "text", gettext_lazy("the text to sort")),),
            {"text": gettext_lazy("The train was late again, but the view made up for it.")},
            _classification,
        ),
        StartingDesign(
            "translation-check",
            gettext_lazy("Check a translation"),
            gettext_lazy(
                "An English sentence and its French one: right, wrong or unnatural; what is better."
            ),
            (
                Column("english", "english", gettext_lazy("the English sentence")),
                Column("french", "french", gettext_lazy("the French sentence")),
            ),
            {"english": "You have one task in hand.", "french": "Vous avez une tâche en main."},
            _translation_check,
        ),
    )
}
