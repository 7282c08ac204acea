"""Projects, their files and tasks, as their owner sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut_client.models.common import Amount


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work as its owner sees it. Workers see `shown` alone."""

    id: int
    project_id: int
    revision_id: int
    position: int
    key: str
    row: Mapping[str, Any]
    shown: Mapping[str, Any]
    answers_wanted: int
    paid_for: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """What publishing costs: pay, each levy and the fee on top of it, and the reserve for rework."""

    places: int
    reward: Amount
    pay: Amount
    dues: Mapping[str, Amount]
    reserve: Amount
    total: Amount
    hourly: Amount
    least_reward: Amount
    floor_hourly: Amount


@dataclass(frozen=True, slots=True)
class AddedTask:
    """A task that a row became, in the order of the rows."""

    id: int
    key: str
    position: int
    answers_wanted: int


@dataclass(frozen=True, slots=True)
class AddedRows:
    """The tasks that rows became, and what was charged for them; null in a draft."""

    tasks: tuple[AddedTask, ...]
    charged: Quote | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: the line of the file where it begins, and why."""

    line: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of what workers see, answer and are promised."""

    id: int
    number: int
    design: Mapping[str, Any]
    reward: Amount
    expected_seconds: int
    lease_seconds: int
    answers_per_task: int
    hourly: Amount
    hours_seconds: int
    session_most_seconds: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class RoundShort:
    """A prototype round: a few places of a design, tried before the rest is paid for."""

    revision: int
    number: int
    state: str
    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int
    covers_tasks: int
    opened_at: datetime
    decided_at: datetime | None
    launched_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voice:
    """One worker of a round, without a name: the vote, the words, and what they handed in."""

    number: int
    verdict: str | None
    unclear: str
    submission_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mend:
    """One thing to change, found by plain rules in the figures and the comments of a round."""

    code: str
    seen: str
    change: str
    place: str
    people: int
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round(RoundShort):
    """A prototype round with all that came of it."""

    project_id: int
    open: int
    in_hand: int
    handed_in: int
    publish: int
    revise: int
    publish_share: str
    stalls_at: datetime
    reward: Amount
    median_seconds: int | None
    hourly: Amount | None
    suggested_reward: Amount | None
    may_launch: bool
    voices: tuple[Voice, ...]
    mends: tuple[Mend, ...]


@dataclass(frozen=True, slots=True)
class RoundAhead:
    """The prototype round with which what waits begins."""

    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its owner sees it, with the revision that counts and its last prototype round."""

    id: int
    title: str
    description: str
    language: str
    kind: str
    currency: str
    state: str
    allowed_only: bool
    device: str
    risks: tuple[str, ...]
    launches_itself: bool
    pay_basis: str
    cascade_policy: str
    created_at: datetime
    changed_at: datetime
    publish_at: datetime | None
    published_at: datetime | None
    deadline_at: datetime | None
    closed_at: datetime | None
    revision: Revision
    round: RoundShort | None


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed project, and what came back just now; the rest follows as work is decided."""

    project: Project
    refunded: Amount


@dataclass(frozen=True, slots=True)
class Price(Quote):
    """What publishing costs now, and whether the caller's balance covers it.

    Where what waits begins with a prototype `round`, it is the price of that alone, and `rest` what the
    rest costs later, if the round passes.
    """

    round: RoundAhead | None
    rest: Amount | None
    why: str
    balance: Amount
    lacking: Amount


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project has come, at this moment. An answer is one place filled by one worker."""

    project_id: int
    state: str
    is_volunteer: bool
    tasks: int
    answers_wanted: int
    answers_in: int
    rows_waiting: int
    open: int
    in_hand: int
    to_decide: int
    returned: int
    approved: int
    rejected: int
    released: int
    paused: int
    broken_rows: int
    still_opening: int
    is_complete: bool
    paid: Amount
    set_aside: Amount


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of rows, and how far it is on its way to becoming tasks."""

    id: int
    project_id: int
    filename: str
    format: str
    size_bytes: int
    state: str
    bytes_read: int
    row_count: int
    rows_added: int
    columns: tuple[str, ...]
    sample: tuple[Any, ...]
    errors: tuple[BadRow, ...]
    error_count: int
    key_column: str
    answers_column: str
    problem: str
    received_at: datetime
