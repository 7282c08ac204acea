"""Designs as their author works on them, and what each revision of a project changed."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from canut.api.shapes.common import Amount, Moment, Said, Sent
from canut.api.shapes.projects import RoundState


class DesignProblem(Said):
    """One thing that is still wrong with a design; `path` leads to it in its JSON."""

    path: str
    code: str
    message: str


class DesignVersion(Said):
    """One step on the way to a design. `step_name` says what led to it."""

    number: int
    title: str = Field(description="A name that its author gave it; empty for none.")
    step_name: str
    is_sound: bool
    made_at: Moment
    is_current: bool


class Design(Said):
    """The design that a project's newest revision has, as its author left it, sound or not.

    While it is not sound, workers would get the last version that was.
    """

    project_id: int
    is_editable: bool
    changed_at: Moment
    design: Mapping[str, Any]
    problems: Sequence[DesignProblem]
    can_undo: bool
    can_redo: bool
    versions: Sequence[DesignVersion] = Field(description="Newest first.")
    columns: Sequence[str] = Field(description="Those of the project's files.")
    lacking: Sequence[str] = Field(description="Columns that the design names and a file has not.")
    suggested_seconds: int = Field(description="How long a task should take, by what is in it.")


class DesignText(Sent):
    """A design as another program wrote it: JSON of SurveyJS or of Canut, or XML of Label Studio."""

    text: str


class DesignRead(Said):
    """What was understood of it: a design to create or change a project with. Nothing is kept of it here."""

    origin: str
    design: Mapping[str, Any]
    left_out: Sequence[str] = Field(description="What was not taken over, each in a sentence.")


class TermChanged(Said):
    """One of the terms that is another one than before: seconds, a count, or minor units of money."""

    name: str
    kind: Literal["money", "seconds", "count"]
    before: int
    after: int


class RoundOfRevision(Said):
    """A prototype round of a revision: its size, what came of it, and how its workers voted."""

    number: int
    state: RoundState
    tasks: int
    workers_a_task: int
    places: int
    publish: int = Field(description="Votes to publish.")
    revise: int = Field(description="Votes to revise.")
    opened_at: Moment
    decided_at: Moment | None
    launched_at: Moment | None


class RevisionOfProject(Said):
    """One revision in the chain, with what differs from the one before, in sentences."""

    number: int
    created_at: Moment
    published_at: Moment | None
    reward: Amount
    expected_seconds: int
    answers: int = Field(description="What was handed in under it.")
    keeps_answers: bool = Field(description="Whether rows answered before were left alone.")
    changes: Sequence[str]
    terms_changed: Sequence[TermChanged]
    rounds: Sequence[RoundOfRevision]


class Revisions(Said):
    """All revisions of a project, newest first."""

    project_id: int
    items: Sequence[RevisionOfProject]
