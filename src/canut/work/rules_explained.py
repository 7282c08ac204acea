"""Why a project is open to a worker or not, and when it will be: `rules.may_take`, condition by condition.

Nothing is decided here: each condition's outcome is what `may_take` itself says of it alone, and the step
at which a ladder lets somebody in is found by `next_threshold` itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from canut.reputation.rules_cascade import Beat, Ladders, Policy, has_ended, next_threshold
from canut.work.rules import Asking, may_take

OpeningKind = Literal["open", "at", "not_before", "paused", "too_late", "not_by_waiting"]

CONDITIONS: Mapping[str, tuple[str, ...]] = {
    "project_is_live": ("project_state",),
    "project_is_shown": ("project_is_hidden",),
    "project_is_given_out": ("project_is_stopped",),
    "deadline_is_to_come": ("deadline_at", "at"),
    "worker_is_not_restricted": ("worker_is_restricted",),
    "worker_may_work": ("worker_may_work",),
    "project_is_anothers": ("worker_owns_project",),
    "worker_is_not_blocked": ("worker_is_blocked",),
    "worker_is_on_list": ("allowed_only", "worker_is_allowed"),
    "standings_suffice": ("standings_asked",),
    "risks_are_accepted": ("risks_not_accepted",),
    "session_is_open": ("session_missing",),
    "round_share_is_left": ("round_most", "taken_in_round"),
    "cascade_lets_in": ("threshold", "standing", "has_stayed", "newcomer_place_free", "round_most"),
    "none_is_held_here": ("holds_one_here",),
    "under_the_cap": ("in_hand", "cap_in_hand"),
}
"""Every condition of admission in the order in which `may_take` asks, with the facts that it looks at."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition with its outcome. `code` is the refusal's if it is not met.

    `facts` are those it looked at. `is_known` is false of a past moment of which one of them was not kept.
    """

    name: str
    code: str | None
    facts: Mapping[str, object]
    is_known: bool = True

    @property
    def is_met(self) -> bool:
        return self.code is None


@dataclass(frozen=True, slots=True)
class Clock:
    """Where a project's cascade is: its policy, its threshold, the beat that runs, and when the next is due.

    `is_running` is false while the project is paused or in a prototype round: then no beat comes. After
    `deadline_at` nothing of the project can be taken.
    """

    policy: Policy
    threshold: Decimal | None
    beat: int
    next_at: datetime | None
    beat_seconds: int
    is_running: bool = True
    deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """When a project opens to a worker whom the cascade does not let in yet.

    - `open`: it is open now.
    - `at`: at that moment at the latest; nobody has to do anything for it.
    - `not_before`: not before the next beat, which is at that moment; whether then, the policy will tell.
    - `paused`: the clock stands still, and goes on when the project does.
    - `too_late`: the project's deadline comes first.
    - `not_by_waiting`: another condition is not met, and no beat changes that.
    """

    kind: OpeningKind
    at: datetime | None = None


def conditions_of(asking: Asking, *, unknown: frozenset[str] = frozenset()) -> tuple[Condition, ...]:
    """Return each condition of admission with what `may_take` says where all others are met.

    `unknown` names facts that were not kept of a past moment.
    """
    return tuple(
        Condition(
            name=name,
            code=may_take(replace(_NOTHING_AGAINST, **{fact: getattr(asking, fact) for fact in facts})),
            facts={fact: getattr(asking, fact) for fact in facts},
            is_known=not unknown.intersection(facts),
        )
        for name, facts in CONDITIONS.items()
    )


def opening_of(
    conditions: Sequence[Condition],
    *,
    clock: Clock,
    standing: Decimal,
    numbers: Ladders,
) -> Opening:
    """Return when the cascade lets a worker with this standing in, as far as can be known now.

    On a ladder the moment is exact, but for two things: it comes earlier if the threshold falls because
    nobody could come in, and a pause of the project puts it off. Places kept for newcomers are told of
    beside it: others may have taken them by then.
    """
    failing = [one for one in conditions if not one.is_met and one.name not in _PASSING]
    if any(one.code not in ("not_open_to_you_yet", "project_paused") for one in failing):
        return Opening("not_by_waiting")
    if not failing:
        return Opening("open")
    if any(one.code == "project_paused" for one in failing) or not clock.is_running:
        return Opening("paused")
    if clock.next_at is None or clock.threshold is None:
        return Opening("paused")
    kind: OpeningKind = "not_before"
    moment = clock.next_at
    if clock.policy in ("ladder", "open"):
        kind = "at"
        beats = _beats_to(standing, clock.threshold, clock.policy, numbers)
        moment += timedelta(seconds=clock.beat_seconds) * (beats - 1)
    if clock.deadline_at is not None and clock.deadline_at <= moment:
        return Opening("too_late")
    return Opening(kind, moment)


def steps_around(threshold: Decimal, numbers: Ladders) -> tuple[Decimal, Decimal]:
    """Return the highest of the charter's thresholds at or below this one, and the lowest at or above it.

    A threshold that has fallen to somebody's standing would tell that standing to whoever sees it: this
    is what is shown of it. Both are the same where it is one of the charter's own.
    """
    steps = {numbers.first, numbers.last, *numbers.ladder, *numbers.throughput}
    return (
        max((step for step in steps if step <= threshold), default=numbers.last),
        min((step for step in steps if step >= threshold), default=numbers.first),
    )


def _beats_to(standing: Decimal, threshold: Decimal, policy: Policy, numbers: Ladders) -> int:
    """Return how many beats it takes until the threshold is at or below the standing, or the end."""
    beats = 0
    while standing < threshold and not has_ended(threshold, numbers):
        threshold = next_threshold(policy, Beat(threshold=threshold, best=threshold), numbers)
        beats += 1
    return max(1, beats)


_PASSING = ("none_is_held_here", "under_the_cap")
"""What the worker ends by handing in or giving back: no reason to say that waiting does not help."""

_NOTHING_AGAINST = Asking(
    project_state="live",
    deadline_at=None,
    worker_may_work=True,
    worker_owns_project=False,
    worker_is_blocked=False,
    worker_is_allowed=True,
    allowed_only=False,
    holds_one_here=False,
    in_hand=0,
    cap_in_hand=1,
    at=datetime.min,
)
