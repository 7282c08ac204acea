"""Appeals as the two sides read them."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Amount
from canut_client.models.review import HeardAttempt


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of an appeal; who did not send it reads a number for its name."""

    id: str
    number: int
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CaseHearing:
    """How far the peers are; while none are drawn, `lapses_at` says when the contested decision falls.

    Where what is contested is paid unless they have decided, `pays_at` says when, and `lapses_at` is None.
    """

    panels: int
    peers: int
    votes_in: int
    votes_needed: int
    decide_by: datetime | None
    lapses_at: datetime | None
    pays_at: datetime | None


@dataclass(frozen=True, slots=True)
class CaseVote:
    """What one peer said, once the case has ended."""

    falls: bool
    reason: str


@dataclass(frozen=True, slots=True)
class CasePassage:
    """Something that a side wrote or that was recorded, which peers read."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseWork:
    """Rejected work with everything that was said about it; no name is in it."""

    assignment_id: int
    title: str
    position: int
    instructions: str
    reward: Amount
    is_volunteer: bool
    handed_in: tuple[HeardAttempt, ...]


@dataclass(frozen=True, slots=True)
class CaseListed:
    """An appeal in a list: of the caller's, or one in which they are the other side."""

    id: int
    kind: str
    title: str
    state: str
    decided_by: str
    opened_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Case:
    """An appeal: "stands" means that the contested decision stands, "falls" that it does not."""

    id: int
    kind: str
    title: str
    question: str
    state: str
    decided_by: str
    opened_at: datetime
    decided_at: datetime | None
    words: str
    reason: str
    is_mine: bool
    work: CaseWork | None
    passages: tuple[CasePassage, ...]
    files: tuple[CaseFile, ...]
    hearing: CaseHearing | None
    votes: tuple[CaseVote, ...]
