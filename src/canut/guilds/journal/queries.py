"""Reading a journal: a page of it, one entry, what could be noted, and what its writer may take along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q

from canut.guilds.journal.access import entries_of, own_entry
from canut.guilds.journal.limits import ENTRIES_A_PAGE, LONGEST_SEARCH, MOST_CHOSEN, MOST_ENTRIES
from canut.guilds.journal.models import Journal, JournalEntry
from canut.people.models import Person
from canut.work.designs.values import storable
from canut.work.queries.worked_in import WorkedIn, worked_in

MOST_INVITATIONS = 3
MOST_PROJECTS_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """What somebody handed in to a project, in days of their own calendar."""

    project_id: int
    title: str
    is_duty: bool
    handed_in: int
    approved: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as its writer sees it. `batch` is what they have handed in to its project by now."""

    id: int
    title: str
    text: str
    learnt_on: date
    batch: Batch | None
    position: int | None
    created_at: datetime
    changed_at: datetime

    @property
    def paragraphs(self) -> Sequence[str]:
        """The text cut at empty lines; a line end within a paragraph stays one."""
        return [part.strip("\n") for part in self.text.split("\n\n") if part.strip()]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """A page of a journal, the last written first. `is_empty`: there is no entry at all."""

    entries: Sequence[Entry]
    words: str
    is_empty: bool
    chosen: int
    next_cursor: int | None


def zone_of(person: Person) -> tzinfo:
    return ZoneInfo(person.time_zone)


def today_of(person: Person, *, at: datetime) -> date:
    """Return what day it is for somebody."""
    return at.astimezone(zone_of(person)).date()


def journal_of(by: Person) -> Journal:
    """Return what `by` has said of their journal; the beginning's choices where they have said nothing."""
    return Journal.objects.filter(writer_id=by.pk).first() or Journal(writer_id=by.pk)


def journal_page(
    *, by: Person, words: str = "", before_id: int | None = None, most: int = ENTRIES_A_PAGE
) -> JournalPage:
    """Return a page of `by`'s journal before `before_id`: those in which each of `words` stands."""
    words = " ".join(words.split())[:LONGEST_SEARCH] if storable(words) else ""
    rows = entries_of(by).order_by("-pk")
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    page = list(rows[: most + 1])
    return JournalPage(
        entries=_seen(page[:most], by=by),
        words=words,
        is_empty=not page and not entries_of(by).exists(),
        chosen=entries_of(by).filter(position__isnull=False).count(),
        next_cursor=page[most - 1].pk if len(page) > most else None,
    )


def entry_seen(entry_id: int, *, by: Person) -> Entry:
    """Return one of `by`'s entries.

    Raises:
        EntryNotFound: there is none, or it is somebody else's.
    """
    (seen,) = _seen([own_entry(entry_id, by=by)], by=by)
    return seen


def chosen_entries(by: Person) -> Sequence[Entry]:
    """Return what `by` has chosen for the portfolio, in the order they gave it."""
    rows = entries_of(by).filter(position__isnull=False).order_by("position")
    return _seen(list(rows[:MOST_CHOSEN]), by=by)


def batches_of(by: Person) -> Sequence[Batch]:
    """Return the projects that an entry can be about: what `by` handed work in to, the latest first."""
    return [_batch(one, by=by) for one in worked_in(by.pk, most=MOST_PROJECTS_OFFERED)]


def batch_of(project_id: int, *, by: Person) -> Batch | None:
    """Return what `by` handed in to a project; None if that is nothing."""
    found = worked_in(by.pk, project_id=project_id)
    return _batch(found[0], by=by) if found else None


def invitations(*, by: Person, project_id: int | None = None) -> Sequence[Batch]:
    """Return what `by` could note something about: work handed in since they last wrote about its project.

    Nothing for whoever does not want to be asked, or whose journal is full. Of one project alone if it
    is named.
    """
    if not journal_of(by).invites or entries_of(by).count() >= MOST_ENTRIES:
        return ()
    about = entries_of(by).filter(project__isnull=False)
    if project_id is not None:
        about = about.filter(project_id=project_id)
    written = dict(about.values_list("project_id").annotate(Max("created_at")))
    if project_id is not None:
        fresh = worked_in(by.pk, project_id=project_id, since=written.get(project_id))
        return [_batch(one, by=by) for one in fresh]
    found = []
    for one in worked_in(by.pk, most=MOST_PROJECTS_OFFERED):
        since = written.get(one.project_id)
        if since is None:
            found.append(_batch(one, by=by))
        elif one.last_at > since:
            found += [_batch(new, by=by) for new in worked_in(by.pk, project_id=one.project_id, since=since)]
        if len(found) == MOST_INVITATIONS:
            break
    return found


def data_of(party_id: int) -> dict[str, Any]:
    """Return everything that this room knows of somebody, for their own export."""
    journal = Journal.objects.filter(writer_id=party_id).first()
    rows = JournalEntry.objects.filter(writer_id=party_id).select_related("project").order_by("pk")
    return {
        "portfolio_name": journal.portfolio_name if journal else "",
        "asked_after_a_batch": journal.invites if journal else True,
        "entries": [
            {
                "title": row.title,
                "text": row.text,
                "learnt_on": row.learnt_on,
                "project": row.project.title if row.project else None,
                "position_in_portfolio": row.position,
                "created_at": row.created_at,
                "changed_at": row.changed_at,
            }
            for row in rows
        ],
    }


def _seen(rows: Sequence[JournalEntry], *, by: Person) -> list[Entry]:
    about = {row.project_id for row in rows if row.project_id is not None}
    batches: Mapping[int, Batch] = {
        one.project_id: _batch(one, by=by) for one in worked_in(by.pk, project_ids=about)
    }
    return [
        Entry(
            id=row.pk,
            title=row.title,
            text=row.text,
            learnt_on=row.learnt_on,
            batch=batches.get(row.project_id or 0),
            position=row.position,
            created_at=row.created_at,
            changed_at=row.changed_at,
        )
        for row in rows
    ]


def _batch(work: WorkedIn, *, by: Person) -> Batch:
    zone = zone_of(by)
    return Batch(
        project_id=work.project_id,
        title=work.title,
        is_duty=work.is_duty,
        handed_in=work.handed_in,
        approved=work.approved,
        first_on=work.first_at.astimezone(zone).date(),
        last_on=work.last_at.astimezone(zone).date(),
    )
