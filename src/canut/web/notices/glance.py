"""What every page shows of somebody's notices: the bell with its number, and that mails come back."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.people.models import Person
from canut.people.notices.queries import MOST_COUNTED, at_a_glance


@dataclass(frozen=True, slots=True)
class Bell:
    """How many notices are unread, as a number for the eye and a sentence for the ear."""

    unread: int
    shown: str
    sentence: str
    is_here: bool
    mail_fails: bool


def glance_of(request: HttpRequest) -> Bell | None:
    """Return what a page shows of the notices of who looks at it; None for who is not signed in."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return None
    seen = at_a_glance(person.pk)
    if seen.unread >= MOST_COUNTED:
        shown = _("%(count)s+") % {"count": MOST_COUNTED - 1}
        sentence = _("More than %(count)s unread notices") % {"count": MOST_COUNTED - 1}
    else:
        shown = str(seen.unread)
        said = ngettext("%(count)s unread notice", "%(count)s unread notices", seen.unread)
        sentence = said % {"count": seen.unread}
    here = request.path.startswith(reverse("notices"))
    return Bell(seen.unread, shown, sentence, here, seen.mail_fails)
