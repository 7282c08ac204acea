"""Sanctions for tests, each in its state; times are the site's, for what holds is asked of its clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.crypto import get_random_string
from tests.builders import NOON, a_person

from canut.justice.sanctions.models import Sanction
from canut.justice.sanctions.usecases.decide_sanction import decide_sanction
from canut.justice.sanctions.usecases.deliver_sanction import deliver_sanction
from canut.kernel import clock
from canut.kernel.models import ClockOffset
from canut.people.models import Bar, Person
from canut.people.usecases.appoint_operator import appoint_operator

REASON = "The same forty answers came in from two accounts within a minute of each other."
EVIDENCE = "Submissions 11 to 50, handed in on the second of the month."
NOTICE = timedelta(hours=24)


@contextmanager
def site_clock_at(at: datetime) -> Iterator[None]:
    """Let the site's clock be at a moment: the database takes no reasons as delivered then later."""
    before = clock.offset()
    ClockOffset.objects.update_or_create(only=True, defaults={"ahead_by": before + (at - clock.now())})
    yield
    ClockOffset.objects.filter(only=True).update(ahead_by=before)


def an_operator(name: str | None = None) -> Person:
    person = a_person(name or f"op{get_random_string(6).lower()}", at=NOON)
    return appoint_operator(person_id=person.pk, by=None, at=NOON)


def given(kind: str = "suspend", **details: Any) -> dict[str, Any]:
    """Return what is decided: a whole sanction of this kind."""
    by_kind: dict[str, dict[str, Any]] = {
        "restrict": {"bars": ["take"], "days": 7},
        "suspend": {"days": 7},
        "refuse_payment": {"currency": "EUR"},
    }
    whole = {"kind": kind, "ground": "accounts", "evidence": EVIDENCE, "reason": REASON}
    return {**whole, **by_kind.get(kind, {}), **details}


def a_sanction(
    person: Person, kind: str = "suspend", *, by: Person, at: datetime | None = None, **details: Any
) -> Sanction:
    """Return a sanction that was decided and not delivered."""
    return decide_sanction(person_id=person.pk, by=by, at=at or clock.now(), **given(kind, **details))


def delivered(
    person: Person, kind: str = "suspend", *, by: Person, at: datetime | None = None, **details: Any
) -> Sanction:
    """Return a sanction whose reasons were delivered at `at` (now); it takes effect a day later."""
    at = at or clock.now()
    made = a_sanction(person, kind, by=by, at=at, **details)
    with site_clock_at(at):
        deliver_sanction(sanction_id=made.pk, at=at)
    made.refresh_from_db()
    return made


def in_effect(person: Person, kind: str = "suspend", *, by: Person, **details: Any) -> Sanction:
    """Return a sanction that was delivered 25 hours ago and holds."""
    return delivered(person, kind, by=by, at=clock.now() - timedelta(hours=25), **details)


def shut_out(person: Person, *bars: str) -> None:
    """Bar somebody from these, or from all as a suspension does, past all that guards it.

    It is for tests of what such a bar does; what it takes to get there has tests of its own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "INSERT INTO people_restriction (person_id, sanction_id, bars, since)"
            " VALUES (%s, nextval(pg_get_serial_sequence('justice_sanctions_sanction', 'id')), %s,"
            " kernel_now() - interval '1 hour')",
            [person.pk, list(bars or Bar.values)],
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
