"""Why a project is open to a worker or not, as far as each side may know."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of taking a task; `code` is the refusal's where it is not met."""

    name: str
    is_met: bool
    code: str | None


@dataclass(frozen=True, slots=True)
class ThresholdSteps:
    """The standing a project asks for: between two steps of the charter, or one where both are equal."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class OpensWhen:
    """When a project opens to the caller: `kind` is "at" with the latest moment, "not_before" and so on."""

    kind: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class StandingSeen:
    """The caller's standing; `value` and `values` only where enough different people have rated."""

    scope: str
    ratings: int
    band: str
    value: float | None
    values: tuple[float, ...]
    least_raters: int
    is_newcomer: bool


@dataclass(frozen=True, slots=True)
class PlaceInFeed:
    """Where the project's requester stands in the caller's feed."""

    own: float | None
    others: int
    score: float | None
    levels_below: int


@dataclass(frozen=True, slots=True)
class Used:
    """A number of the charter that was gone by."""

    name: str
    value: int | bool | str | tuple[str, ...]
    entry_id: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a project is open to the caller now, or not."""

    project_id: int
    at: datetime
    is_open: bool
    code: str | None
    way: str | None
    opening: OpensWhen
    policy: str
    threshold: ThresholdSteps | None
    beat: int
    beat_seconds: int
    next_beat_at: datetime | None
    standing: StandingSeen
    newcomer_from_beat: int | None
    feed: PlaceInFeed
    conditions: tuple[Condition, ...]
    parameters: tuple[Used, ...]
