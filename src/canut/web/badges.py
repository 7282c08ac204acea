"""What waits for somebody, as a number beside its place in the navigation."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import ngettext

from canut.discussion.queries_news import count_news
from canut.governance.ballots.queries_seen import votes_waiting_for
from canut.justice.jury.queries import waiting_seats
from canut.kernel import clock
from canut.people.models import Person
from canut.work.queries.assignments import returned_count


@dataclass(frozen=True, slots=True)
class Badge:
    """How much waits at a place, and the sentence that says so to who cannot see it as a badge."""

    count: int
    sentence: str


def badge_of(place: str, person: Person) -> Callable[[], Badge | None]:
    """Return what finds the badge of a place: one cheap count, made only if the page draws it."""
    return lambda: _badge(place, person)


def _badge(place: str, person: Person) -> Badge | None:
    if place == "my_work" and (count := returned_count(person.pk)):
        return Badge(count, ngettext("%(count)s returned", "%(count)s returned", count) % {"count": count})
    if place == "talk" and (count := count_news(person.pk, at=clock.now())):
        said = ngettext("%(count)s thread has something new", "%(count)s threads have something new", count)
        return Badge(count, said % {"count": count})
    if place == "justice" and (count := waiting_seats(person)):
        said = ngettext("%(count)s appeal waits for you", "%(count)s appeals wait for you", count)
        return Badge(count, said % {"count": count})
    if place == "decide" and (count := votes_waiting_for(person, at=clock.now())):
        said = ngettext("%(count)s vote waits for you", "%(count)s votes wait for you", count)
        return Badge(count, said % {"count": count})
    return None
