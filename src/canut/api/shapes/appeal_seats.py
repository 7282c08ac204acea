"""Seats of those who were drawn to hear an appeal, and the fund that pays them."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from canut.api.shapes.cases import Kind
from canut.api.shapes.common import Amount, Moment, Said, amount
from canut.justice.jury.queries import FundSeen, SeatSeen

Pool = Literal["guild_level", "guild", "workers", "requesters", "other_guilds", "members"]
SeatState = Literal["offered", "sitting", "voted", "left", "not_needed"]


class AppealSeatFile(Said):
    """A file that who appealed added, under a number; its own name is not told."""

    number: int
    name: str
    media_type: str
    size_bytes: int


class AppealSeat(Said):
    """A seat of the caller's. Taking its task accepts it, and handing that in is the vote.

    What the case is about stands in the task. `drawn_on` is a day and no hour.
    """

    id: int
    about: Kind = Field(description="What kind of decision is contested.")
    pool: Pool = Field(description="Among whom chance has drawn.")
    state: SeatState
    is_open: bool = Field(description="The caller can still decide, or give the seat up.")
    drawn_on: date
    decide_by: Moment
    peers: int
    reward: Amount
    expected_seconds: int
    project_id: int
    task_id: int = Field(description="Take it by `/tasks/{task_id}/take`.")
    assignment_id: int | None = Field(description="While the task is in hand.")
    vote: Literal["stands", "falls"] | None
    reason: str
    came_too_late: bool = Field(description="The case was decided before; the work is paid all the same.")
    lot: int = Field(description="The lot by which the caller was drawn; everybody can recompute it.")
    files: Sequence[AppealSeatFile]


class FundMovement(Said):
    """What moved for one reason in a month; negative for what left the fund."""

    reason: str
    amount_minor: int


class FundMonth(Said):
    """A month of the site's zone, by its first day."""

    month: date
    moved: Sequence[FundMovement]


class JusticeFund(Said):
    """What the fund holds, what is set aside for appeals that are heard, and what the operator advanced."""

    balance: Amount
    set_aside: Amount
    advanced: Amount
    keeps: Amount = Field(description="Advances are paid back out of what it holds beyond that.")
    months: Sequence[FundMonth]
    earlier: date | None = Field(description="Pass it as `before` to read earlier months.")


def seat_said(seen: SeatSeen) -> AppealSeat:
    renamed = {"about": seen.kind, "peers": seen.seats, "lot": seen.lot_number}
    same = {name: getattr(seen, name) for name in AppealSeat.model_fields if hasattr(seen, name)}
    reward = amount(seen.reward_minor, seen.currency)
    return AppealSeat.model_validate({**same, **renamed, "reward": reward}, from_attributes=True)


def fund_said(seen: FundSeen) -> JusticeFund:
    return JusticeFund(
        balance=amount(seen.balance_minor, seen.currency),
        set_aside=amount(seen.set_aside_minor, seen.currency),
        advanced=amount(seen.advanced_minor, seen.currency),
        keeps=amount(seen.keeps_minor, seen.currency),
        months=[
            FundMonth(
                month=one.first,
                moved=[
                    FundMovement(reason=reason, amount_minor=minor) for reason, minor in one.by_reason.items()
                ],
            )
            for one in seen.months
        ],
        earlier=seen.next_cursor,
    )
