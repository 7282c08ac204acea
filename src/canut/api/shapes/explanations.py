"""Why a project is open to a worker or not, as far as each side may know."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Said

Band = Literal["early", "normal", "last"]
Way = Literal["standing", "stayed", "newcomer"]
Scale = Literal["project_group", "requester", "platform", "unrated"]


class Condition(Said):
    """One condition of taking a task, in the order in which they are asked."""

    name: str
    is_met: bool
    code: str | None = Field(description="The code of the refusal where it is not met.")


class ThresholdSteps(Said):
    """The standing a project asks for: between two steps of the charter, or one where both are equal."""

    low: float
    high: float


class OpensWhen(Said):
    """When a project opens to the caller."""

    kind: Literal["open", "at", "not_before", "paused", "too_late", "not_by_waiting"] = Field(
        description="`at`: then at the latest. `not_before`: the next beat may bring it. `paused`: the clock "
        "stands still. `too_late`: the deadline comes first. `not_by_waiting`: another condition is not met."
    )
    at: Moment | None


class StandingSeen(Said):
    """The caller's standing with the project's requester."""

    scope: Scale = Field(description="Whose ratings it comes from.")
    ratings: int = Field(description="How many count there.")
    band: Band
    value: float | None = Field(description="The exact number, where enough different people have rated.")
    values: Sequence[float] = Field(description="The single ratings then, by value; never by time.")
    least_raters: int = Field(description="How many people that takes.")
    is_newcomer: bool = Field(description="Nobody has rated the caller's work yet.")


class PlaceInFeed(Said):
    """Where the project's requester stands in the caller's feed."""

    own: float | None = Field(description="The caller's own latest rating.")
    others: int = Field(description="How many other workers' ratings count.")
    score: float | None = Field(description="The number sorted by, where enough others have rated.")
    levels_below: int = Field(
        description="How many levels less of a guild the project asks for than the caller has: of equal "
        "scores, work at the own level comes first."
    )


class Used(Said):
    """A number of the charter that was gone by."""

    name: str
    value: int | bool | str | Sequence[str]
    entry_id: int = Field(description="The entry of the charter's log by which it holds.")


class Explanation(Said):
    """Why a project is open to the caller now, or not."""

    project_id: int
    at: Moment
    is_open: bool
    code: str | None = Field(description="The code of the first refusal, if it is not open.")
    way: Way | None = Field(description="What lets the caller in while it opens step by step.")
    opening: OpensWhen
    policy: Literal["ladder", "throughput", "share", "open"]
    threshold: ThresholdSteps | None = Field(description="Null where it is open to everybody.")
    beat: int
    beat_seconds: int
    next_beat_at: Moment | None
    standing: StandingSeen
    newcomer_from_beat: int | None = Field(
        description="From which beat on a place kept for newcomers is open to the caller."
    )
    feed: PlaceInFeed
    conditions: Sequence[Condition]
    parameters: Sequence[Used]
