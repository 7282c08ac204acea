"""A worker's saved searches, as they see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.queries import chosen_by
from canut.people.queries_notices import browsers_of
from canut.work.access import own_search, require_worker, searches_of
from canut.work.models import SavedSearch
from canut.work.models.searches import Notice, Pace
from canut.work.queries.feed_filters import (
    ACCEPTED,
    ALL_RISKS,
    Filters,
    as_address,
    describe,
    filters_from,
)
from canut.work.rules_searches import MOST_SEARCHES

_NOTICES = {
    (False, False): Notice.SITE,
    (True, False): Notice.MAIL,
    (False, True): Notice.PUSH,
    (True, True): Notice.BOTH,
}
"""What the ways of a search that tells come to: by mail, and in browsers."""


@dataclass(frozen=True, slots=True)
class SearchSeen:
    """A saved search. `asked` is the part of the feed's address after the question mark.

    `is_unreached` tells that its messages would go to a browser, and none is set up: they stand on the site.
    """

    id: int
    name: str
    filters: Filters
    described: str
    asked: str
    notice: str
    notice_name: str
    pace: str
    pace_name: str
    created_at: datetime
    told_at: datetime | None
    is_unreached: bool

    @property
    def tells(self) -> bool:
        return self.notice != Notice.NONE


@dataclass(frozen=True, slots=True)
class Searches:
    """All of a worker's saved searches, and whether there is room for another."""

    lines: Sequence[SearchSeen]
    most: int

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= self.most


def saved_searches(*, by: Person) -> Searches:
    """Return `by`'s saved searches by name.

    Raises:
        WorkerRoleMissing: `by` is no worker.
    """
    require_worker(by)
    rows = sorted(searches_of(by), key=lambda row: (row.name.casefold(), row.pk))
    return Searches(_all_seen(rows, by=by), MOST_SEARCHES)


def saved_search(search_id: int, *, by: Person) -> SearchSeen:
    """Return one of `by`'s saved searches.

    Raises:
        WorkerRoleMissing: `by` is no worker. SearchNotFound: there is none, or it is somebody else's.
    """
    require_worker(by)
    return _all_seen([own_search(search_id, by=by)], by=by)[0]


def search_topic(search_id: int) -> str:
    """Return what a search is called among the topics of notices that somebody chooses."""
    return f"search:{search_id}"


def notices_wanted(searches: Sequence[SavedSearch], *, by: Person) -> Mapping[int, Notice]:
    """Return how `by` wants to be told of what each of their searches finds, by its number."""
    chosen, wanted = chosen_by(by.pk), {}
    for row in searches:
        ways = chosen.ways(NoticeKind.NEW_WORK, search_topic(row.pk))
        wanted[row.pk] = _NOTICES[ways.mail, ways.push] if row.next_look_at else Notice.NONE
    return wanted


def ways_in(notice: Notice) -> tuple[bool, bool]:
    """Return whether a notice goes by mail, and whether it goes to browsers."""
    return next((ways for ways, one in _NOTICES.items() if one == notice), (False, False))


def told_of(search: SavedSearch) -> Filters:
    """Return what a search's owner is told of: never of sensitive work that they have not accepted to see.

    The feed may show it to who asks for it; it could not be taken.
    """
    filters = filters_from(search.filters)
    return replace(filters, risks=ACCEPTED) if filters.risks == ALL_RISKS else filters


def feed_asked(filters: Filters) -> str:
    """Return filters as they stand in the feed's address after the question mark."""
    return urlencode(as_address(filters))


def _all_seen(rows: Sequence[SavedSearch], *, by: Person) -> list[SearchSeen]:
    unreached, wanted = not browsers_of(by.pk), notices_wanted(rows, by=by)
    return [_seen(row, wanted[row.pk], unreached=unreached) for row in rows]


def _seen(row: SavedSearch, notice: Notice, *, unreached: bool) -> SearchSeen:
    given: dict[str, Any] = row.filters
    filters = filters_from(given)
    return SearchSeen(
        id=row.pk,
        name=row.name,
        filters=filters,
        described=describe(filters),
        asked=feed_asked(filters),
        notice=notice.value,
        notice_name=str(notice.label),
        pace=row.pace,
        pace_name=str(Pace(row.pace).label),
        created_at=row.created_at,
        told_at=row.told_at,
        is_unreached=unreached and notice == Notice.PUSH,
    )
