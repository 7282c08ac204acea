"""Somebody says that they asked for no new password."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def discard_reset_links(*, person_id: int, at: datetime) -> None:
    """Kill every password reset link sent so far to a person, who said that they want none of them.

    Who calls this has seen a link that works. There is no `by`: whoever holds the link is believed,
    for killing it harms nobody.
    """
    changed = Person.objects.filter(pk=person_id).update(reset_serial=F("reset_serial") + 1)
    if changed:
        record(None, "person.reset_links_discarded", Person(pk=person_id), at=at)
