"""Seats of those who were drawn to hear an appeal, and the fund that pays them."""

from dataclasses import dataclass
from datetime import date, datetime

from canut_client.models.common import Amount


@dataclass(frozen=True, slots=True)
class AppealSeatFile:
    """A file that who appealed added, under a number; its own name is not told."""

    number: int
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class AppealSeat:
    """A seat of the caller's: taking its task accepts it, and handing that in is the vote."""

    id: int
    about: str
    pool: str
    state: str
    is_open: bool
    drawn_on: date
    decide_by: datetime
    peers: int
    reward: Amount
    expected_seconds: int
    project_id: int
    task_id: int
    assignment_id: int | None
    vote: str | None
    reason: str
    came_too_late: bool
    lot: int
    files: tuple[AppealSeatFile, ...]


@dataclass(frozen=True, slots=True)
class FundMovement:
    """What moved for one reason in a month; negative for what left the fund."""

    reason: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class FundMonth:
    """A month of the site's zone, by its first day."""

    month: date
    moved: tuple[FundMovement, ...]


@dataclass(frozen=True, slots=True)
class JusticeFund:
    """What the fund holds, what is set aside for appeals that are heard, and what the operator advanced."""

    balance: Amount
    set_aside: Amount
    advanced: Amount
    keeps: Amount
    months: tuple[FundMonth, ...]
    earlier: date | None
