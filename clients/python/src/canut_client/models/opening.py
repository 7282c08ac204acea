"""How projects open, step by step or at once."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Party
from canut_client.models.explanations import ThresholdSteps


@dataclass(frozen=True, slots=True)
class CascadeMove:
    """One move of the threshold, or its start."""

    at: datetime
    beat: int
    why: str
    policy: str
    threshold: ThresholdSteps | None


@dataclass(frozen=True, slots=True)
class NextBeat:
    """What the next beat looks at, and where it leads as far as that is known before it."""

    at: datetime | None
    threshold: ThresholdSteps | None
    everybody: bool
    count: int
    count_to_hold: int
    potential: str | None
    worked: str | None


@dataclass(frozen=True, slots=True)
class Cascade:
    """How a project opens. Workers are counted in steps of five: 0 is fewer than five."""

    project_id: int
    state: str
    policy: str
    can_choose: bool
    beat: int
    beat_seconds: int
    started_at: datetime | None
    open_since: datetime | None
    threshold: ThresholdSteps | None
    next_beat: NextBeat | None
    history: tuple[CascadeMove, ...]
    may_come_now: int | None
    may_come_next: int | None
    may_come_ever: int | None
    newcomers_places: int
    newcomers_places_left: int
    newcomers_may_come: bool
    came_by_standing: int
    came_as_newcomers: int
    came_as_stayed: int


@dataclass(frozen=True, slots=True)
class Opening:
    """How a project that is opening opens to oneself, and why it is open already or not yet."""

    policy: str
    is_open: bool
    way: str
    opens: str
    opens_at: datetime | None
    next_beat_at: datetime | None
    scope: str
    ratings: int
    band: str
    newcomers: str
    newcomers_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpeningSoon:
    """A project that only the cascade keeps from oneself, with when it opens."""

    project_id: int
    title: str
    requester: Party
    is_volunteer: bool
    language: str
    published_at: datetime
    policy: str
    opens: str
    opens_at: datetime | None
    newcomers_at: datetime | None
