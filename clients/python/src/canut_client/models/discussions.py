"""Facilitated discussions and their records."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Party


@dataclass(frozen=True, slots=True)
class DiscussionListed:
    """A facilitated discussion in a list; at `due_at` it goes on by itself, or ends."""

    id: int
    question: str
    state: str
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    has_record: bool


@dataclass(frozen=True, slots=True)
class DiscussionRound:
    """One of the three rounds. Its posts are those of the thread from `first_post` on."""

    number: int
    began_at: datetime
    ends_at: datetime
    summary: str | None
    posts: int
    first_post: int | None


@dataclass(frozen=True, slots=True)
class PartCall:
    """Somebody is asked to take a part, or offers to."""

    id: int
    part: str
    person: Party
    by: Party
    is_offer: bool
    may_accept: bool
    may_decline: bool


@dataclass(frozen=True, slots=True)
class DiscussionStatement:
    """A sentence of the third round, by the number of its post; `own_mark` is None before one marked it."""

    number: int
    author: Party
    text: str
    can: int
    cannot: int
    own_mark: bool | None
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeighedStatement:
    """A statement as the record has it: without anybody's name."""

    text: str
    can: int
    cannot: int


@dataclass(frozen=True, slots=True)
class DiscussionObjection:
    """What somebody said against the wording of a record; `who` only where they agreed to be named."""

    text: str
    who: Party | None


@dataclass(frozen=True, slots=True)
class DiscussionRecord:
    """What came of a discussion: `people` took part, and those in `named` agreed to be named."""

    discussion_id: int
    question: str
    number: int
    written_at: datetime
    published_at: datetime | None
    objections_until: datetime | None
    asked: str
    said: str
    agreed: str
    left_open: str
    people: int
    named: tuple[Party, ...]
    statements: tuple[WeighedStatement, ...]
    objections: tuple[DiscussionObjection, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A facilitated discussion; what is said in its first two rounds is in its thread."""

    id: int
    about: str
    about_id: int
    thread_id: int
    question: str
    opened_by: Party
    opened_at: datetime
    state: str
    due_at: datetime | None
    ended_at: datetime | None
    lapsed_for: str
    facilitator: Party | None
    rapporteur: Party | None
    open_parts: tuple[str, ...]
    calls: tuple[PartCall, ...]
    rounds: tuple[DiscussionRound, ...]
    statements: tuple[DiscussionStatement, ...]
    people: int
    may_be_named: bool
    record: DiscussionRecord | None
