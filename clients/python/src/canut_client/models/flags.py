"""Flags, and what was flagged of one's own."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Flag:
    """Something one has flagged, and what became of it. `reason` is a person's, once one has decided."""

    matter_id: int
    kind: str
    title: str
    ground: str
    at: datetime
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class FlagTrust:
    """What became of what one has flagged, as far as a person decided of late; whether one's flags count."""

    decided: int
    restored: int
    counts: bool


@dataclass(frozen=True, slots=True)
class FlaggedThing:
    """Something of one's own that was flagged and hidden, in a list."""

    id: int
    kind: str
    title: str
    state: str
    hidden_until: datetime | None
    objection: str | None


@dataclass(frozen=True, slots=True)
class FlagObjection:
    """What an author said against a decision, and what another person answered."""

    words: str
    state: str
    made_at: datetime
    lapses_at: datetime
    ended_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class FlaggedMatter:
    """Something of one's own that was flagged: what is said against it, and where it stands."""

    id: int
    kind: str
    title: str
    text: str
    is_gone: bool
    is_changed: bool
    state: str
    grounds: tuple[str, ...]
    hidden_at: datetime | None
    hidden_until: datetime | None
    ground: str | None
    reason: str
    decided_at: datetime | None
    objection: FlagObjection | None
    may_object: bool
