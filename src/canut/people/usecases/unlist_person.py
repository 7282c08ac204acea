"""A requester takes somebody off their lists."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import listing_for_change
from canut.people.models import Person


@transaction.atomic
def unlist_person(*, person_id: int, by: Person, at: datetime) -> None:
    """Take a person off `by`'s list, whichever it is.

    Raises:
        NotListed: they are on none.
    """
    listing = listing_for_change(person_id, by=by)
    record(by, "person.unlisted", listing, at=at, person_id=person_id, was=listing.kind)
    listing.delete()
