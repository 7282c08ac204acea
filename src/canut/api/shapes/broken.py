"""Broken tasks: what a worker reports, and what a requester makes of the row."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from canut.api.shapes.common import Amount, Moment, Party, RowId, Said, Sent

BrokenKinds = Literal["does_not_load", "missing", "contradicts", "impossible", "not_as_described"]
RowStates = Literal["paused", "mended", "whole", "withdrawn"]
ReportPays = Literal["none", "announced", "contested", "paid", "refused"]
UnpaidWhys = Literal["", "volunteer", "session", "too_soon", "most_a_day", "most_share"]
Words = Annotated[str, Field(max_length=2_000)]
Rows = Annotated[Sequence[RowId], Field(min_length=1, max_length=1_000)]


class BrokenReportIn(Sent):
    """What is wrong with a task, and whether to go on with another one."""

    kind: BrokenKinds
    words: Words = Field(min_length=3, description="What is wrong; the requester reads it.")
    next: bool = Field(default=False, description="Take another task of the project in the same step.")


class BrokenRowsIn(Sent):
    """Reported rows, by their ids, and what to say of them."""

    rows: Rows
    words: Words = Field(default="", description="Those who reported one read it.")


class MendedRow(Sent):
    """A row's data as they should have been: every column that it has, each with its value."""

    row: Mapping[str, Any]
    words: Words = Field(default="", description="Those who reported it read it.")


class BrokenContestIn(Sent):
    """Why a report cannot be right."""

    reason: Words = Field(min_length=1, description="The worker reads it, and the peers who decide.")


class BrokenContest(Said):
    """A requester's objection to one report, and what was decided about it."""

    state: Literal["open", "upheld", "refused", "lapsed", "taken_back"]
    reason: str
    opened_at: Moment
    ends_at: Moment = Field(description="With no decision by then the report is paid.")
    decision: str
    decided_at: Moment | None


class BrokenReport(Said):
    """What a worker said of a task, and what becomes of the pay for the time spent on it."""

    assignment_id: int
    name: str = Field(description="Who reported it; of a prototype round a name that means nothing outside.")
    worker: Party | None = Field(description="Null in a prototype round, and for one's own report.")
    kind: BrokenKinds
    words: str
    reported_at: Moment
    elapsed_seconds: int = Field(description="From taking the task to reporting it.")
    paid_seconds: int
    floor_hourly: Amount = Field(description="The floor of the worker's own country and status.")
    amount: Amount
    pay: ReportPays
    unpaid_why: UnpaidWhys
    due_at: Moment | None
    paid_at: Moment | None
    is_owed: bool = Field(description="Due, and not paid because reserve and balance lack it.")
    may_contest: bool
    contest: BrokenContest | None
    row_state: RowStates = Field(description="What became of the row.")
    row_words: str = Field(description="What its requester says of it.")


class BrokenRow(Said):
    """A row that was reported as broken, and is out of the feed while it is paused."""

    id: int
    task_id: int
    position: int
    key: str
    row: Mapping[str, Any]
    row_before: Mapping[str, Any] | None = Field(description="What it was before it was mended.")
    state: RowStates
    paused_at: Moment
    ended_at: Moment | None
    words: str
    may_mend: bool = Field(description="Nobody has answered it as it is, so its data can be changed.")
    reports: Sequence[BrokenReport]


class BrokenRowsDecided(Said):
    """How many of the named rows were decided on now; the others were before."""

    decided: int
