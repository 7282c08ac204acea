"""What a program is answered when it has handed in work: one shape, from the fast lane and its twin."""

from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from canut.kernel.refusals import Refusal
from canut.work.designs.pairwise import sides_swapped
from canut.work.hot.statements import HandedIn, Next


@dataclass(frozen=True, slots=True)
class NextTask:
    """The task that came along. `shown` is what the design shows of its row; `sides_swapped` tells in
    which order this worker sees the two sides of a pair."""

    assignment_id: int
    task_id: int
    revision_id: int
    shown: msgspec.Raw
    sides_swapped: bool
    reward_minor: int
    taken_at: str
    lease_until: str


@dataclass(frozen=True, slots=True)
class WhyNone:
    """The refusal that says why no task came along."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class SubmissionReply:
    submission_id: int
    assignment_id: int
    project_id: int
    next: NextTask | None
    why_none: WhyNone | None


_encode = msgspec.json.Encoder().encode


def submission_reply(handed: HandedIn, why_none: Refusal | None = None) -> bytes:
    """Return the JSON that answers a submission, for the fast lane and the endpoint alike."""
    reason = None if why_none is None else WhyNone(why_none.code, str(why_none))
    following = None if handed.next is None else next_task(handed.next)
    return _encode(
        SubmissionReply(handed.submission_id, handed.assignment_id, handed.project_id, following, reason)
    )


def next_task(taken: Next) -> NextTask:
    """Return how a program sees a task that was taken along."""
    return NextTask(
        assignment_id=taken.assignment_id,
        task_id=taken.task_id,
        revision_id=taken.revision_id,
        shown=msgspec.Raw(taken.shown.encode()),
        sides_swapped=sides_swapped(taken.seed),
        reward_minor=taken.reward_minor,
        taken_at=_moment(taken.taken_at),
        lease_until=_moment(taken.lease_until),
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
