"""Workers are told of new work that their saved searches match: once a project, and outside quiet hours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.kernel.money import format_money
from canut.kernel.spans import span
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import address, as_read_by
from canut.people.queries import worker as known_worker
from canut.people.queries_notices import quiet_until
from canut.work.models import NewsTurn, NoticedProject, SavedSearch
from canut.work.models.searches import Pace
from canut.work.queries.feed import Card, feed_page
from canut.work.queries.feed_filters import filters_from
from canut.work.queries.searches import feed_asked, search_topic, told_of
from canut.work.rules_searches import (
    MOST_IN_A_MESSAGE,
    NOT_WORKING_AGAIN,
    may_tell_from,
    next_look,
)
from canut.work.states import FeedOrder

MOST_WORKERS_A_RUN = 200
KEPT_AFTER_CLOSING = timedelta(days=90)


@dataclass(slots=True)
class _News:
    """One project to tell of, and the searches that it came up in."""

    card: Card
    searches: list[SavedSearch] = field(default_factory=list)


def notice_new_work(*, at: datetime, most: int = MOST_WORKERS_A_RUN) -> int:
    """Look for each worker whose searches are due, those that wait longest first; return how many were told.

    Each worker is a transaction of their own, so one that fails holds up no other; what failed is raised
    at the end. Several may run at once: each worker is looked at by one of them.
    """
    due = SavedSearch.objects.filter(next_look_at__lte=at).order_by("next_look_at", "pk")
    workers = dict.fromkeys(due.values_list("worker_id", flat=True)[:most])
    told, failures = 0, []
    for worker_id in workers:
        try:
            told += tell_worker_of_news(worker_id=worker_id, at=at)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("some workers could not be told of new work", failures)
    return told


@transaction.atomic
def tell_worker_of_news(*, worker_id: int, at: datetime) -> bool:
    """Look at the searches of one worker that are due, and tell of what came up in one notice.

    What is told, and that it was told, is written in one transaction: nothing is lost or told twice if
    it breaks. What the feed would not show the worker now is not told: it is the same rule.
    """
    turns = NewsTurn.objects.select_for_update(no_key=True, skip_locked=True)
    turn = turns.filter(worker_id=worker_id).first()
    if turn is None:
        return False  # another run looks for this worker
    searches = list(SavedSearch.objects.filter(worker_id=worker_id, next_look_at__lte=at).order_by("pk"))
    if not searches:
        return False
    person = Person.objects.select_related("party").get(pk=worker_id)
    wait_until = _wait_until(person, turn, at=at)
    if wait_until > at:
        _look_again(searches, wait_until)
        return False
    found = _news(person, searches, at=at)
    if found:
        NoticedProject.objects.bulk_create(
            NoticedProject(worker=person, project_id=news.card.project_id, at=at) for news in found
        )
        with as_read_by(person):
            _tell(person, found, at=at)
        turn.told_at = at
        turn.save(update_fields=["told_at"])
    matched = {search.pk for news in found for search in news.searches}
    for search in searches:
        daily = search.pace == Pace.DAILY
        search.next_look_at = next_look(daily=daily, at=at, zone=person.time_zone, told=bool(found))
        search.told_at = at if search.pk in matched else search.told_at
        search.save(update_fields=["next_look_at", "told_at"])
    return bool(found)


def forget_old_news(*, at: datetime) -> int:
    """Forget the searches of closed accounts, and who was told of projects that closed long ago."""
    closed = SavedSearch.objects.filter(worker__is_active=False).delete()[0]
    closed += NewsTurn.objects.filter(worker__is_active=False).delete()[0]
    old = NoticedProject.objects.filter(project__closed_at__lt=at - KEPT_AFTER_CLOSING)
    return closed + old.delete()[0]


def _wait_until(person: Person, turn: NewsTurn, *, at: datetime) -> datetime:
    """Return when to look again if nothing can be told now; `at` if it can."""
    known = known_worker(person.pk)
    if known is None or not known.may_work or person.simulated:
        return at + NOT_WORKING_AGAIN
    return may_tell_from(at=at, told_at=turn.told_at, quiet_until=quiet_until(person, at=at))


def _look_again(searches: Sequence[SavedSearch], at: datetime) -> None:
    SavedSearch.objects.filter(pk__in=[search.pk for search in searches]).update(next_look_at=at)


def _news(person: Person, searches: Sequence[SavedSearch], *, at: datetime) -> list[_News]:
    """Return what the searches show that the worker was not told of and has not seen, newest first."""
    found: dict[int, _News] = {}
    for search in searches:
        page = feed_page(
            by=person,
            at=at,
            order=FeedOrder.NEWEST,
            most=MOST_IN_A_MESSAGE,
            filters=told_of(search),
            news_besides=search.open_before,
        )
        for card in page.cards:
            found.setdefault(card.project_id, _News(card)).searches.append(search)
    newest = sorted(found.values(), key=lambda news: (news.card.published_at, news.card.project_id))
    return newest[::-1][:MOST_IN_A_MESSAGE]


def _tell(person: Person, found: Sequence[_News], *, at: datetime) -> None:
    """Tell of it in one notice, which goes by every way that one of the searches asks for."""
    searches = {search.pk: search for news in found for search in news.searches}
    if len(found) == 1:
        path, first = f"/projects/{found[0].card.project_id}/", _facts(found[0].card)
    else:
        path, first = _feed_path(found), " · ".join(news.card.title for news in found)
    tell(
        person,
        NoticeKind.NEW_WORK,
        _headline(found),
        first,
        _("This opened to you since we last told you, and your saved searches match it: %(names)s.")
        % {"names": _named(searches.values())},
        *(_card_said(news.card) for news in found),
        _("Others see it too: it may be gone when you come."),
        _("Change or delete your saved searches: %(address)s") % {"address": address("/searches/")},
        path=path,
        at=at,
        topic=" ".join(search_topic(pk) for pk in sorted(searches)),
    )


def _headline(found: Sequence[_News]) -> str:
    if len(found) == 1:
        return _("New work: %(title)s") % {"title": found[0].card.title}
    said = ngettext("%(count)s new project for you", "%(count)s new projects for you", len(found))
    return said % {"count": len(found)}


def _card_said(card: Card) -> str:
    by = _("By %(name)s, simulated") if card.requester.simulated else _("By %(name)s")
    return "\n".join(
        [
            card.title,
            by % {"name": card.requester.screen_name},
            _facts(card),
            address(f"/projects/{card.project_id}/"),
        ]
    )


def _facts(card: Card) -> str:
    """Return what a worker needs to choose: pay, length, how many are left."""
    if card.is_volunteer:
        pay = _("volunteer work, unpaid")
    else:
        pay = _("%(amount)s an hour") % {"amount": format_money(card.hourly_minor, card.currency)}
    length = _("%(span)s a task") % {"span": span(card.expected_seconds)}
    if card.or_more:
        left = ngettext(
            "at least %(count)s task for you", "at least %(count)s tasks for you", card.places_left
        )
    else:
        left = ngettext("%(count)s task for you", "%(count)s tasks for you", card.places_left)
    return " · ".join([pay, length, left % {"count": card.places_left}])


def _feed_path(found: Sequence[_News]) -> str:
    """Return the feed as the search shows it that all of it came up in; the whole feed if there is none."""
    first, *others = ({search.pk for search in news.searches} for news in found)
    common = sorted(first.intersection(*others))
    search = next((each for each in found[0].searches if each.pk in common), None)
    asked = feed_asked(filters_from(search.filters)) if search else ""
    return f"/feed/?{asked}" if asked else "/feed/"


def _named(searches: Iterable[SavedSearch]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": search.name} for search in searches)
