"""The cascade: how a project opens, from those whom its requester rates best to everybody.

The rules are those of MECHANISMS 1.7 to 1.9; every number in them is a parameter of the charter. A
threshold is a standing that a worker must have; None means that the cascade has ended and all may come.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Policy = Literal["ladder", "throughput", "share", "open"]


@dataclass(frozen=True, slots=True)
class Beat:
    """What one beat of the cascade sees of a project.

    `standings` are those that workers have toward the project, whoever they are. `best` is the highest of
    those who could come in now if the threshold let them: active, not blocked, qualified, with a place left
    that they may take; None when there is nobody. `count` is starts and submissions in this beat, `reference`
    the highest such count since the threshold last moved. `potential_seconds` and `worked_seconds` are the
    project's open and done work, each with the platform's, since publication.
    """

    threshold: Decimal
    standings: Sequence[Decimal] = ()
    best: Decimal | None = None
    count: int = 0
    reference: int = 0
    potential_seconds: int = 0
    platform_potential_seconds: int = 0
    worked_seconds: int = 0
    platform_worked_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Ladders:
    """The charter's numbers for the cascade."""

    first: Decimal
    last: Decimal
    ladder: Sequence[Decimal]
    throughput: Sequence[Decimal]
    hold_share: Decimal
    decimals: int = 2


def next_threshold(policy: Policy, beat: Beat, numbers: Ladders) -> Decimal:
    """Return the threshold after one beat. It never rises.

    - `ladder`: down to the next of its steps.
    - `throughput`: it stays while the project is worked on (count above zero and at least the hold share
      of the reference); else it goes to the highest of the existing standings and its own steps that lies
      strictly below, and to the last threshold when none does.
    - `share`: 3.0 × (1 − max(0, potential − worked)), the project's shares of the platform's open and done
      work-seconds since publication, 0/0 = 0, never above what it was nor under the last.
    - `open`: no threshold, so the last.

    Whatever the policy, it then falls at once to where somebody stands who can still take a place (no
    dead time): `fallen`.

    Source: Boomerang (UIST 2016) for the ladder; the Daemo platform's running code for the other two;
    MECHANISMS 1.8 for "count above zero", the bounds, and no dead time.
    """
    if policy == "open":
        return numbers.last
    if policy == "ladder":
        moved = _next_below(beat.threshold, numbers.ladder, numbers.last)
    elif policy == "throughput":
        holds = beat.count > 0 and beat.count >= numbers.hold_share * beat.reference
        steps = [*numbers.throughput, *beat.standings]
        moved = beat.threshold if holds else _next_below(beat.threshold, steps, numbers.last)
    else:
        moved = _by_share(beat, numbers)
    return fallen(moved, best=beat.best, last=numbers.last)


def fallen(threshold: Decimal, *, best: Decimal | None, last: Decimal) -> Decimal:
    """Return the highest threshold, from `threshold` down, at which there is somebody to let in.

    `best` is the highest standing among those who could come in now (`Beat`). When nobody stands at or above
    the threshold it falls to the next step or to the best standing below, whichever is higher, and so on
    until somebody is in: that is at the best standing itself, and at the last threshold when there is nobody.

    Source: MECHANISMS 1.8, no dead time; our own, where the papers leave a project waiting for nobody.
    """
    if best is None:
        return last
    return max(last, min(threshold, best))


def shares_of(beat: Beat) -> tuple[Decimal, Decimal]:
    """Return the project's shares of the platform's open and of its done work-seconds; of nothing, 0."""
    return (
        _share(beat.potential_seconds, beat.platform_potential_seconds),
        _share(beat.worked_seconds, beat.platform_worked_seconds),
    )


def has_ended(threshold: Decimal, numbers: Ladders) -> bool:
    """Tell whether the cascade has ended: nothing lies below the last threshold, so all may come."""
    return threshold <= numbers.last


def may_restart(*, started_at: datetime, ended: bool, at: datetime, restart_hours: int) -> bool:
    """Tell whether added tasks start the cascade anew: once it has ended, not too soon (MECHANISMS 1.7)."""
    return ended and at - started_at >= timedelta(hours=restart_hours)


def newcomer_places(places: int, *, share: Decimal) -> int:
    """Return how many of `places` are kept for workers nobody has rated: every tenth (MECHANISMS 1.9)."""
    return int(places * share)


def is_newcomer_place(position: int, *, share: Decimal) -> bool:
    """Tell whether the place at this position, counted from 1, is one of those: as many as `newcomer_places`.

    Fixed at publication by the position alone, so that nobody can choose whose place it is.
    """
    return int(position * share) > int((position - 1) * share)


def newcomer_may_enter(*, beat: int, first_beat: int, ended: bool) -> bool:
    """Tell whether newcomers' places are open to newcomers: from the second beat on; to all at the end.

    Beats are counted from 1, which begins at publication.
    """
    return ended or beat >= first_beat


def _next_below(threshold: Decimal, steps: Sequence[Decimal], last: Decimal) -> Decimal:
    below = [step for step in steps if last <= step < threshold]
    return max(below, default=last)


def _by_share(beat: Beat, numbers: Ladders) -> Decimal:
    potential, worked = shares_of(beat)
    exact = numbers.first * (1 - max(Decimal(0), potential - worked))
    rounded = exact.quantize(Decimal(1).scaleb(-numbers.decimals), rounding=ROUND_HALF_UP)
    return min(beat.threshold, max(numbers.last, rounded))


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)
