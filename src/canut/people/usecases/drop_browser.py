"""Somebody wants no more messages in a browser."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.access import person_for_change
from canut.people.models import Person, PushSubscription


class BrowserNotFound(NotFound):
    code = "browser_not_found"


@transaction.atomic
def drop_browser(*, browser_id: int, by: Person) -> None:
    """Forget how to reach one of `by`'s browsers. It concerns nobody else: no event.

    Raises:
        BrowserNotFound: there is none, it is somebody else's, or it was dropped before. AccountIsClosed.
    """
    person = person_for_change(by)
    gone, _rows = PushSubscription.objects.filter(pk=browser_id, person=person).delete()
    if not gone:
        raise BrowserNotFound(_("No messages go to this browser. The list shows where they go."))
