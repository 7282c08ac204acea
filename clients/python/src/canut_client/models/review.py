"""Work that was handed in, as its requester reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut_client.models.common import Amount, Party
from canut_client.models.work import Ruling


@dataclass(frozen=True, slots=True)
class Bonus:
    """A bonus that was paid."""

    entry_id: int
    assignment_id: int
    amount: Amount
    reason: str
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class ShownItem:
    """One item of a task as the worker met it, and what was answered, in words."""

    texts: Mapping[str, Any]
    is_question: bool
    label: str
    answers: tuple[str, ...]
    stored: str


@dataclass(frozen=True, slots=True)
class HeardRuling:
    """A decision as a hearing reads it; `ground` is a sentence."""

    outcome: str
    at: datetime
    automatic: bool
    ground: str
    evidence: str
    reason: str


@dataclass(frozen=True, slots=True)
class HeardAttempt:
    """What was handed in, and what was decided about it; grounds are sentences here."""

    attempt: int
    items: tuple[ShownItem, ...]
    submitted_at: datetime
    active_seconds: int | None
    rulings: tuple[HeardRuling, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A submission with its provenance. The answer is in the terms of the design's columns.

    Of work that judges other work, `shows` are the submissions it showed, in order of their numbers.
    """

    submission_id: int
    assignment_id: int
    project_id: int
    task_id: int
    task_key: str
    row: Mapping[str, Any]
    revision_id: int
    worker: Party | None
    state: str
    attempt: int
    is_latest: bool
    answer: Mapping[str, Any]
    sides_swapped: bool
    active_seconds: int | None
    reward: Amount
    taken_at: datetime
    submitted_at: datetime
    rulings: tuple[Ruling, ...]
    shows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Finished work: approved, and by which decision. It comes once and never changes."""

    decision_id: int
    decided_at: datetime
    cursor: str
    work: Work
