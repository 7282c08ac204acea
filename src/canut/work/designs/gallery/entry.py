"""What an entry of the gallery is: a whole design with instructions, an example row and an expected time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from canut.work.designs.columns import column_name
from canut.work.designs.rules_effort import Effort, effort_of
from canut.work.designs.schema import Design, read_design
from canut.work.states import Risk

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
    risks: tuple[Risk, ...] = ()
    """What such work may show that can harm who sees it: suggested to the author, who knows."""
    elsewhere_seconds: int = 0
    """What is done away from the task's page, such as trying a website."""

    @property
    def effort(self) -> Effort:
        """How long the example is expected to take on its page, and how that was got."""
        return effort_of(self.design(), [self.example_row()])

    @property
    def expected_seconds(self) -> int:
        return self.effort.seconds + self.elsewhere_seconds

    @property
    def risk_names(self) -> Sequence[str]:
        return [str(risk.label) for risk in self.risks]

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
