"""Members of each college, made cheaply: admitted, and active on just enough days."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.builders import NOON, a_person

from canut.charter.queries import in_force
from canut.membership.days import site_day
from canut.membership.models import ActivityDay, Membership
from canut.membership.states import CheckedBy, College, Way
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing


def a_member_of(
    college: College | str,
    *,
    at: datetime = NOON,
    active: bool = True,
    name: str | None = None,
    **details: Any,
) -> Person:
    """Return an admitted person of a college, active at `at` unless a test wants otherwise.

    They were admitted at `at`. Who is not active was so on one day less than it takes. The team always is.
    """
    college = College(college)
    roles = {"worker": college == College.WORKERS, "requester": college == College.REQUESTERS}
    person = a_person(name, **(roles | details))
    if college == College.TEAM:
        person.is_operator = True
        person.save(update_fields=["is_operator"])
    else:
        days = in_force("activity.least_days", at=at) - (0 if active else 1)
        active_on(person, days, worked=college == College.WORKERS, at=at)
    admitted(person, at=at)
    return person


def members_of(college: College | str, how_many: int, *, at: datetime = NOON) -> list[Person]:
    return [a_member_of(college, at=at) for _each in range(how_many)]


def admitted(person: Person, *, at: datetime = NOON) -> Membership:
    """Admit somebody, as if the operators had checked who they are."""
    stands_as_member(person, at=at)
    return Membership.objects.create(
        person=person, way=Way.IDENTITY_CHECK, checked_by=CheckedBy.KNOWN, admitted_at=at
    )


def stands_as_member(person: Person, *, at: datetime = NOON) -> Person:
    """Give somebody the standing that rooms below membership ask for."""
    keep_standing(party_id=person.pk, scale=ScaleKind.MEMBERSHIP, scale_id=0, value=Decimal(1), at=at)
    return person


def active_on(person: Person, days: int, *, worked: bool = True, at: datetime = NOON, skip: int = 0) -> None:
    """Let somebody have been active on so many days that end at `at`, or `skip` days before."""
    last = site_day(at) - timedelta(days=skip)
    ActivityDay.objects.bulk_create(
        ActivityDay(person=person, day=last - timedelta(days=n), worked=worked, requested=not worked)
        for n in range(days)
    )
