"""Broken tasks: what workers report, and what their requesters make of the rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut_client.models.common import Amount, Party


@dataclass(frozen=True, slots=True)
class BrokenContest:
    """A requester's objection to one report, and what was decided about it."""

    state: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class BrokenReport:
    """What a worker said of a task, and what becomes of the pay for the time spent on it."""

    assignment_id: int
    name: str
    worker: Party | None
    kind: str
    words: str
    reported_at: datetime
    elapsed_seconds: int
    paid_seconds: int
    floor_hourly: Amount
    amount: Amount
    pay: str
    unpaid_why: str
    due_at: datetime | None
    paid_at: datetime | None
    is_owed: bool
    may_contest: bool
    contest: BrokenContest | None
    row_state: str
    row_words: str


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that was reported as broken, and is out of the feed while it is "paused"."""

    id: int
    task_id: int
    position: int
    key: str
    row: Mapping[str, Any]
    row_before: Mapping[str, Any] | None
    state: str
    paused_at: datetime
    ended_at: datetime | None
    words: str
    may_mend: bool
    reports: tuple[BrokenReport, ...]


@dataclass(frozen=True, slots=True)
class BrokenRowsDecided:
    """How many of the named rows were decided on now."""

    decided: int
