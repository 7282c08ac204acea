"""A worker keeps filters of the feed under a name, and may ask to be told of new work that they match."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.choose_notices import choose, forget_choice
from canut.work.access import news_turn, own_search, require_worker, searches_of
from canut.work.designs.values import storable
from canut.work.models import SavedSearch
from canut.work.models.searches import Notice, Pace
from canut.work.queries.feed import open_now
from canut.work.queries.feed_filters import Filters, as_json
from canut.work.queries.searches import notices_wanted, search_topic, told_of, ways_in
from canut.work.rules_searches import LONGEST_NAME, MOST_SEARCHES, next_look


class TooManySearches(Refusal):
    code = "too_many_searches"


class SearchNameTaken(Refusal):
    code = "search_name_taken"


@transaction.atomic
def save_search(
    *, by: Person, name: str, filters: Filters, notice: str, pace: str, at: datetime
) -> SavedSearch:
    """Keep a search of `by`. It concerns nobody else: no event.

    What is open to `by` already is not news: notices tell of what opens from now on, by the cascade too.
    Saving the same once more is safe: the second call returns the first's search.

    Raises:
        WorkerRoleMissing: `by` is no worker. BadInput: a name, a notice or a pace that cannot be.
        SearchNameTaken: another of `by`'s searches has the name. TooManySearches: there is no room.
    """
    require_worker(by)
    name = _ensure_fits(name=name, notice=notice, pace=pace)
    news_turn(by)
    kept = as_json(filters)
    named = searches_of(by).filter(name__iexact=name).first()
    if named is not None:
        told = notices_wanted([named], by=by)[named.pk]
        if (named.filters, told, named.pace) == (kept, notice, pace):
            return named
        raise _taken(name)
    if searches_of(by).count() >= MOST_SEARCHES:
        raise TooManySearches(
            _("You have %(count)s saved searches already. Delete one first.") % {"count": MOST_SEARCHES},
            most=MOST_SEARCHES,
        )
    search = SavedSearch(worker=by, name=name, filters=kept, pace=pace, created_at=at, changed_at=at)
    _begin_telling(search, Notice(notice), by=by, at=at)
    search.save()
    _keep_ways(search, Notice(notice), by=by)
    return search


@transaction.atomic
def change_search(
    *,
    search_id: int,
    by: Person,
    at: datetime,
    name: str | None = None,
    filters: Filters | None = None,
    notice: str | None = None,
    pace: str | None = None,
) -> SavedSearch:
    """Change what is given of one of `by`'s searches; the rest stays.

    With other filters, or where `by` was not told before, what is open by now is not news.

    Raises:
        WorkerRoleMissing, BadInput, SearchNameTaken: as `save_search`.
        SearchNotFound: there is none, or it is somebody else's.
    """
    require_worker(by)
    news_turn(by)
    search = own_search(search_id, by=by)
    told = notices_wanted([search], by=by)[search.pk]
    before = (search.filters, told != Notice.NONE)
    search.name = _ensure_fits(
        name=search.name if name is None else name,
        notice=told if notice is None else notice,
        pace=search.pace if pace is None else pace,
    )
    if searches_of(by).filter(name__iexact=search.name).exclude(pk=search.pk).exists():
        raise _taken(search.name)
    search.filters = search.filters if filters is None else as_json(filters)
    told = told if notice is None else Notice(notice)
    search.pace = search.pace if pace is None else pace
    if (search.filters, told != Notice.NONE) != before:
        _begin_telling(search, told, by=by, at=at)
    elif told != Notice.NONE:
        search.next_look_at = _first_look(search, by=by, at=at)
    search.changed_at = at
    search.save()
    if notice is not None:
        _keep_ways(search, told, by=by)
    return search


def _keep_ways(search: SavedSearch, notice: Notice, *, by: Person) -> None:
    """Keep by which ways `by` is told of what a search finds, beside their other choices of notices."""
    topic = search_topic(search.pk)
    if notice == Notice.NONE:
        forget_choice(by=by, kind=NoticeKind.NEW_WORK, topic=topic)
        return
    mail, push = ways_in(notice)
    choose(by=by, kind=NoticeKind.NEW_WORK, topic=topic, mail=mail, push=push)


def _begin_telling(search: SavedSearch, notice: Notice, *, by: Person, at: datetime) -> None:
    """Have a search tell of what opens from now on, or not tell at all."""
    if notice == Notice.NONE:
        search.open_before, search.next_look_at = [], None
        return
    search.open_before = open_now(by=by, at=at, filters=told_of(search))
    search.next_look_at = _first_look(search, by=by, at=at)


def _first_look(search: SavedSearch, *, by: Person, at: datetime) -> datetime:
    return next_look(daily=search.pace == Pace.DAILY, at=at, zone=by.time_zone)


def _ensure_fits(*, name: str, notice: str, pace: str) -> str:
    """Return the name as it is kept."""
    name = " ".join(name.split())
    errors = {}
    if not 1 <= len(name) <= LONGEST_NAME or not storable(name):
        errors["name"] = str(
            _("Give the search a name of at most %(count)s characters.") % {"count": LONGEST_NAME}
        )
    if notice not in Notice.values:
        errors["notice"] = str(_("Choose one of the ways to be told."))
    if pace not in Pace.values:
        errors["pace"] = str(_("Choose one of the two: at once, or once a day."))
    if errors:
        raise BadInput(_("The search cannot be saved like this. See each field."), errors=errors)
    return name


def _taken(name: str) -> SearchNameTaken:
    return SearchNameTaken(
        _("You have a saved search called “%(name)s” already. Choose another name.") % {"name": name}
    )
