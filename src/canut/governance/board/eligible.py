"""Who may hold a seat: whoever is a member, and of no other college than the one that elected them."""

from collections.abc import Collection
from datetime import datetime

from canut.governance.board.states import LeftSeat
from canut.membership.queries import colleges_of, memberships_at


def barred(people: Collection[int], *, college: str, at: datetime) -> dict[int, LeftSeat]:
    """Return those of these people who may not sit for a college at `at`, each with the reason.

    Whoever was less active than members need to vote may sit on: a seat on the board is work too.
    """
    if not people:
        return {}
    members = set(memberships_at(at).filter(person_id__in=people).values_list("person_id", flat=True))
    colleges = colleges_of(people, at=at)
    found: dict[int, LeftSeat] = {}
    for person_id in people:
        if person_id not in members:
            found[person_id] = LeftSeat.NO_MEMBER
        elif person_id in colleges and colleges[person_id] != college:
            found[person_id] = LeftSeat.OTHER_COLLEGE
    return found
