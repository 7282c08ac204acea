"""What workers see: the feed, projects, and the tasks they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut_client.models.broken import BrokenReport
from canut_client.models.common import Amount, Party
from canut_client.models.opening import Opening
from canut_client.models.requirements import RequirementMet


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against a rejection."""

    state: str
    opened_at: datetime
    words: str
    reason: str
    decided_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided about a submission."""

    outcome: str
    at: datetime
    automatic: bool
    ground: str
    evidence: str
    reason: str
    rework: Amount


@dataclass(frozen=True, slots=True)
class Attempt:
    """Something handed in for an assignment, and what was decided about it."""

    submission_id: int
    attempt: int
    answer: Mapping[str, Any]
    active_seconds: int | None
    submitted_at: datetime
    rulings: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task in the caller's hands, or one that was.

    `shown` is the part of the row that the design shows. An answer is an object of item names and
    values; of two sides it names the column, "a" or "b", whichever was shown first: `sides_swapped`
    tells that a page shows b before a.
    """

    id: int
    project_id: int
    task_id: int
    revision_id: int
    title: str
    requester: Party
    is_volunteer: bool
    state: str
    attempt: int
    reward: Amount
    expected_seconds: int
    design: Mapping[str, Any]
    shown: Mapping[str, Any]
    sides_swapped: bool
    draft: Mapping[str, Any]
    taken_at: datetime
    lease_until: datetime
    is_open: bool
    feedback_asked: bool
    attempts: tuple[Attempt, ...]
    appeal: Appeal | None
    appeal_until: datetime | None
    approves_itself_at: datetime | None
    payable_at: datetime | None
    broken: BrokenReport | None


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """One of the caller's assignments in a list."""

    id: int
    project_id: int
    title: str
    requester: Party
    is_volunteer: bool
    state: str
    attempt: int
    reward: Amount
    taken_at: datetime
    lease_until: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    has_run_out: bool
    approves_itself_at: datetime | None
    payable_at: datetime | None
    is_automatic: bool
    appeal_state: str
    appeal_until: datetime | None
    return_reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """A requester's public record, each figure with its number of cases. Shares are text, of one."""

    decided: int
    first_decided: int
    finished: int
    approved_share: str | None
    returned_share: str | None
    rejected_share: str | None
    overturned: int
    hourly: Amount | None
    timed: int
    timed_hours: str
    seconds_to_decide: int | None
    appeals_heard: int
    appeals_lost: int
    revisions: int
    revisions_helped: int


@dataclass(frozen=True, slots=True)
class Card:
    """A project as the feed shows it: what a task pays, how long it takes, how many are left.

    `fund` is empty, or says of a duty which fund pays it: "guild_fund", "justice_fund".
    """

    project_id: int
    title: str
    requester: Party
    record: Record
    is_volunteer: bool
    language: str
    device: str
    reward: Amount
    expected_seconds: int
    hourly: Amount
    places_left: int
    or_more: bool
    published_at: datetime
    deadline_at: datetime | None
    by_the_hour: bool
    risks: tuple[str, ...]
    break_seconds: int
    fund: str


@dataclass(frozen=True, slots=True)
class DraftKept:
    """What was kept of it: known items, right or wrong."""

    answer: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class PageToAnswer:
    """One page of an assignment; `item` is the name of the question that it answers."""

    item: str
    address: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PageAnswered:
    """What was kept; it is handed in when the worker hands in the task."""

    item: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class WhyNone:
    """The refusal that says why no task came along."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Left:
    """The assignment that was put back, and the next one, or why there is none."""

    assignment: Assignment
    next: Assignment | None
    why_none: WhyNone | None


@dataclass(frozen=True, slots=True)
class NextTask:
    """The task that came along; its design is that of its revision."""

    assignment_id: int
    task_id: int
    revision_id: int
    shown: Mapping[str, Any]
    sides_swapped: bool
    reward_minor: int
    taken_at: datetime
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class SessionOffer:
    """What a paid session in a project would be; `seconds` is zero where none can be opened now."""

    hourly: Amount
    least: Amount
    least_seconds: int
    most_seconds: int
    seconds: int


@dataclass(frozen=True, slots=True)
class ProjectSeen:
    """A project as a worker looks at it before taking a task."""

    card: Card
    description: str
    instructions: str
    state: str
    is_own: bool
    in_hand_id: int | None
    why_not: str
    told: str | None
    accepts_risks: bool
    session: SessionOffer | None
    needs_session: bool
    requirements: tuple[RequirementMet, ...]
    opening: Opening | None


@dataclass(frozen=True, slots=True)
class SubmissionReply:
    """What was handed in, and what came with it."""

    submission_id: int
    assignment_id: int
    project_id: int
    next: NextTask | None
    why_none: WhyNone | None


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file that was kept for a question."""

    file: str
    name: str
    size: int
    type: str
