"""The charter's numbers for proposals at one moment, as the rules take them."""

from dataclasses import dataclass
from datetime import datetime

from canut.charter.queries import in_force
from canut.governance.rules import supporters_needed
from canut.membership.queries import active_members


@dataclass(frozen=True, slots=True)
class Limits:
    """How many proposals one member may have on their way, and how many begin within so many days."""

    most_open: int
    most_new: int
    window_days: int


def limits(at: datetime) -> Limits:
    return Limits(
        in_force("governance.most_open_proposals", at=at),
        in_force("governance.most_new_ideas", at=at),
        in_force("governance.new_ideas_window_days", at=at),
    )


def supporters_needed_at(at: datetime) -> int:
    """Return how many supporters make an idea a draft at `at`."""
    return supporters_needed(
        active_members(at),
        least_members=in_force("governance.support_least_members", at=at),
        share=in_force("governance.support_share", at=at),
    )
