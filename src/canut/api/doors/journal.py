"""The caller's own journal, and the portfolio made of it."""

from typing import Annotated

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page, Words
from canut.api.shapes.journal import EntryChange, EntryIn, EntryPlace, JournalEntry, Portfolio, entry_said
from canut.guilds.journal.access import EntryNotFound
from canut.guilds.journal.limits import LONGEST_SEARCH
from canut.guilds.journal.portfolio import as_data, portfolio_of
from canut.guilds.journal.queries import entry_seen, journal_page
from canut.guilds.journal.usecases.drop_entry import drop_entry
from canut.guilds.journal.usecases.place_entry import PortfolioIsFull, place_entry
from canut.guilds.journal.usecases.write_entry import (
    EntryChangedMeanwhile,
    JournalIsFull,
    change_entry,
    write_entry,
)
from canut.people.models import Scope

doors = Doors("journal")

SearchWords = Annotated[
    Words | None,
    Query(max_length=LONGEST_SEARCH, description="Only entries in which each of these words stands."),
]


@doors.get("/journal", scope=Scope.WORK, answers=Page[JournalEntry])
def list_journal(
    request: Asked, words: SearchWords = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[JournalEntry]:
    """The caller's journal, the last written first. Nobody else can read it."""
    page = journal_page(
        by=request.auth.by, words=words or "", before_id=after(cursor, "journal"), most=limit + 1
    )
    shown, following = cut(page.entries, limit=limit, listing="journal", row_id=lambda entry: entry.id)
    return Page[JournalEntry](items=[entry_said(entry) for entry in shown], next_cursor=following)


@doors.get("/journal/{entry_id}", scope=Scope.WORK, answers=JournalEntry, refuses=(EntryNotFound,))
def get_entry(request: Asked, entry_id: Id) -> JournalEntry:
    """One entry of the caller's journal."""
    return entry_said(entry_seen(entry_id, by=request.auth.by))


@doors.post("/journal", scope=Scope.WORK, answers=JournalEntry, status=201, refuses=(JournalIsFull,))
def write_an_entry(request: Asked, body: EntryIn) -> JournalEntry:
    """Write down something that was learnt. The same entry twice is one."""
    by = request.auth.by
    entry = write_entry(
        by=by,
        title=body.title,
        text=body.text,
        learnt_on=body.learnt_on,
        project_id=body.project_id,
        at=request.auth.at,
    )
    return entry_said(entry_seen(entry.pk, by=by))


@doors.patch(
    "/journal/{entry_id}",
    scope=Scope.WORK,
    answers=JournalEntry,
    refuses=(EntryNotFound, EntryChangedMeanwhile),
)
def change_an_entry(request: Asked, entry_id: Id, body: EntryChange) -> JournalEntry:
    """Change what is sent of an entry, and leave the rest."""
    change_entry(
        entry_id=entry_id,
        by=request.auth.by,
        at=request.auth.at,
        based_on=body.based_on,
        title=body.title,
        text=body.text,
        learnt_on=body.learnt_on,
        project_id=body.project_id if "project_id" in body.model_fields_set else "unchanged",
    )
    return entry_said(entry_seen(entry_id, by=request.auth.by))


@doors.put(
    "/journal/{entry_id}/position",
    scope=Scope.WORK,
    answers=JournalEntry,
    refuses=(EntryNotFound, PortfolioIsFull),
)
def place_an_entry(request: Asked, entry_id: Id, body: EntryPlace) -> JournalEntry:
    """Put an entry at a place of the portfolio, or take it out. The others move up or down."""
    place_entry(entry_id=entry_id, by=request.auth.by, position=body.position)
    return entry_said(entry_seen(entry_id, by=request.auth.by))


@doors.delete("/journal/{entry_id}", scope=Scope.WORK, answers=None, status=204, refuses=(EntryNotFound,))
def delete_an_entry(request: Asked, entry_id: Id) -> None:
    """Delete an entry for good, from the portfolio too."""
    drop_entry(entry_id=entry_id, by=request.auth.by)


@doors.get("/portfolio", scope=Scope.WORK, answers=Portfolio)
def get_portfolio(request: Asked) -> Portfolio:
    """The caller's portfolio: the entries they chose, their levels in guilds, their signed badges.

    It bears the name that they have kept for it, else their screen name. A badge that the site cannot
    sign now is left out.
    """
    made = portfolio_of(request.auth.by, at=request.auth.at, shapes=("json",))
    return Portfolio.model_validate(as_data(made))
