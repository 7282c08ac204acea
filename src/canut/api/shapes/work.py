"""What workers see: the feed, a project, and the tasks they hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from canut.api.shapes.broken import BrokenReport
from canut.api.shapes.common import Amount, Moment, Party, RowId, Said, Sent
from canut.api.shapes.opening import Opening
from canut.api.shapes.requirements import RequirementMet

AssignmentState = Literal[
    "held",
    "submitted",
    "returned",
    "approved",
    "rejected",
    "given_back",
    "skipped",
    "expired",
    "closed",
    "broken",
]
Order = Literal["requester", "newest", "pay", "work_left"]
Shows = Literal["in_hand", "all", "handed_in", "approved", "rejected", "put_back", "broken"]
Outcome = Literal["approved", "returned", "rejected", "overturned"]
Ground = Literal[
    "", "instructions_not_followed", "wrong_answer", "incomplete", "copied", "return_not_addressed"
]


class Record(Said):
    """A requester's public record, each figure with its number of cases. Shares are text, of one."""

    decided: int = Field(description="Decisions so far: what `seconds_to_decide` is the mean of.")
    first_decided: int = Field(description="Pieces of work decided for the first time: of these, `returned`.")
    finished: int = Field(description="Pieces approved or rejected: what the other two shares are of.")
    approved_share: str | None = Field(description="An overturned rejection counts as approved.")
    returned_share: str | None
    rejected_share: str | None
    overturned: int = Field(description="Rejections that did not stand.")
    hourly: Amount | None = Field(description="Really paid for an hour of known time, top-ups included.")
    timed: int = Field(description="Pieces of work and sessions whose time is known.")
    timed_hours: str
    seconds_to_decide: int | None
    appeals_heard: int
    appeals_lost: int = Field(description="Appeals decided against the requester.")
    revisions: int = Field(description="Designs revised between two prototype rounds with votes.")
    revisions_helped: int = Field(description="After which a larger share voted to publish.")


class Card(Said):
    """A project as the feed shows it: what a task pays, how long it takes, how many are left."""

    project_id: int
    title: str
    requester: Party
    record: Record
    is_volunteer: bool
    language: str
    device: Literal["any", "computer", "phone"] = Field(description="What it is best done with.")
    reward: Amount
    expected_seconds: int
    hourly: Amount
    places_left: int = Field(description="Tasks that this worker can still take.")
    or_more: bool = Field(description="They were counted up to a bound only.")
    published_at: Moment
    deadline_at: Moment | None
    by_the_hour: bool = Field(description="Time is paid, in sessions, and not each task.")
    risks: Sequence[str] = Field(description="What the work may show that can weigh on who sees it.")
    break_seconds: int = Field(description="Of sensitive work: the paid breaks that go with one task.")
    fund: Literal["", "guild_fund", "justice_fund"] = Field(
        description="Which fund pays it, of a duty: approved as it is handed in, and `requester` is a body."
    )


class Feed(Said):
    """Projects from which the caller may take a task now; `why_none` says why there is none at all."""

    items: Sequence[Card]
    order: Order
    next_cursor: str | None
    why_none: str
    hidden: int = Field(description="Where nothing meets the filters: what would be there without them.")
    hidden_or_more: bool = Field(description="It was counted up to a bound only.")


class SessionOffer(Said):
    """What a paid session in a project would be; `seconds` is zero where none can be opened now."""

    hourly: Amount
    least: Amount = Field(description="What the shortest session pays.")
    least_seconds: int
    most_seconds: int
    seconds: int = Field(description="How long a session opened now could be.")


class ProjectSeen(Said):
    """A project as a worker looks at it before taking a task."""

    card: Card
    description: str
    instructions: str
    state: Literal["draft", "live", "paused", "closed"]
    is_own: bool
    in_hand_id: int | None = Field(description="An assignment of this project in the caller's hands.")
    why_not: str = Field(description="Why no task can be taken now; empty if one can.")
    told: str | None = Field(description="What somebody whom the requester keeps away is told.")
    accepts_risks: bool = Field(description="Nothing about it is sensitive, or the caller accepts all of it.")
    session: SessionOffer | None = Field(description="Of work by the hour: what a session would be.")
    needs_session: bool = Field(description="A session must be opened before a task can be taken.")
    requirements: Sequence[RequirementMet] = Field(
        description="What standings the project asks for, with the caller's."
    )
    opening: Opening | None = Field(
        description="While it opens step by step: how and when to the caller. Null where nothing opens."
    )


class Ruling(Said):
    """What was decided about a submission."""

    outcome: Outcome
    at: Moment
    automatic: bool = Field(
        description="Nobody decided within the charter's time; of what a fund pays, nobody has to."
    )
    ground: Ground
    evidence: str
    reason: str
    rework: Amount = Field(description="Of a return: what the rework is paid if it is approved.")


