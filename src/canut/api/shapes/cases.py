"""Appeals as the two sides read them."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import Field

from canut.api.shapes.common import Amount, Moment, Said
from canut.api.shapes.review import HeardAttempt

Kind = Literal["rejection", "time_report", "broken_task", "withdrawal", "level", "admission", "sanction"]
State = Literal["open", "stands", "falls", "dropped"]
By = Literal["", "jury", "no_peers", "other_side", "taken_back", "overtaken"]


class CaseFile(Said):
    """A file of an appeal; who did not send it reads a number for its name."""

    id: UUID
    number: int
    name: str
    media_type: str
    size_bytes: int


class CaseHearing(Said):
    """How far the peers are; while none are drawn, `lapses_at` says when the contested decision falls.

    Where what is contested is paid unless they have decided, `pays_at` says when, and `lapses_at` is null.
    """

    panels: int = Field(description="How often peers were drawn for this case.")
    peers: int
    votes_in: int
    votes_needed: int = Field(description="How many votes alike decide.")
    decide_by: Moment | None
    lapses_at: Moment | None
    pays_at: Moment | None


class CaseVote(Said):
    """What one peer said, once the case has ended; in no order that tells when."""

    falls: bool = Field(description="The contested decision does not stand.")
    reason: str


class CasePassage(Said):
    """Something that a side wrote or that was recorded, which peers read."""

    heading: str
    text: str


class CaseWork(Said):
    """Rejected work with everything that was said about it; no name is in it."""

    assignment_id: int
    title: str
    position: int = Field(description="The task's number in its project.")
    instructions: str
    reward: Amount
    is_volunteer: bool
    handed_in: Sequence[HeardAttempt]


class CaseListed(Said):
    """An appeal in a list: of the caller's, or one in which they are the other side."""

    id: int
    kind: Kind
    title: str
    state: State
    decided_by: By
    opened_at: Moment
    decided_at: Moment | None


class Case(Said):
    """An appeal. `stands` means that the contested decision stands, `falls` that it does not.

    `work` is there where a rejection is appealed, `passages` hold what peers read besides.
    """

    id: int
    kind: Kind
    title: str
    question: str = Field(description="What the peers decide.")
    state: State
    decided_by: By = Field(description="Who ended it; empty while it is open.")
    opened_at: Moment
    decided_at: Moment | None
    words: str
    reason: str
    is_mine: bool = Field(description="The caller opened it; else they are the other side.")
    work: CaseWork | None
    passages: Sequence[CasePassage]
    files: Sequence[CaseFile]
    hearing: CaseHearing | None
    votes: Sequence[CaseVote]
