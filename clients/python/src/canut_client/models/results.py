"""What came of the work, summed up, and files of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Export:
    """A file that was asked for; until `finished_at` is set, `done_share` says how far it is."""

    id: int
    kind: str
    format: str
    asked_at: datetime
    finished_at: datetime | None
    kept_until: datetime
    done_share: float
    problem: str
    rows: int
    size_bytes: int
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Statistics:
    """Results of one question, or how far they are; `figures` is null until they are done."""

    id: int
    done_share: float
    problem: str
    asked_at: datetime
    finished_at: datetime | None
    is_stale: bool
    figures: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class TaskLabels:
    """What each method says of one task."""

    task: int
    key: str
    position: int
    answers: int
    majority: Any
    votes: int
    share: float | None
    tied: bool
    dawid_skene: Any
    posterior: float | None
    median: float | None
    seconds: float | None
    gold: Any
