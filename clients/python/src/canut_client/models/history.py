"""The history of what one did, or of what was done for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Amount, Party


@dataclass(frozen=True, slots=True)
class HistoryPart:
    """What was paid for one reason."""

    reason: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class HistoryShare:
    """A levy or the fee on what was paid, with its exact part."""

    name: str
    share_minor: str


@dataclass(frozen=True, slots=True)
class HistoryCharge:
    """A levy or the fee on all pay that was asked for."""

    name: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One task, session, top-up or other pay, with what became of it and what was paid for it."""

    kind: str
    id: int
    at: datetime
    project_id: int | None
    title: str
    who: Party | None
    is_of_a_round: bool
    is_volunteer: bool
    fund: str
    task_id: int | None
    task_key: str
    position: int | None
    state: str
    attempt: int | None
    submitted_at: datetime | None
    returned_at: datetime | None
    decided_at: datetime | None
    ended_at: datetime | None
    decided_by: str
    return_reason: str
    ground: str
    evidence: str
    reason: str
    broken_kind: str
    appeal_state: str
    appeal_decided_by: str
    ended_by: str
    active_seconds: int | None
    count: int | None
    rating: str | None
    pay: Amount
    parts: tuple[HistoryPart, ...]
    charges: tuple[HistoryShare, ...]
    note: str


@dataclass(frozen=True, slots=True)
class HistorySums:
    """What was paid in one currency by reason, and the levies and the fee on it."""

    currency: str
    pay: Amount
    parts: tuple[HistoryPart, ...]
    charges: tuple[HistoryCharge, ...]


@dataclass(frozen=True, slots=True)
class HistoryTotals:
    """What all lines that were asked for come to. The sums of pay are the ledger's own."""

    counts: Mapping[str, int]
    active_seconds: int
    sums: tuple[HistorySums, ...]
