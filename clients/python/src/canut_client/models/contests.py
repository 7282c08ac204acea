"""Contests of levels and of refusals to admit, and the statistics on justice."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AdmissionRefusal:
    """That the caller was not admitted, why, and what became of it."""

    id: int
    ground: str
    reason: str
    refused_at: datetime
    state: str
    until: datetime
    may_contest: bool
    words: str
    contested_at: datetime | None
    ended_by: str
    decision: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AdmissionRefusals:
    """The caller's refusals, the latest first."""

    refusals: tuple[AdmissionRefusal, ...]


@dataclass(frozen=True, slots=True)
class StatisticsYears:
    """The years there are statistics of."""

    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatisticsLine:
    """A line of a table; several keys are told together, because one of them has too few cases."""

    keys: tuple[str, ...]
    total: int
    cells: tuple[int, ...] | None
    days: int | None


@dataclass(frozen=True, slots=True)
class StatisticsTable:
    """A table. Without a total there were too few to tell anything."""

    key: str
    columns: tuple[str, ...]
    total: int | None
    cells: tuple[int, ...] | None
    lines: tuple[StatisticsLine, ...]


@dataclass(frozen=True, slots=True)
class JusticeYear:
    """The statistics of one year, of cases that ended in it; rounded down while it goes on."""

    year: int
    is_over: bool
    least: int
    decisions: int | None
    appealed_per_thousand: str | None
    tables: tuple[StatisticsTable, ...]
