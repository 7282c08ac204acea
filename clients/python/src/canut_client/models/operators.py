"""What those who run a site read: sanctions, what was flagged, and who mediates."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.flags import FlaggedMatter
from canut_client.models.sanctions import Sanction, SanctionInList


@dataclass(frozen=True, slots=True)
class SanctionSeenByOperator(SanctionInList):
    """A sanction in the list of those who run the site, with whom it touches and who decided it."""

    person_id: int
    screen_name: str
    decided_by: str
    waits_for_review: bool


@dataclass(frozen=True, slots=True)
class SanctionForOperator(Sanction):
    """A sanction whole, with whom it touches; the link of its mail is not told."""

    person_id: int
    screen_name: str


@dataclass(frozen=True, slots=True)
class SanctionProposal:
    """What a rule found and proposes; it does nothing, and unless a person takes it up it lapses."""

    id: int
    person_id: int
    screen_name: str
    kind: str
    ground: str
    found: str
    made_at: datetime
    lapses_at: datetime
    state: str
    closed_at: datetime | None
    closed_by: str
    reason: str
    sanction_id: int | None


@dataclass(frozen=True, slots=True)
class MatterInQueue:
    """A flagged thing in the queue: how many members flagged it, and how many of their flags count."""

    id: int
    kind: str
    title: str
    state: str
    opened_at: datetime
    hidden_until: datetime | None
    members: int
    counting: int
    objection: str | None


@dataclass(frozen=True, slots=True)
class GroundCounted:
    """How many members gave a ground."""

    ground: str
    members: int


@dataclass(frozen=True, slots=True)
class MatterForOperators:
    """A flagged thing with all that whoever decides may weigh. Nobody learns who flagged it."""

    matter: FlaggedMatter
    address: str
    whose: str
    members: int
    counting: int
    needed: int
    grounds: tuple[GroundCounted, ...]
    words: tuple[str, ...]
    decided_by: str
    may_decide: bool
    may_answer: bool


@dataclass(frozen=True, slots=True)
class MediatorAppointed:
    """Somebody who mediates here, or did, with how many disputes they have and had."""

    id: int
    screen_name: str
    appointed_by: str
    appointed_at: datetime
    ended_at: datetime | None
    in_hand: int
    had: int
