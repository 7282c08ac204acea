"""Saved searches of a worker."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page
from canut.api.shapes.searches import SavedSearch, SearchChange, SearchIn, filters_sent, search_said
from canut.kernel.money import AmountRefused
from canut.people.models import Scope
from canut.work.access import WorkerRoleMissing
from canut.work.queries.searches import saved_search, saved_searches
from canut.work.refusals import SearchNotFound
from canut.work.usecases.drop_search import drop_search
from canut.work.usecases.save_search import SearchNameTaken, TooManySearches, change_search, save_search

doors = Doors("searches")

MINE = (WorkerRoleMissing, SearchNotFound)


@doors.get("/searches", scope=Scope.WORK, answers=Page[SavedSearch], refuses=(WorkerRoleMissing,))
def list_searches(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[SavedSearch]:
    """The caller's saved searches, the oldest first."""
    past = after(cursor, "searches") or 0
    lines = sorted(saved_searches(by=request.auth.by).lines, key=lambda search: search.id)
    rows = [search for search in lines if search.id > past]
    shown, following = cut(rows, limit=limit, listing="searches", row_id=lambda search: search.id)
    return Page[SavedSearch](items=[search_said(search) for search in shown], next_cursor=following)


@doors.get("/searches/{search_id}", scope=Scope.WORK, answers=SavedSearch, refuses=MINE)
def get_search(request: Asked, search_id: Id) -> SavedSearch:
    """One of the caller's saved searches."""
    return search_said(saved_search(search_id, by=request.auth.by))


@doors.post(
    "/searches",
    scope=Scope.WORK,
    answers=SavedSearch,
    status=201,
    refuses=(WorkerRoleMissing, SearchNameTaken, TooManySearches, AmountRefused),
)
def save_a_search(request: Asked, body: SearchIn) -> SavedSearch:
    """Save filters of the feed under a name, and perhaps be told of new work that they match.

    One is told once of each project, when it opens to one: not of what is open already. In one's quiet
    hours nothing is told; messages in a browser are set up in that browser.
    """
    search = save_search(
        by=request.auth.by,
        name=body.name,
        filters=filters_sent(body.filters),
        notice=body.notice,
        pace=body.pace,
        at=request.auth.at,
    )
    return search_said(saved_search(search.pk, by=request.auth.by))


@doors.patch(
    "/searches/{search_id}",
    scope=Scope.WORK,
    answers=SavedSearch,
    refuses=(*MINE, SearchNameTaken, AmountRefused),
)
def change_a_search(request: Asked, search_id: Id, body: SearchChange) -> SavedSearch:
    """Change what is sent of a saved search, and leave the rest.

    With other filters, or if notices were off before, what is open by now is not told of.
    """
    change_search(
        search_id=search_id,
        by=request.auth.by,
        at=request.auth.at,
        name=body.name,
        filters=None if body.filters is None else filters_sent(body.filters),
        notice=body.notice,
        pace=body.pace,
    )
    return search_said(saved_search(search_id, by=request.auth.by))


@doors.delete("/searches/{search_id}", scope=Scope.WORK, answers=None, status=204, refuses=MINE)
def delete_a_search(request: Asked, search_id: Id) -> None:
    """Delete a saved search for good."""
    drop_search(search_id=search_id, by=request.auth.by)
