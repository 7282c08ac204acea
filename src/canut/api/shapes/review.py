"""Work that was handed in, as the requester reads and decides it."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from canut.api.shapes.common import Amount, AmountIn, Moment, Party, RowId, Said, Sent
from canut.api.shapes.work import AssignmentState, Outcome, Ruling
from canut.work.designs.items import WorkSeen


class Work(Said):
    """A submission with its provenance. The answer is in the terms of the design's columns."""

    submission_id: int
    assignment_id: int
    project_id: int
    task_id: int
    task_key: str = Field(description="The requester's own name for the row.")
    row: Mapping[str, Any]
    revision_id: int
    worker: Party | None = Field(description="None in work of a prototype round: its workers are not named.")
    state: AssignmentState = Field(description="The assignment's: the latest attempt decides it.")
    attempt: Literal[1, 2]
    is_latest: bool
    answer: Mapping[str, Any]
    sides_swapped: bool = Field(description="This worker saw side b before side a.")
    active_seconds: int | None
    reward: Amount
    taken_at: Moment
    submitted_at: Moment
    rulings: Sequence[Ruling]
    shows: Sequence[int] = Field(
        description="Of work that judges other work of the caller's projects: the submissions it showed, in "
        "the order of their numbers."
    )


class Result(Said):
    """Finished work: approved, and by which decision. It comes once and never changes."""

    decision_id: int
    decided_at: Moment
    cursor: str = Field(description="Where to go on after this one: keep it with what you store.")
    work: Work


class Results(Said):
    """Finished work in the order of its approval. Go on from `cursor`, now or whenever more may have come."""

    items: Sequence[Result]
    cursor: str = Field(description="Where to go on; also when nothing came, and after the last.")
    more: bool = Field(description="There is more already.")


class Approvals(Sent):
    """Which submissions to approve: some by number, or all of one worker up to one by number."""

    submission_ids: Annotated[list[RowId], Field(max_length=1000)] | None = None
    worker_id: RowId | None = None
    up_to_id: RowId | None = Field(
        None, description="The newest submission that was counted: what came in since is not swept in."
    )


class Approved(Said):
    """How many waited and are approved now; those decided before are left as they are."""

    approved: int


class ReturnIn(Sent):
    """Why the work goes back, and what to change."""

    reason: str


class RejectIn(Sent):
    """Why reworked work is turned down."""

    ground: Literal[
        "instructions_not_followed", "wrong_answer", "incomplete", "copied", "return_not_addressed"
    ] = Field(description="One of the published grounds.")
    evidence: str
    reason: str


class BonusIn(Sent):
    """How much, and for what; the worker reads the reason."""

    amount: AmountIn
    reason: str


class Bonus(Said):
    """A bonus that was paid."""

    entry_id: int
    assignment_id: int
    amount: Amount
    reason: str
    paid_at: Moment


class ShownItem(Said):
    """One item of a task as the worker met it, and what was answered, in words.

    `texts` holds, of work that was shown to be judged, the `work`: its instructions, and its items as these.
    """

    texts: Mapping[str, Any]
    is_question: bool
    label: str
    answers: Sequence[str]
    stored: str = Field(description="The stored value, where the words are not it.")

    @field_validator("texts", mode="before")
    @classmethod
    def _said_of_work(cls, texts: Mapping[str, Any]) -> Mapping[str, Any]:
        work = texts.get("work")
        if not isinstance(work, WorkSeen):
            return texts
        items = [cls.model_validate(item).model_dump() for item in work.items]
        return {**texts, "work": {"instructions": work.instructions, "items": items}}


class HeardRuling(Said):
    """A decision as the two sides of an appeal read it; `ground` is a sentence."""

    outcome: Outcome
    at: Moment
    automatic: bool
    ground: str
    evidence: str
    reason: str


class HeardAttempt(Said):
    """What was handed in, and what was decided about it; grounds are sentences here."""

    attempt: Literal[1, 2]
    items: Sequence[ShownItem]
    submitted_at: Moment
    active_seconds: int | None
    rulings: Sequence[HeardRuling]
