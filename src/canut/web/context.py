"""What every page needs to know of the site and of who looks at it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from canut.charter import log as charter_log
from canut.people.models import Person
from canut.web.badges import badge_of
from canut.web.notices.glance import glance_of
from canut.web.sessions.bar import at_work_of


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "is_demo": settings.CANUT_MODE == "demo",
        "is_test_site": settings.CANUT_MODE != "production",
        "languages_offered": settings.LANGUAGES,
        "places": _places(request),
        "at_work": SimpleLazyObject(lambda: at_work_of(request)),
        "notices_at_a_glance": SimpleLazyObject(lambda: glance_of(request)),
        "charter_is_alarmed": charter_log.is_alarmed,
    }


def _places(request: HttpRequest) -> list[dict[str, Any]]:
    """Return where this person can go from anywhere, by role, as far as the site has these pages."""
    person: Person | AnonymousUser | None = getattr(request, "user", None)
    wanted: list[tuple[str, str]] = []
    if person is not None and person.is_authenticated:
        if person.is_worker:
            wanted += [("feed", _("Tasks")), ("my_work", _("My work")), ("earnings", _("Earnings"))]
        if person.is_requester:
            wanted += [("projects", _("Projects")), ("money", _("Money"))]
        if person.is_operator:
            wanted += [("operator", _("Running the site"))]
    wanted += [("guilds", _("Guilds"))]
    if person is not None and person.is_authenticated:
        wanted += [("talk", _("Talk"))]
    wanted += [("decide", _("Decide")), ("justice", _("Justice"))]
    found = []
    for name, label in wanted:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        found.append(
            {
                "address": address,
                "label": label,
                "is_here": request.path.startswith(address),
                "badge": badge_of(name, person) if isinstance(person, Person) else None,
            }
        )
    return found
