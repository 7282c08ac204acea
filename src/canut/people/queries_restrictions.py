"""What a person may not do now, or could not do then: by sanctions, and by nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from canut.people.models import Bar, Person, Restriction

_NOT_SHUT_OUT = (
    "NOT EXISTS (SELECT FROM people_restriction_v r"
    " WHERE r.person_id = people_person.id AND 'sign_in' = ANY (r.bars))"
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A restriction that holds now: which sanction's, what it bars, and until when; None for no end."""

    sanction_id: int
    bars: tuple[Bar, ...]
    since: datetime
    until: datetime | None


def bars_of(person_id: int) -> Mapping[Bar, int]:
    """Return what a person may not do by the site's clock, each with the sanction that bars it.

    It asks the view that the claim asks, so a page and a claim cannot disagree.
    """
    return {bar: holding.sanction_id for holding in holding_now(person_id) for bar in holding.bars}


def holding_now(person_id: int) -> tuple[Holding, ...]:
    """Return the restrictions of a person that hold by the site's clock, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sanction_id, bars, since, until FROM people_restriction_v WHERE person_id = %s"
            " ORDER BY since, sanction_id",
            [person_id],
        )
        rows = cursor.fetchall()
    return tuple(
        Holding(number, tuple(Bar(bar) for bar in bars), since, until) for number, bars, since, until in rows
    )


def not_shut_out(people: "QuerySet[Person]") -> "QuerySet[Person]":
    """Leave out whom a sanction keeps from signing in by the site's clock, in the same query."""
    return people.extra(where=[_NOT_SHUT_OUT])  # noqa: S610 - a constant: nothing comes from outside


def was_barred(person_id: int, bar: Bar, *, at: datetime) -> bool:
    """Return whether a person could not do this at a moment, as far as is known now."""
    rows = Restriction.objects.filter(person_id=person_id, bars__contains=[bar], since__lte=at)
    ends = (Q(until__isnull=True) | Q(until__gt=at)) & (Q(lapses_at__isnull=True) | Q(lapses_at__gt=at))
    return rows.filter(ends, Q(lifted_at__isnull=True) | Q(lifted_at__gt=at)).exists()
