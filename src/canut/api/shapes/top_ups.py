"""Settlements, the top-ups they bring, and contests."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from canut.api.shapes.common import Amount, Moment, Party, Said, Sent

Seconds = Annotated[str, Field(description="Seconds, exact, with decimals.", examples=["65.250"])]
TopUpStates = Literal["announced", "contested", "paid", "refused"]
ContestStates = Literal["open", "upheld", "refused", "lapsed", "taken_back"]


class Contest(Said):
    """A requester's objection to one worker's times, and what was decided about it."""

    state: ContestStates
    reason: str
    opened_at: Moment
    ends_at: Moment = Field(description="With no decision by then the top-up is paid.")
    heard_by: Literal["", "jury", "operator"] = Field(
        description="Who decided: peers, or an operator before peers did; empty if nobody did."
    )
    decided_by: str = Field(description="The screen name of the operator who decided, if one did.")
    decision: str
    decided_at: Moment | None


class TopUp(Said):
    """What one settlement owes one worker above the reward."""

    id: int
    amount: Amount
    assignments: int
    floor_hourly: Amount = Field(
        description="The highest of the worker's own floors that it was measured by."
    )
    state: TopUpStates
    due_at: Moment
    paid_at: Moment | None
    is_owed: bool = Field(description="Due, and not paid because reserve and balance lack it.")
    may_contest: bool
    contest: Contest | None


class WorkerTimes(Said):
    """One worker in a settlement; `is_outlying` marks a median for a person to look at, and does nothing."""

    worker: Party
    reports: int
    median_seconds: Seconds | None
    weight_share: str
    is_outlying: bool
    top_up: TopUp | None


class Settlement(Said):
    """One look at how long a revision's tasks really take."""

    id: int
    revision: int
    number: int
    settled_at: Moment
    at_close: bool
    assignments: int
    typical_seconds: Seconds
    from_reports: bool = Field(
        description="False where nobody's time was known: then it is the expected time."
    )
    reward: Amount
    hourly: Amount
    top_up: Amount
    workers: Sequence[WorkerTimes]


class Settlements(Said):
    """A project's settlements, newest first, and what they mean for its money."""

    project_id: int
    reserve: Amount
    announced: Amount
    contested: Amount
    owed: Amount
    paid: Amount
    refused: Amount
    settlements: Sequence[Settlement]


class MyTopUp(Said):
    """A top-up as its worker sees it, with why."""

    top_up: TopUp
    project_id: int
    title: str
    typical_seconds: Seconds
    reward: Amount
    settled_at: Moment


class ContestIn(Sent):
    """Why one worker's times cannot be right; the worker reads it."""

    reason: str
