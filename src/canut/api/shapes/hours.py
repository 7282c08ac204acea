"""Work by the hour, sensitive work, and projects that workers refuse together."""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Amount, AmountIn, Moment, Party, Said, Sent
from canut.api.shapes.projects import Risk

Ground = Literal["underpaid", "unsafe", "unclear", "other"]
End = Literal["", "worker", "hours", "idle", "project"]


class WorkSession(Said):
    """A paid session of the caller's own. While it is open, what it comes to is as of this answer."""

    id: int
    project_id: int
    state: Literal["open", "on_break", "on_paid_break", "closed"]
    hourly: Amount
    opened_at: Moment
    ends_at: Moment = Field(description="When its hours are used up, if no further break is taken.")
    closed_at: Moment | None
    ended_by: End
    paid_seconds: int
    pay: Amount
    least_seconds: int = Field(description="For how long it is paid at least.")
    reserved_seconds: int = Field(description="For how long its money is set aside.")
    paid_break_left_seconds: int = Field(description="How long a paid break from sensitive work could last.")
    break_is_due: bool
    in_hand_id: int | None


class Break(Sent):
    """A break to begin; a paid one only from sensitive work, in proportion to the time worked."""

    paid: bool = False


class Risks(Sent):
    """The kinds of sensitive work that the caller will see: these and no other."""

    risks: list[Risk]


class RisksAccepted(Said):
    """The kinds of sensitive work that the caller has said they will see."""

    risks: Sequence[Risk]


class ProjectRefused(Sent):
    """Why a worker refuses a project; words are needed for `other`."""

    ground: Ground
    words: str = ""


class ProjectRefusal(Said):
    """The caller's refusal of a project; its requester reads ground and words without a name."""

    project_id: int
    ground: Ground
    words: str
    refused_at: Moment
    is_withdrawn: bool = Field(description="Enough workers have refused the project: it is closed.")


class SessionLine(Said):
    """One session in a project of the caller; `worker` is null where it was part of a prototype round."""

    id: int
    worker: Party | None
    hourly: Amount
    opened_at: Moment
    closed_at: Moment | None
    end: str
    paid_seconds: int | None
    pay: Amount | None
    reserved_seconds: int
    handed_in: int
    on_break: bool


class Hours(Said):
    """The hours of a project that pays by the hour, in seconds, and its latest sessions."""

    hourly: Amount
    session_most_seconds: int
    asked_seconds: int
    paid_for_seconds: int = Field(description="For how much of it the money is set aside.")
    used_seconds: int
    reserved_seconds: int = Field(description="For sessions that are open.")
    left_seconds: int
    waiting_seconds: int = Field(description="Paid for when a prototype round has passed.")
    spent: Amount
    sessions: Sequence[SessionLine]


class HoursAdded(Sent):
    """Hours to add. With `hours_before_seconds`, a repeat or another's addition is refused."""

    seconds: int
    agreed_total: AmountIn | None = None
    hours_before_seconds: int | None = None


class RefusalTold(Said):
    """One refusal with words, as everybody but its author reads it."""

    ground: str
    words: str


class Withdrawal(Said):
    """That workers withdrew a project together, why, and what became of its requester's appeal."""

    project_id: int
    opened: int = Field(description="How many workers had looked at it.")
    refused: int
    needed: int
    withdrawn_at: Moment
    grounds: Mapping[str, int]
    reasons: Sequence[RefusalTold]
    appeal: Literal["", "open", "upheld", "overturned", "dropped"]
    appeal_until: Moment
    words: str
    ended_by: Literal["", "operator", "jury", "no_peers", "taken_back"]
    reason: str
    decided_at: Moment | None


class WithdrawalAppeal(Sent):
    """Why the refusal was wrong."""

    words: str
