"""Reading how a person may be told something: their quiet hours, the browsers they let show messages."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Count

from canut.people import rules_quiet
from canut.people.models import Person, PushSubscription
from canut.people.models import QuietHours as Row


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when a person wants no notices, by the clock of their zone."""

    starts: time
    ends: time
    zone: str

    def until(self, at: datetime) -> datetime | None:
        """Return when they end if `at` lies in them, else None."""
        return rules_quiet.quiet_until(at, starts=self.starts, ends=self.ends, zone=self.zone)

    def begin(self, at: datetime) -> datetime:
        """Return when they begin next."""
        return rules_quiet.quiet_from(at, starts=self.starts, ends=self.ends, zone=self.zone)


@dataclass(frozen=True, slots=True)
class ReachedBrowser:
    """A browser that shows messages, as its owner tells it from others."""

    id: int
    browser: str
    created_at: datetime


def quiet_hours_of(person: Person) -> QuietHours | None:
    """Return a person's quiet hours; None if they may be told at any time."""
    row = Row.objects.filter(person=person).first()
    return QuietHours(row.starts, row.ends, person.time_zone) if row else None


def quiet_until(person: Person, *, at: datetime) -> datetime | None:
    """Return when a person may be told again; None if now."""
    hours = quiet_hours_of(person)
    return hours.until(at) if hours else None


def browsers_of(person_id: int) -> list[ReachedBrowser]:
    """Return the browsers in which somebody lets the site show messages, oldest first."""
    rows = PushSubscription.objects.filter(person_id=person_id).order_by("pk")
    return [ReachedBrowser(row.pk, row.browser, row.created_at) for row in rows]


def browsers_by_site_key() -> dict[str, int]:
    """Return how many browsers were set up for each public key that the site has had."""
    rows = PushSubscription.objects.values_list("site_key").annotate(count=Count("pk"))
    return dict(rows.order_by("site_key"))
