"""What each kind of case must be able to say of the thing that is contested, and to do about it.

A subject knows the room below in which its thing lives; cases, juries and pages know subjects alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from django.db.models import QuerySet

from canut.justice.states import CaseBy, CaseState, PoolKind

Ids: TypeAlias = "Collection[int] | QuerySet[Any, Any]"
"""Ids, or a query that gives one column of them and is run where it is used."""


class SettledMeanwhile(Exception):
    """The room below settled the thing while its case was being decided: nothing is left to carry out."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Among whom a jury is drawn: of a guild those at `least` or above, or of the site."""

    kind: PoolKind
    guild_id: int | None = None
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that a side wrote or that was recorded, under its heading. `text` is as it was written."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What jurors weigh: no name, no exact time, no id of anything.

    `question` is what they decide, `stands` and `falls` are the two answers to it, as sentences in the
    reader's language. `works` are submissions by their numbers, in the order shown, as `work` shows work
    to whoever judges it.
    """

    title: str
    question: str
    stands: str
    falls: str
    works: Sequence[int]
    passages: Sequence[Passage]


class Subject(Protocol):
    """One kind of contested decision. Every method takes the id of its row, which the room below keeps."""

    def excluded(self, subject_id: int, *, at: datetime) -> Collection[int]:
        """Return who may not sit: whoever did it, decided it, had a part, or shares a project tie."""
        ...

    def pools(self, subject_id: int, *, at: datetime) -> Sequence[Pool]:
        """Return among whom a jury is drawn, the nearest peers first; each is wider than the one before."""
        ...

    def language(self, subject_id: int) -> str:
        """Return the language that a juror must read, as a BCP 47 code; empty where none is known."""
        ...

    def shown(self, subject_id: int) -> Shown:
        """Return what jurors weigh, in the language that is active."""
        ...

    def other_side(self, subject_id: int) -> Collection[int]:
        """Return the persons of the other side: they read the case and its outcome, if there are any."""
        ...

    def against(self, person_id: int) -> Ids:
        """Return the ids of the contested things of which somebody is the other side."""
        ...

    def has_ended(self, subject_id: int) -> bool:
        """Tell whether the room below has settled the thing since, so that nothing is left to decide."""
        ...

    def settled_by(self, subject_id: int) -> CaseBy:
        """Return who has settled the thing: the other side, or nobody: it was over otherwise."""
        ...

    def pays_at(self, subject_id: int) -> datetime | None:
        """Return when it is paid unless peers have decided; None where it waits for them as others do."""
        ...

    def opened(self, subject_id: int, *, words: str, at: datetime) -> None:
        """Keep what the case is about as it is until it is decided: the case was opened just now."""
        ...

    def apply(self, subject_id: int, outcome: CaseState, *, heard: bool, reason: str, at: datetime) -> None:
        """Let what was decided stand or fall, in the room below. `heard` tells that peers said so.

        Raises:
            SettledMeanwhile: that room finds, under its locks, that nothing is left to decide.
        """
        ...

    def closed(self, subject_id: int, *, at: datetime) -> None:
        """Let go of what `opened` kept: who appealed has taken it back."""
        ...

    def address(self, subject_id: int) -> str:
        """Return the path of the page on which who appealed finds the thing itself."""
        ...
