"""What came of the work, summed up, and files of it."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from canut.api.shapes.common import Moment, RowId, Said, Sent

ExportKind = Literal["assignments", "aggregated", "label-studio", "files"]
Format = Literal["csv", "jsonl", "parquet"]
Written = Literal["csv", "jsonl", "parquet", "json", "zip"]
Order = Literal[
    "position",
    "key",
    "answers",
    "share",
    "certainty",
    "-position",
    "-key",
    "-answers",
    "-share",
    "-certainty",
]


class Wanted(Sent):
    """Which results; what is left out is guessed or has its default."""

    question: str = Field("", description="The item's name; the first one if empty.")
    revision: RowId | Literal["all"] | None = Field(
        None,
        description="Its number; the newest published one if left out. Answers of several are mixed only by "
        "`all`.",
    )
    approved_only: bool = Field(False, description="Leave undecided work out. Rejected work never counts.")
    smoothing: Literal[0, 1] = Field(1, description="Of Dawid and Skene's confusion rows: 1 or 0.")
    gold: str = Field("", description="The column of the rows that holds the right answers.")
    item_a: str | None = Field(
        None, description="The column that names what side a is, for a ranking; guessed if left out."
    )
    item_b: str | None = Field(None, description="The same for side b.")


class Statistics(Said):
    """Results of one question, or how far they are; `figures` is null until they are done."""

    id: int
    done_share: float
    problem: str = Field(description="Why they broke off, if they did; they are then tried again.")
    asked_at: Moment
    finished_at: Moment | None
    is_stale: bool = Field(description="Work has come in, or was decided, since.")
    figures: Mapping[str, Any] | None = Field(
        description="Counts, agreement, times, aggregated labels, accuracy and ranking, as on the page."
    )


class TaskLabels(Said):
    """What each method says of one task."""

    task: int
    key: str
    position: int
    answers: int
    majority: Any
    votes: int
    share: float | None
    tied: bool
    dawid_skene: Any
    posterior: float | None
    median: float | None
    seconds: float | None = Field(description="The median time of its answers.")
    gold: Any


class ExportWanted(Sent):
    """Which file: a row for each assignment, or for each task and question of one revision, or the tasks
    with their answers as Label Studio exports its own (`label-studio`, always as JSON), or the files that
    workers handed in (`files`, always as ZIP)."""

    kind: ExportKind = "assignments"
    format: Format = "csv"
    revision: RowId | Literal["all"] | None = Field(
        None,
        description="Its number, or `all`. Left out: all for assignments, where each row says which; for "
        "aggregated the newest published one.",
    )
    approved_only: bool = Field(False, description="For aggregated: leave undecided work out.")
    smoothing: Literal[0, 1] = 1
    gold: str = Field("", description="For aggregated: the column that holds the right answers.")
    gold_question: str = Field("", description="To which question; the first one if empty.")


class Export(Said):
    """A file that was asked for; until `finished_at` is set, `done_share` says how far it is."""

    id: int
    kind: ExportKind
    format: Written
    asked_at: Moment
    finished_at: Moment | None
    kept_until: Moment
    done_share: float
    problem: str
    rows: int
    size_bytes: int
    is_stale: bool
