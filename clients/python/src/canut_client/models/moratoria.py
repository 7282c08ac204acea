"""Stopping an algorithm."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MotionInList:
    """A motion that an algorithm be stopped, in a list."""

    id: int
    algorithm: str
    college: str
    state: str
    moved_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoppableAlgorithm:
    """An algorithm that the members can stop. `stopped_since` is None while it runs."""

    algorithm: str
    name: str
    instead: str
    stopped_since: datetime | None
    decision: int | None
    motions: tuple[MotionInList, ...]


@dataclass(frozen=True, slots=True)
class Moratoria:
    """What the members can stop, what they have stopped, and what is moved."""

    algorithms: tuple[StoppableAlgorithm, ...]


@dataclass(frozen=True, slots=True)
class MoratoriumMotion:
    """A motion that an algorithm be stopped: one college decides, then all vote on whether it stays so.

    `mover` is None until the college votes on it. `supports` counts active members of the college who support
    it, and with `needed` of them the college votes; both are 0 afterwards.
    """

    id: int
    algorithm: str
    college: str
    state: str
    reason: str
    mover: str | None
    moved_at: datetime
    ended_at: datetime | None
    supports: int
    needed: int
    vote_id: int | None
    decision: int | None
    keep_vote_id: int | None
    keep_decision: int | None
