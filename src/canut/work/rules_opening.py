"""What a requester is told of a cascade that runs: people in steps of five, and where the next beat leads."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from canut.reputation.rules_cascade import Beat, Ladders, Policy, has_ended, next_threshold

STEP = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of people as others may know it: `at_least` so many; 0 stands for "fewer than five"."""

    at_least: int


def in_fives(people: int) -> Counted:
    """Return how many people there are, rounded down to a multiple of five.

    Whoever counts others by their standing, and can change by lists who is counted, would learn from exact
    numbers what one person's standing is: also from none or one, so the least step is "fewer than five".
    """
    return Counted(people // STEP * STEP)


def without_anybody(policy: Policy, threshold: Decimal, numbers: Ladders) -> Decimal | None:
    """Return the threshold after the next beat by the charter's own steps alone; None when it ends then.

    That is where a ladder goes, unless nobody stands there; and where throughput goes at the latest if the
    project is not worked on: standings of workers may lie above.
    """
    moved = next_threshold(policy, Beat(threshold=threshold, best=threshold), numbers)
    return None if has_ended(moved, numbers) else moved


def held_from(reference: int, *, hold_share: Decimal) -> int:
    """Return the least count of starts and submissions in a beat that leaves the threshold (throughput)."""
    return max(1, int((hold_share * reference).to_integral_value(rounding=ROUND_CEILING)))
