"""Lists in pages: a cursor says after which row to go on, so that rows coming in shift nothing."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from django.utils.translation import gettext as _
from ninja import Query

from canut.api.refusals import CursorNotUsable

Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most, 1 to 200.")]
Cursor = Annotated[
    str | None,
    Query(
        max_length=400,
        description="Where to go on: `next_cursor` of the page before. Without it, from the beginning.",
    ),
]


def cursor_to(listing: str, place: int | str) -> str:
    """Return the opaque cursor that goes on after a place in a list: a row's id, or what its query gave."""
    return urlsafe_b64encode(json.dumps([listing, place]).encode()).decode().rstrip("=")


def after(cursor: str | None, listing: str) -> int | None:
    """Return the id of the row after which to go on, or None for the beginning.

    Raises:
        CursorNotUsable: the cursor is not of this list.
    """
    if cursor is None:
        return None
    match _read(cursor):
        case [name, int(row_id)] if name == listing and 0 <= row_id < 2**63 and row_id is not True:
            return row_id
    raise _not_usable()


def text_after(cursor: str | None, listing: str) -> str:
    """Return the place after which to go on, as its query gave it; empty for the beginning.

    Raises:
        CursorNotUsable: the cursor is not of this list.
    """
    if cursor is None:
        return ""
    match _read(cursor):
        case [name, str(place)] if name == listing:
            return place
    raise _not_usable()


def feed_place(order: str | None, filters: str, cursor: str | None) -> tuple[str | None, str]:
    """Return the order of the feed and the place in it to go on from; a cursor holds its order.

    `filters` is their mark (`feed_filters.mark_of`).

    Raises:
        CursorNotUsable: the cursor is not of the feed, or of the feed in another order or otherwise filtered.
    """
    if cursor is None:
        return order, ""
    match _read(cursor):
        case [name, str(place)] if name.startswith("feed-"):
            _feed, made_for, made_with = [*name.split("-"), ""][:3]
            if order in (None, made_for) and made_with == filters:
                return made_for, place
    raise _not_usable()


def feed_cursor(order: str, filters: str, place: str) -> str:
    """Return the cursor that `feed_place` reads."""
    return cursor_to(f"feed-{order}-{filters}", place)


def _read(cursor: str) -> tuple[str, Any]:
    try:
        found = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (Error, ValueError, RecursionError):
        found = None
    match found:
        case [str(listing), place]:
            return listing, place
        case _:
            raise _not_usable()


def _not_usable() -> CursorNotUsable:
    return CursorNotUsable(_("This cursor is not one of this list. Begin again without a cursor."))


def cut(
    rows: Sequence[Row], *, limit: int, listing: str, row_id: Callable[[Row], int]
) -> tuple[Sequence[Row], str | None]:
    """Return at most `limit` rows and the cursor to the next page; None if these were the last.

    `rows` is what a query gave when asked for one row more than the page holds.
    """
    shown = rows[:limit]
    return shown, cursor_to(listing, row_id(shown[-1])) if len(rows) > limit else None
