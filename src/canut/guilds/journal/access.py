"""The only way to a row of a journal on somebody's behalf: one's own, and nobody else's."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from canut.guilds.journal.models import Journal, JournalEntry
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class EntryNotFound(NotFound):
    code = "entry_not_found"


def entries_of(by: Person) -> "QuerySet[JournalEntry]":
    """Return everything in `by`'s journal, in no order."""
    return JournalEntry.objects.filter(writer_id=by.pk)


def own_entry(entry_id: int, *, by: Person, lock: bool = False) -> JournalEntry:
    """Return one of `by`'s own entries, its row locked if asked.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
    """
    rows = entries_of(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows.select_related("project")
    found = rows.filter(pk=entry_id).first()
    if found is None:
        raise EntryNotFound(_("There is no such entry in your journal. It may have been deleted."))
    return found


def journal_for_change(by: Person) -> Journal:
    """Lock and return what `by` has said of their journal; made where they have said nothing yet."""
    Journal.objects.bulk_create([Journal(writer_id=by.pk)], ignore_conflicts=True)
    return Journal.objects.select_for_update().get(writer_id=by.pk)
