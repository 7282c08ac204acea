"""Somebody chooses an entry for their portfolio, gives it another place there, or takes it out."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from canut.guilds.journal.access import entries_of, journal_for_change, own_entry
from canut.guilds.journal.limits import MOST_CHOSEN
from canut.guilds.journal.models import JournalEntry
from canut.kernel.refusals import Refusal
from canut.people.models import Person


class PortfolioIsFull(Refusal):
    code = "portfolio_is_full"


@transaction.atomic
def place_entry(*, entry_id: int, by: Person, position: int | None) -> JournalEntry:
    """Put one of `by`'s entries at a place of the portfolio, counted from 1; None takes it out.

    The others move up or down. A place beyond the last is the last, one under the first the first.
    Doing it twice is safe.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
        PortfolioIsFull: there is no room for another entry.
    """
    journal_for_change(by)
    entry = own_entry(entry_id, by=by, lock=True)
    others = list(_chosen(by).exclude(pk=entry.pk))
    if position is None:
        _number(others)
        if entry.position is not None:
            entry.position = None
            entry.save(update_fields=["position"])
        return entry
    if entry.position is None and len(others) >= MOST_CHOSEN:
        raise PortfolioIsFull(
            _("A portfolio has room for %(count)s entries. Take one out first.") % {"count": MOST_CHOSEN},
            most=MOST_CHOSEN,
        )
    place = min(max(position, 1), len(others) + 1)
    _number([*others[: place - 1], entry, *others[place - 1 :]])
    return entry


def close_gaps(by: Person) -> None:
    """Number what is chosen from 1 on; where the journal is locked already."""
    _number(list(_chosen(by)))


def _chosen(by: Person) -> "QuerySet[JournalEntry]":
    return entries_of(by).filter(position__isnull=False).select_for_update().order_by("position")


def _number(entries: Sequence[JournalEntry]) -> None:
    moved = [entry for place, entry in enumerate(entries, start=1) if entry.position != place]
    places = {entry.pk: place for place, entry in enumerate(entries, start=1)}
    for entry in moved:
        entry.position = places[entry.pk]
    JournalEntry.objects.bulk_update(moved, ["position"])
