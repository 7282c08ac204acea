"""The history of what somebody did, or of what was done for them."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from canut.api.shapes.common import Amount, Moment, Party, Said, Words, amount
from canut.work.history.lines import Line
from canut.work.history.pages import Totals


class Narrowing(BaseModel):
    """What a history is narrowed to, as it stands in an address."""

    model_config = ConfigDict(frozen=True)

    since: Words | None = Field(
        None, max_length=20, description="From this day of the caller's time zone, such as 2026-11-01."
    )
    until: Words | None = Field(None, max_length=20, description="To this day, which is included.")
    project: int | None = Field(None, ge=1, lt=2**63, description="Of this project alone.")
    outcome: Literal["in_hand", "waiting", "approved", "not_approved", "put_back", "broken"] | None = Field(
        None, description="Tasks of which this became."
    )
    paid: Literal["yes", "no"] | None = Field(None, description="Whether anything was paid for it so far.")
    pay: (
        Literal["reward", "rework", "bonus", "broken", "top_up", "session", "break", "jury", "correction"]
        | None
    ) = Field(None, description="What something was paid for in this way.")


class HistoryPart(Said):
    """What was paid for one reason."""

    reason: str
    amount: Amount


class HistoryShare(Said):
    """A levy or the fee on what was paid, with its exact part."""

    name: str
    share_minor: str = Field(description="It may have fractions of a cent.")


class HistoryCharge(Said):
    """A levy or the fee on all pay that was asked for."""

    name: str
    amount: Amount


class HistoryLine(Said):
    """One task, session, top-up or other pay, with what became of it and what was paid for it."""

    kind: str = Field(description="`task`, `session`, `top_up`, or `other` for pay without one of these.")
    id: int = Field(description="Of the assignment, the session, the top-up, or the ledger's entry.")
    at: Moment = Field(description="When it was taken, opened, settled or booked.")
    project_id: int | None
    title: str
    who: Party | None = Field(
        description="The other side. Who worked in a prototype round is not named to its requester: id 0."
    )
    is_of_a_round: bool
    is_volunteer: bool
    fund: str = Field(description="Which fund pays it, of duties such as reviews; else empty.")
    task_id: int | None
    task_key: str = Field(description="The requester's own name for the row; empty for workers.")
    position: int | None
    state: str
    attempt: int | None
    submitted_at: Moment | None
    returned_at: Moment | None
    decided_at: Moment | None
    ended_at: Moment | None
    decided_by: str = Field(description="`requester`, `operator`, `peers`, `software` (silence), or empty.")
    return_reason: str
    ground: str
    evidence: str
    reason: str
    broken_kind: str = Field(description="As what the task was reported; `note` has the words.")
    appeal_state: str
    appeal_decided_by: str
    ended_by: str = Field(description="What ended a session; else empty.")
    active_seconds: int | None
    count: int | None = Field(description="Tasks that a top-up is for, or handed in within a session.")
    rating: str | None = Field(description="What the caller said of the other side about this work.")
    pay: Amount
    parts: Sequence[HistoryPart]
    charges: Sequence[HistoryShare] = Field(description="On a requester's lines alone.")
    note: str

    @classmethod
    def of(cls, line: Line) -> "HistoryLine":
        """Return a line as it goes out."""
        differ = {"who", "rating", "pay", "parts", "charges"}
        return cls(
            **{name: getattr(line, name) for name in cls.model_fields if name not in differ},
            who=None if line.who is None else Party.model_validate(line.who),
            rating=None if line.rating is None else str(line.rating),
            pay=amount(line.pay_minor, line.currency),
            parts=[
                HistoryPart(reason=reason, amount=amount(minor, line.currency))
                for reason, minor in line.pay.items()
            ],
            charges=[HistoryShare(name=name, share_minor=str(share)) for name, share in line.charges.items()],
        )


class HistorySums(Said):
    """What was paid in one currency by reason, and the levies and the fee on it."""

    currency: str
    pay: Amount
    parts: Sequence[HistoryPart]
    charges: Sequence[HistoryCharge]


class HistoryTotals(Said):
    """What all lines that were asked for come to. The sums of pay are the ledger's own."""

    counts: Mapping[str, int] = Field(description="How many lines of each kind.")
    active_seconds: int
    sums: Sequence[HistorySums]

    @classmethod
    def of(cls, found: Totals) -> "HistoryTotals":
        """Return totals as they go out."""
        return cls(
            counts=found.counts,
            active_seconds=found.active_seconds,
            sums=[
                HistorySums(
                    currency=one.currency,
                    pay=amount(one.pay_minor, one.currency),
                    parts=[
                        HistoryPart(reason=reason, amount=amount(minor, one.currency))
                        for reason, minor in one.pay.items()
                    ],
                    charges=[
                        HistoryCharge(name=name, amount=amount(minor, one.currency))
                        for name, minor in one.charges.items()
                    ],
                )
                for one in found.sums
            ],
        )
