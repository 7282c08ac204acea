"""What the caller said of others, and a requester's public page."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Party
from canut_client.models.work import Record


@dataclass(frozen=True, slots=True)
class Rating:
    """A judgement as it was kept, between 1 and 3."""

    value: float
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many of a call count now, and how many of them say something new."""

    rated: int
    new: int


@dataclass(frozen=True, slots=True)
class RatingOfWorker:
    """What the caller said of a worker's work. In work of a prototype round, `worker` is None."""

    id: int
    value: float
    given_at: datetime
    counts_until: datetime | None
    project_id: int
    task_id: int
    assignment_id: int
    worker: Party | None
    submission_id: int


@dataclass(frozen=True, slots=True)
class RatingOfRequester:
    """What the caller said of a requester."""

    id: int
    value: float
    given_at: datetime
    counts_until: datetime | None
    project_id: int
    task_id: int
    assignment_id: int
    requester: Party


@dataclass(frozen=True, slots=True)
class Requester:
    """A requester as everybody may see them."""

    requester: Party
    is_closed: bool
    record: Record
