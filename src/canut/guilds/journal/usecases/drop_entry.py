"""Somebody deletes an entry of their journal."""

from django.db import transaction

from canut.guilds.journal.access import journal_for_change, own_entry
from canut.guilds.journal.usecases.place_entry import close_gaps
from canut.people.models import Person


@transaction.atomic
def drop_entry(*, entry_id: int, by: Person) -> str:
    """Delete one of `by`'s entries for good and return its title. It concerns nobody else: no event.

    Raises:
        EntryNotFound: there is none, it is somebody else's, or it was deleted before.
    """
    journal_for_change(by)
    entry = own_entry(entry_id, by=by, lock=True)
    entry.delete()
    close_gaps(by)
    return entry.title
