"""Projects, their files and tasks, as their owner writes and reads them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from canut.api.shapes.common import Amount, AmountIn, Moment, MomentIn, Said, Sent
from canut.api.shapes.opening import Policy

Kind = Literal["paid", "volunteer"]
State = Literal["draft", "live", "paused", "closed"]
PayBasis = Literal["piece", "hour"]
Device = Literal["any", "computer", "phone"]
Risk = Literal["violence", "sexual", "hate", "self_harm", "abuse", "distress"]
RoundState = Literal["running", "passed", "stopped", "refunded"]
Verdict = Literal["publish", "revise"]
Gate = Literal[
    "nothing_waits",
    "small",
    "covered",
    "new_design",
    "more_tasks",
    "stopped_before",
    "round_running",
    "not_revised",
]
UploadState = Literal["received", "reading", "read", "refused", "adding", "added", "fitting", "removing"]


class Choice(Sent):
    """One way to answer: the value that is stored, and what the worker reads."""

    value: str = Field(max_length=100)
    label: str = Field(max_length=500)


class StartingDesign(Sent):
    """A whole task to begin with, in the language of the request."""

    name: Literal[
        "pairwise",
        "classification",
        "translation-check",
        "conversations",
        "rubric",
        "spans",
        "boxes",
        "transcription",
        "reading",
        "survey",
        "bug-report",
        "content-check",
    ]
    columns: dict[str, str] = Field(
        default_factory=dict,
        description="Which of the file's columns stands for what: `prompt`, `a`, `b` for pairwise and "
        "conversations; `prompt`, `text` for rubric; `text` for classification, spans, reading and "
        "content-check; `english`, `french` for translation-check; `image` for boxes; `audio` for "
        "transcription; `address`, `goal` for bug-report; none for survey. What is left out keeps its name.",
    )
    choices: list[Choice] | None = Field(None, description="For classification: the answers offered.")


class NewProject(Sent):
    """A draft: with a whole design, or one to begin with."""

    title: str
    design: dict[str, Any] | None = None
    starting_design: StartingDesign | None = None
    description: str = ""
    kind: Kind = "paid"
    currency: str = "EUR"
    language: str = Field("", description="The language that workers need, such as `fr`; empty for none.")
    reward: AmountIn | None = Field(None, description="For one answer. Left out: no price yet.")
    expected_seconds: int = 60
    answers_per_task: int = 1
    device: Device = Field("any", description="What the work is best done with: a hint for workers.")
    allowed_only: bool = Field(False, description="Only people on the caller's allow list may take tasks.")
    risks: list[Risk] = Field(
        default_factory=list,
        description="What the work may show that can harm; only workers who accept all of them are asked.",
    )
    launches_itself: bool = Field(
        False, description="The rest goes live as soon as a prototype round has passed."
    )
    pay_basis: PayBasis = "piece"
    hourly: AmountIn | None = Field(None, description="By the hour: what an hour of a session pays.")
    hours_seconds: int = Field(0, description="By the hour: how much time is paid for in all.")
    session_most_seconds: int = Field(0, description="By the hour: the longest session.")
    cascade_policy: Literal["", "ladder", "throughput", "share", "open"] = Field(
        "", description="How it opens to workers; empty as the charter says."
    )


class DraftChange(Sent):
    """What to change of a draft or of a revision that is not published; what is left out stays."""

    based_on: MomentIn | None = Field(
        None,
        description="`changed_at` as the editor saw it; then a later change is not overwritten.",
    )
    title: str | None = None
    design: dict[str, Any] | None = None
    description: str | None = None
    kind: Kind | None = None
    language: str | None = None
    reward: AmountIn | None = None
    expected_seconds: int | None = None
    answers_per_task: int | None = None
    allowed_only: bool | None = None
    device: Device | None = None
    risks: list[Risk] | None = None
    launches_itself: bool | None = None
    pay_basis: PayBasis | None = None
    hourly: AmountIn | None = None
    hours_seconds: int | None = None
    session_most_seconds: int | None = None
    cascade_policy: Policy | None = Field(
        None, description="How it opens to workers. Of a published project it is chosen elsewhere."
    )


class Revision(Said):
    """One version of what workers see, answer and are promised."""

    id: int
    number: int
    design: Mapping[str, Any]
    reward: Amount
    expected_seconds: int
    lease_seconds: int = Field(description="How long a worker may keep a task.")
    answers_per_task: int
    hourly: Amount = Field(description="By the hour: what an hour of a session pays; zero by the piece.")
    hours_seconds: int = Field(description="By the hour: how much time is paid for in all.")
    session_most_seconds: int = Field(description="By the hour: the longest session.")
    published_at: Moment | None


class RoundShort(Said):
    """A prototype round: a few places of a design, tried before the rest is paid for."""

    revision: int = Field(description="The number of the revision that it tries.")
    number: int
    state: RoundState
    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int = Field(description="How many of its places one worker may take.")
    covers_tasks: int = Field(description="How many tasks may begin if it passes.")
    opened_at: Moment
    decided_at: Moment | None
    launched_at: Moment | None


class Project(Said):
    """A project as its owner sees it, with the revision that counts.

    A revision without `published_at` is one that was begun and not published. While `round.state` is
    `running`, only a few places are open; when it has `passed`, the rest is launched.
    """

    id: int
    title: str
    description: str
    language: str
    kind: Kind
    currency: str
    state: State
    allowed_only: bool
    device: Device
    risks: Sequence[Risk]
    launches_itself: bool
    pay_basis: PayBasis
    cascade_policy: Policy = Field(description="How it opens to workers, step by step or at once.")
    created_at: Moment
    changed_at: Moment
    publish_at: Moment | None
    published_at: Moment | None
    deadline_at: Moment | None
    closed_at: Moment | None
    revision: Revision
    round: RoundShort | None = Field(description="The last prototype round, whatever became of it.")


class Quote(Said):
    """What publishing costs: pay, each levy and the fee on top of it, and the reserve for rework."""

    places: int = Field(description="How many answers are asked for.")
    reward: Amount
    pay: Amount
    dues: Mapping[str, Amount]
    reserve: Amount = Field(description="Set aside for rework and top-ups; what is not used comes back.")
    total: Amount
    hourly: Amount = Field(description="The reward as pay per hour of the expected time.")
    least_reward: Amount = Field(description="The smallest reward that may be published for this time.")
    floor_hourly: Amount


class RoundAhead(Said):
    """The prototype round with which what waits begins."""

    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int


class Price(Quote):
    """What publishing costs now, and whether the caller's balance covers it.

    Where what waits begins with a prototype round, it is the price of that round alone.
    """

    round: RoundAhead | None = Field(description="The round that publishing opens; null if it opens all.")
    rest: Amount | None = Field(description="What the rest costs later, if the round passes.")
    why: Gate = Field(description="Why a round is needed, or why nothing may begin just now.")

    balance: Amount
    lacking: Amount = Field(description="What the balance is short of the total.")


class NewRevision(Sent):
    """How a revision begins."""

    keeps_answers: bool = Field(
        True, description="Rows that are answered are not asked again; else everybody may do them anew."
    )


class Voice(Said):
    """One worker of a round, without a name: the vote, the words, and what they handed in."""

    number: int
    verdict: Verdict | None
    unclear: str
    submission_ids: Sequence[int]


class Mend(Said):
    """One thing to change, found by plain rules in the figures and the comments of a round.

    `place` is "price", "rows", "instructions" or a path into the design's JSON, such as `items[2].options`.
    """

    code: str
    seen: str
    change: str
    place: str
    people: int = Field(description="On how many workers or answers it rests.")
    quotes: Sequence[str]


class Round(RoundShort):
    """A prototype round with all that came of it."""

    project_id: int
    open: int
    in_hand: int
    handed_in: int
    publish: int = Field(description="Votes to publish.")
    revise: int = Field(description="Votes to revise.")
    publish_share: str = Field(description="The share of votes to publish that lets it pass.")
    stalls_at: Moment = Field(description="When it is decided by the votes there are, or refunded.")
    reward: Amount
    median_seconds: int | None = Field(description="What the typical task took.")
    hourly: Amount | None = Field(description="The reward as pay per hour of that time.")
    suggested_reward: Amount | None = Field(
        description="The least that pays the floor for that time, where it is more than the reward."
    )
    may_launch: bool
    voices: Sequence[Voice]
    mends: Sequence[Mend] = Field(description="What to change. They may be wrong; the owner decides.")


class Agreed(Sent):
    """What the caller agreed to pay; then exactly that is charged, or nothing."""

    agreed_total: AmountIn | None = None


class Progress(Said):
    """How far a project has come, at this moment. An answer is one place filled by one worker."""

    project_id: int
    state: State
    is_volunteer: bool
    tasks: int
    answers_wanted: int = Field(description="What was paid for.")
    answers_in: int = Field(description="What has come, whatever was decided about it.")
    rows_waiting: int = Field(description="Rows of a published project that are not paid for.")
    open: int
    in_hand: int
    to_decide: int
    returned: int
    approved: int
    rejected: int = Field(description="Rejected, the place waiting for an appeal.")
    released: int = Field(description="Rejected, the place serving another.")
    paused: int = Field(description="Places of rows that were reported as broken, out of the feed.")
    broken_rows: int = Field(description="Rows that were reported as broken and wait for your decision.")
    still_opening: int
    is_complete: bool
    paid: Amount
    set_aside: Amount


class Closed(Said):
    """The closed project, and what came back just now; the rest follows as work is decided."""

    project: Project
    refunded: Amount


class Duplicate(Sent):
    """What the copy is called; left out, as the original with a word that it is a copy."""

    title: str | None = Field(None, min_length=1, max_length=120)


class Schedule(Sent):
    """When a draft publishes itself; null for not at all."""

    publish_at: MomentIn | None


class DeviceSaid(Sent):
    """What the work is best done with."""

    device: Device


class Deadline(Sent):
    """From when on nothing can be taken; null for never."""

    deadline_at: MomentIn | None


class BadRow(Said):
    """A row that cannot be used: the line of the file where it begins, and why."""

    line: int
    code: str
    sentence: str


class Upload(Said):
    """A file of rows, and how far it is on its way to becoming tasks."""

    id: int
    project_id: int
    filename: str
    format: Literal["csv", "tsv", "jsonl"]
    size_bytes: int
    state: UploadState
    bytes_read: int
    row_count: int = Field(description="Rows that can be used.")
    rows_added: int = Field(description="Rows that are tasks already.")
    columns: Sequence[str]
    sample: Sequence[Any]
    errors: Sequence[BadRow] = Field(description="The first fifty rows that cannot be used.")
    error_count: int
    key_column: str
    answers_column: str
    problem: str = Field(description="Why the whole file was refused; empty if it was not.")
    received_at: Moment


class Columns(Sent):
    """Which column holds what; empty for none."""

    key: str = Field("", description="The column with the rows' ids.")
    answers: str = Field("", description="The column that says how many answers each row needs.")


class AddRows(Sent):
    """What to do about rows that cannot be used."""

    skip_bad: bool = Field(False, description="Leave them out; otherwise nothing is added if there are any.")


class GivenRows(Sent):
    """Rows to become tasks: one object each, its names the columns."""

    rows: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=1000)]
    key_column: str = Field("", description="The column with the rows' ids; empty for none.")
    answers_column: str = Field("", description="The column that says how many answers each row needs.")
    agreed_total: AmountIn | None = Field(
        None, description="In a published project: what the caller agreed to pay; else nothing is done."
    )


class Task(Said):
    """One piece of work as its owner sees it. Workers see `shown` alone."""

    id: int
    project_id: int
    revision_id: int
    position: int
    key: str = Field(description="The requester's own name for the row.")
    row: Mapping[str, Any]
    shown: Mapping[str, Any]
    answers_wanted: int
    paid_for: bool = Field(description="Its money is set aside and its places are open, or were.")


class AddedTask(Said):
    """A task that a row became, in the order of the rows."""

    id: int
    key: str
    position: int
    answers_wanted: int


class AddedRows(Said):
    """The tasks that rows became, and what was charged for them; null in a draft."""

    tasks: Sequence[AddedTask]
    charged: Quote | None
