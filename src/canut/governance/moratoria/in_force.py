"""What the charter asks of a motion at one moment."""

from datetime import datetime

from canut.charter.queries import in_force
from canut.governance.moratoria.models import Motion
from canut.governance.rules import supporters_needed
from canut.membership.queries import colleges_of, electorate


def needed_of(college: str, *, at: datetime) -> int:
    """Return how many members of a college must support a motion before the college votes on it.

    It is the rule for ideas, among that college alone; whoever moves it is the first.
    """
    return supporters_needed(
        sum(one == college for one in electorate(at).values()),
        least_members=in_force("governance.support_least_members", at=at),
        share=in_force("governance.support_share", at=at),
    )


def supporters_of(motion: Motion, *, at: datetime) -> int:
    """Return how many of those who supported a motion are active members of its college at `at`."""
    people = list(motion.supports.values_list("person_id", flat=True))
    return sum(college == motion.college for college in colleges_of(people, at=at).values())
