"""Settlements, the top-ups they bring, and contests."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Amount, Party


@dataclass(frozen=True, slots=True)
class Contest:
    """A requester's objection to one worker's times, and what was decided about it."""

    state: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    heard_by: str
    decided_by: str
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopUp:
    """What one settlement owes one worker above the reward."""

    id: int
    amount: Amount
    assignments: int
    floor_hourly: Amount
    state: str
    due_at: datetime
    paid_at: datetime | None
    is_owed: bool
    may_contest: bool
    contest: Contest | None


@dataclass(frozen=True, slots=True)
class WorkerTimes:
    """One worker in a settlement; `is_outlying` marks a median for a person to look at."""

    worker: Party
    reports: int
    median_seconds: str | None
    weight_share: str
    is_outlying: bool
    top_up: TopUp | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """One look at how long a revision's tasks really take."""

    id: int
    revision: int
    number: int
    settled_at: datetime
    at_close: bool
    assignments: int
    typical_seconds: str
    from_reports: bool
    reward: Amount
    hourly: Amount
    top_up: Amount
    workers: tuple[WorkerTimes, ...]


@dataclass(frozen=True, slots=True)
class Settlements:
    """A project's settlements, newest first, and what they mean for its money."""

    project_id: int
    reserve: Amount
    announced: Amount
    contested: Amount
    owed: Amount
    paid: Amount
    refused: Amount
    settlements: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True)
class MyTopUp:
    """A top-up as its worker sees it, with why."""

    top_up: TopUp
    project_id: int
    title: str
    typical_seconds: str
    reward: Amount
    settled_at: datetime
