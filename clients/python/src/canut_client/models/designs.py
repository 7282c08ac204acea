"""Designs as one works on them, and what each revision of a project changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut_client.models.common import Amount


@dataclass(frozen=True, slots=True)
class DesignProblem:
    """One thing that is still wrong with a design."""

    path: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DesignVersion:
    """One step on the way to a design."""

    number: int
    title: str
    step_name: str
    is_sound: bool
    made_at: datetime
    is_current: bool


@dataclass(frozen=True, slots=True)
class Design:
    """The design of a project's newest revision as its author left it, sound or not."""

    project_id: int
    is_editable: bool
    changed_at: datetime
    design: Mapping[str, Any]
    problems: tuple[DesignProblem, ...]
    can_undo: bool
    can_redo: bool
    versions: tuple[DesignVersion, ...]
    columns: tuple[str, ...]
    lacking: tuple[str, ...]
    suggested_seconds: int


@dataclass(frozen=True, slots=True)
class DesignRead:
    """A design that another program wrote, as it was understood, and what was not taken over."""

    origin: str
    design: Mapping[str, Any]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TermChanged:
    """One of the terms that is another one than before: seconds, a count, or minor units of money."""

    name: str
    kind: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class RoundOfRevision:
    """A prototype round of a revision, what came of it, and how its workers voted."""

    number: int
    state: str
    tasks: int
    workers_a_task: int
    places: int
    publish: int
    revise: int
    opened_at: datetime
    decided_at: datetime | None
    launched_at: datetime | None


@dataclass(frozen=True, slots=True)
class RevisionOfProject:
    """One revision in the chain, with what differs from the one before, in sentences."""

    number: int
    created_at: datetime
    published_at: datetime | None
    reward: Amount
    expected_seconds: int
    answers: int
    keeps_answers: bool
    changes: tuple[str, ...]
    terms_changed: tuple[TermChanged, ...]
    rounds: tuple[RoundOfRevision, ...]


@dataclass(frozen=True, slots=True)
class Revisions:
    """All revisions of a project, newest first."""

    project_id: int
    items: tuple[RevisionOfProject, ...]
