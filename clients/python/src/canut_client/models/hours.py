"""Work by the hour, sensitive work, and projects that workers refuse together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Amount, Party


@dataclass(frozen=True, slots=True)
class WorkSession:
    """A paid session of the caller's own. While it is open, what it comes to is as of this answer."""

    id: int
    project_id: int
    state: str
    hourly: Amount
    opened_at: datetime
    ends_at: datetime
    closed_at: datetime | None
    ended_by: str
    paid_seconds: int
    pay: Amount
    least_seconds: int
    reserved_seconds: int
    paid_break_left_seconds: int
    break_is_due: bool
    in_hand_id: int | None


@dataclass(frozen=True, slots=True)
class RisksAccepted:
    """The kinds of sensitive work that the caller has said they will see."""

    risks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectRefusal:
    """The caller's refusal of a project; its requester reads ground and words without a name."""

    project_id: int
    ground: str
    words: str
    refused_at: datetime
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in a project of the caller; `worker` is None where it was part of a prototype round."""

    id: int
    worker: Party | None
    hourly: Amount
    opened_at: datetime
    closed_at: datetime | None
    end: str
    paid_seconds: int | None
    pay: Amount | None
    reserved_seconds: int
    handed_in: int
    on_break: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a project that pays by the hour, in seconds, and its latest sessions."""

    hourly: Amount
    session_most_seconds: int
    asked_seconds: int
    paid_for_seconds: int
    used_seconds: int
    reserved_seconds: int
    left_seconds: int
    waiting_seconds: int
    spent: Amount
    sessions: tuple[SessionLine, ...]


@dataclass(frozen=True, slots=True)
class RefusalTold:
    """One refusal with words, as everybody but its author reads it."""

    ground: str
    words: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That workers withdrew a project together, why, and what became of its requester's appeal."""

    project_id: int
    opened: int
    refused: int
    needed: int
    withdrawn_at: datetime
    grounds: Mapping[str, int]
    reasons: tuple[RefusalTold, ...]
    appeal: str
    appeal_until: datetime
    words: str
    ended_by: str
    reason: str
    decided_at: datetime | None
