"""Sanctions that touch oneself, and the grounds there are."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SanctionGround:
    """A ground of the published list: what it means, what shows it, and which sanctions it can carry."""

    ground: str
    name: str
    sentence: str
    evidence: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SanctionGrounds:
    """The published list. There is no other ground."""

    grounds: tuple[SanctionGround, ...]


@dataclass(frozen=True, slots=True)
class SanctionInList:
    """A sanction in a list. `holds` tells whether it bars something now."""

    id: int
    kind: str
    ground: str
    decided_at: datetime
    takes_effect_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_how: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class SanctionReview:
    """That another person looks at it again. `outcome` is None until they have said it."""

    asked_at: datetime
    review_by: datetime
    outcome: str | None
    reason: str
    reviewed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SanctionAppeal:
    """That peers hear a sanction: the case is among the caller's own."""

    case_id: int
    sanction_id: int


@dataclass(frozen=True, slots=True)
class SanctionAnswer:
    words: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Sanction(SanctionInList):
    """A sanction whole. `amount_minor` None with a currency means all earnings in it."""

    bars: tuple[str, ...]
    days: int | None
    currency: str
    amount_minor: int | None
    evidence: str
    reason: str
    decided_by: str
    delivered_at: datetime | None
    statement: str
    review: SanctionReview | None
    may_ask_review: bool
    answers: tuple[SanctionAnswer, ...]
    end_reason: str
