"""Ratings as programs give them. Nobody reads who rated whom."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Number, Party, RowId, Said, Sent
from canut.api.shapes.work import Record


class RatingIn(Sent):
    """A judgement on the platform's scale."""

    value: Number = Field(
        description="3 for ✓+, 2 for ✓, 1 for ✓−, or anything between.",
        ge=0,
        le=10,
        json_schema_extra={"minimum": 0, "maximum": 10},
    )


class WeightIn(Sent):
    """One piece of work, judged on the caller's own scale: named by task and worker, or by submission.

    Work of a prototype round, whose workers are not named, goes by `submission_id` alone.
    """

    task_id: RowId | None = None
    worker_id: RowId | None = Field(None, description="As `list_submissions` gives it.")
    submission_id: RowId | None = None
    weight: Number = Field(
        ge=-1_000_000_000,
        le=1_000_000_000,
        description="Differences under 10⁻¹⁸ count as none.",
        json_schema_extra={"minimum": -1_000_000_000, "maximum": 1_000_000_000},
    )


class RatingsIn(Sent):
    """Many at once: the weights of the call are stretched to 1..3; all equal become 2."""

    ratings: Sequence[WeightIn] = Field(min_length=1, max_length=1_000)
    ignore_history: bool = Field(
        False,
        description="What was said of other work of these workers counts no more. "
        "Work of a prototype round stays out of that; its lines touch that round alone.",
    )


class Rating(Said):
    """A judgement as it was kept."""

    value: float = Field(description="Between 1 and 3.")
    given_at: Moment


class Ratings(Said):
    """How many count now, and how many of them say something new."""

    rated: int
    new: int


class GivenRating(Said):
    """A judgement that the caller gave, as only the caller reads it."""

    id: int
    value: float = Field(description="Between 1 and 3.")
    given_at: Moment
    counts_until: Moment | None = Field(description="When a later judgement of the same work took its place.")
    project_id: int
    task_id: int
    assignment_id: int


class RatingOfWorker(GivenRating):
    """What the caller said of a worker's work."""

    worker: Party | None = Field(description="None in work of a prototype round: its workers are not named.")
    submission_id: int = Field(description="The latest of that work.")


class RatingOfRequester(GivenRating):
    """What the caller said of a requester. The feed goes by the latest alone, whichever work it is about."""

    requester: Party


class Requester(Said):
    """A requester as everybody may see them."""

    requester: Party
    is_closed: bool = Field(description="The account is closed; its record stays.")
    record: Record
