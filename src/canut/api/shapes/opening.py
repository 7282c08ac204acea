"""How projects open: as their requester watches it, and as the worker who waits is told."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from canut.api.shapes.common import Moment, Party, Said, Sent
from canut.api.shapes.explanations import Band, Scale, ThresholdSteps

Policy = Literal["ladder", "throughput", "share", "open"]
CascadeState = Literal[
    "draft", "round", "waiting", "running", "paused", "open", "ended", "chosen", "stopped", "closed"
]
Why = Literal["started", "step", "held", "fell", "ended", "chosen", "stopped"]
Opens = Literal["", "at", "not_before", "paused", "too_late"]
FIVES = "In steps of five: 0 is fewer than five, 5 is five or more."


class PolicyChosen(Sent):
    """How a project opens from its next beat on; `open` opens it to everybody at once, for good."""

    policy: Policy


class CascadeMove(Said):
    """One move of the threshold, or its start."""

    at: Moment
    beat: int = Field(description="Counted from 1, which began at publication.")
    why: Why
    policy: Policy
    threshold: ThresholdSteps | None = Field(description="From that moment on; null for everybody.")


class NextBeat(Said):
    """What the next beat looks at, and where it leads as far as that is known before it."""

    at: Moment | None = Field(description="Null while the clock stands still.")
    threshold: ThresholdSteps | None = Field(
        description="On a ladder the next step, or further where nobody stands. By throughput where it goes "
        "at the furthest if the beat holds less than `count_to_hold`. Null by share, which is worked out "
        "only then, and where everybody may come."
    )
    everybody: bool = Field(description="The threshold is null because everybody may come.")
    count: int = Field(description="By throughput: tasks taken and handed in during the beat that runs.")
    count_to_hold: int = Field(description="By throughput: from how many on the threshold stays.")
    potential: str | None = Field(description="By share: its part of the site's open work, at the last beat.")
    worked: str | None = Field(description="By share: its part of the work done since it began to open.")


class Cascade(Said):
    """How a project opens, from those its requester rates best to everybody. No name or standing is in it.

    `state` is `running` or `paused` while it opens. Before: `draft`, `round` (no cascade in a prototype
    round), `waiting`. After: `ended` (it has opened all the way), `chosen` (its requester opened it),
    `stopped` (the members have), `open` (from the start), `closed` (the project is).
    """

    project_id: int
    state: CascadeState
    policy: Policy
    can_choose: bool = Field(description="Another policy can be chosen: what is open is not closed again.")
    beat: int = Field(description="The beat that runs; 0 before the first.")
    beat_seconds: int
    started_at: Moment | None
    open_since: Moment | None = Field(description="Since when everybody may come.")
    threshold: ThresholdSteps | None = Field(
        description="The standing that admits now; null for everybody. The two differ where it is somebody's "
        "standing, which is nobody's to know: then they are the steps of the charter around it."
    )
    next_beat: NextBeat | None = Field(description="Null where none will come.")
    history: Sequence[CascadeMove] = Field(description="Of the last cascade, the oldest first.")
    may_come_now: int | None = Field(description=f"Active workers who could come in now. {FIVES}")
    may_come_next: int | None = Field(description=f"The same after the next step. {FIVES}")
    may_come_ever: int | None = Field(description=f"The same when it is open to everybody. {FIVES}")
    newcomers_places: int = Field(description="Kept for workers nobody has rated, until all may come.")
    newcomers_places_left: int
    newcomers_may_come: bool
    came_by_standing: int = Field(description=f"Workers who took a task while it opened. {FIVES}")
    came_as_newcomers: int = Field(description=FIVES)
    came_as_stayed: int = Field(description=f"Because they had handed in work of it before. {FIVES}")


class Opening(Said):
    """How a project that is opening opens to the caller, and why it is open to them or not yet.

    `opens` is empty where it is open. `at`: at `opens_at` at the latest; `not_before`: then the next beat
    looks again; `paused`: the clock stands still with the project; `too_late`: its deadline comes first.
    """

    policy: Policy
    is_open: bool
    way: Literal["", "standing", "stayed", "newcomer"] = Field(description="Why it is open to the caller.")
    opens: Opens
    opens_at: Moment | None
    next_beat_at: Moment | None
    scope: Scale = Field(
        description="Whose ratings count: the requester's in this project and its copies, the requester's, "
        "the latest of each requester, or too few have rated."
    )
    ratings: int
    band: Band
    newcomers: Literal["rated", "used", "none_free", "later", "open"] = Field(
        description="Whether a place kept for workers nobody has rated is there for the caller."
    )
    newcomers_at: Moment | None


class OpeningSoon(Said):
    """A project that only the cascade keeps from the caller, with when it opens (see `Opening`)."""

    project_id: int
    title: str
    requester: Party
    is_volunteer: bool
    language: str
    published_at: Moment
    policy: Policy
    opens: Opens
    opens_at: Moment | None
    newcomers_at: Moment | None = Field(
        description="When the caller, whom nobody has rated, may take a place for newcomers, if one is left."
    )