class Attempt(Said):
    """Something handed in for an assignment, and what was decided about it."""

    submission_id: int
    attempt: Literal[1, 2]
    answer: Mapping[str, Any]
    active_seconds: int | None
    submitted_at: Moment
    rulings: Sequence[Ruling]


class Appeal(Said):
    """An appeal against a rejection; `cases` tell how far it is."""

    state: Literal["open", "upheld", "overturned", "dropped"]
    opened_at: Moment
    words: str
    reason: str
    decided_at: Moment | None
    ended_by: Literal["", "operator", "jury", "no_peers", "requester", "worker"] = Field(
        description="Who ended it; an operator, before juries heard appeals."
    )


class Assignment(Said):
    """A task in the caller's hands, or one that was.

    `shown` is the part of the row that the design shows. Where the design shows work to be judged, it holds
    `work` besides: of each its `number`, its `design`, what it had `shown` (with work in it where that was
    itself about work), `sides_swapped` and its `answer`. Nothing says who did it; its files are counted,
    and fetched under this assignment. An answer is an object of item names and
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
    state: AssignmentState
    attempt: Literal[1, 2]
    reward: Amount
    expected_seconds: int
    design: Mapping[str, Any]
    shown: Mapping[str, Any]
    sides_swapped: bool
    draft: Mapping[str, Any] = Field(
        description="What was kept of an unfinished answer; of returned work, the answer that came back."
    )
    taken_at: Moment
    lease_until: Moment = Field(description="Until when it can be handed in; of returned work too.")
    is_open: bool = Field(description="It can be handed in now.")
    feedback_asked: bool = Field(
        description="It is part of a prototype round in which the caller has not voted yet."
    )
    attempts: Sequence[Attempt]
    appeal: Appeal | None
    appeal_until: Moment | None
    approves_itself_at: Moment | None
    payable_at: Moment | None
    broken: BrokenReport | None = Field(description="What the caller said when reporting it as broken.")


class AssignmentLine(Said):
    """One of the caller's assignments in a list."""

    id: int
    project_id: int
    title: str
    requester: Party
    is_volunteer: bool
    state: AssignmentState
    attempt: Literal[1, 2]
    reward: Amount
    taken_at: Moment
    lease_until: Moment
    submitted_at: Moment | None
    ended_at: Moment | None
    has_run_out: bool
    approves_itself_at: Moment | None
    payable_at: Moment | None
    is_automatic: bool
    appeal_state: Literal["", "open", "upheld", "overturned", "dropped"]
    appeal_until: Moment | None
    return_reason: str


class Draft(Sent):
    """An unfinished answer; it need not be complete or right."""

    answer: dict[str, Any]


class DraftKept(Said):
    """What was kept of it: known items, right or wrong."""

    answer: Mapping[str, Any]
    saved_at: Moment


class Feedback(Sent):
    """What a worker says of the design in a prototype round, and their one vote."""

    verdict: Literal["publish", "revise"]
    unclear: str = Field(description="What is unclear or missing: at most 1,024 characters.")


class Submission(Sent):
    """An answer to hand in."""

    answer: dict[str, Any]
    revision_id: RowId | None = Field(None, description="The revision that the answer was written for.")
    active_seconds: int | None = Field(
        None, ge=0, le=31_536_000, description="How long the worker really worked on it."
    )
    measured_seconds: int | None = Field(
        None, ge=0, le=31_536_000, description="What a timer measured, if the program ran one."
    )
    next: bool = Field(False, description="Take the next task of the project in the same step.")
    feedback: Feedback | None = Field(
        None,
        description="Needed with the first task of a prototype round (`feedback_asked`); later ones may "
        "leave it out, and the vote stands.",
    )


class NextTask(Said):
    """The task that came along; its design is that of its revision."""

    assignment_id: int
    task_id: int
    revision_id: int
    shown: Mapping[str, Any]
    sides_swapped: bool
    reward_minor: int
    taken_at: Moment
    lease_until: Moment


class WhyNone(Said):
    """The refusal that says why no task came along."""

    code: str
    detail: str


class SubmissionReply(Said):
    """What was handed in, and what came with it."""

    submission_id: int
    assignment_id: int
    project_id: int
    next: NextTask | None
    why_none: WhyNone | None


class Skip(Sent):
    """Whether another task is wanted."""

    next: bool = Field(False, description="Take another task of the project in the same step.")


class Left(Said):
    """The assignment that was put back, and the next one, or why there is none."""

    assignment: Assignment
    next: Assignment | None
    why_none: WhyNone | None


class AppealWords(Sent):
    """What the worker says; it may be empty."""

    words: str = Field("", max_length=2000)


class AnswerFile(Said):
    """A file that was kept for a question: the question's answer, as it is."""

    file: str = Field(description="Its id.")
    name: str
    size: int = Field(description="In bytes.")
    type: str = Field(description="What its bytes say it is.", examples=["image/png"])
