"""A thread is ended, so that nothing is added to it, and opened again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.discussion.access import thread_at
from canut.discussion.models import Thread
from canut.discussion.place import Place
from canut.kernel.events import record
from canut.kernel.refusals import NotAllowed


class ThreadOfAnother(NotAllowed):
    code = "thread_of_another"


@transaction.atomic
def close_thread(*, place: Place, closed: bool, at: datetime) -> Thread:
    """End a thread, or open it again. It stays to be read. Repeating it is safe.

    Raises:
        ThreadNotFound: nobody has written there yet.
        ThreadOfAnother: it is not the place's person who may end it.
    """
    thread = thread_at(place, lock=True)
    if not place.may_close:
        raise ThreadOfAnother(
            _("Only who began a thread can close it, and only who closed it can open it again.")
        )
    if (thread.closed_at is not None) == closed:
        return thread
    thread.closed_at = at if closed else None
    thread.closed_by_id = place.person.pk if closed else None
    thread.save(update_fields=["closed_at", "closed_by"])
    record(place.person, "thread.closed" if closed else "thread.opened_again", thread, at=at)
    return thread
