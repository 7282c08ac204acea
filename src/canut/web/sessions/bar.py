"""The bar that stands on every page while a session is open: whether one is at work, and for how much."""

from django.http import HttpRequest

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.queries.sessions import AtWork, at_work
from canut.work.usecases.take_break import note_seen

_KEPT = "canut_at_work"


def at_work_of(request: HttpRequest) -> AtWork | None:
    """Return the open session of whoever looks at a page, found once a request; a page is a sign of life."""
    if not hasattr(request, _KEPT):
        setattr(request, _KEPT, _found(request))
    found: AtWork | None = getattr(request, _KEPT)
    return found


def _found(request: HttpRequest) -> AtWork | None:
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or not person.is_worker:
        return None
    at = clock.now()
    bar = at_work(person.pk, at=at)
    if bar is not None and not bar.on_break:
        try:
            note_seen(session_id=bar.id, by=person, at=at)
        except Refusal:  # it has ended; the next sweep pays it
            return None
    return bar
