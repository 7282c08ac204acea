"""Saved searches: one's own, few, and telling once of what opens afterwards, outside of quiet hours."""

import json
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.builders import NOON, a_project, a_requester, a_worker, taken
from tests.people.at_once import at_once
from tests.people.push_service import Reader, Service, a_push_service
from tests.told import told as told_of

from canut.jobs import tasks
from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.people.access import WorkerRoleMissing
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Choice, Notice
from canut.people.notices.token import Stop, stop_token
from canut.people.notices.usecases.choose_notices import stop
from canut.people.notices.usecases.push_to_browser import push_to_browser
from canut.people.notices.usecases.send_notices import send_notices
from canut.people.usecases.add_browser import add_browser
from canut.people.usecases.block_person import block_person
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.people.usecases.choose_roles import choose_roles
from canut.people.usecases.close_account import close_account
from canut.work.models import NewsTurn, NoticedProject, Project, SavedSearch
from canut.work.queries.feed import feed_page
from canut.work.queries.feed_filters import NO_FILTERS, Filters
from canut.work.queries.searches import saved_search, saved_searches
from canut.work.refusals import SearchNotFound
from canut.work.rules_searches import (
    LOOKS_EVERY,
    MESSAGES_APART,
    MOST_IN_A_MESSAGE,
    MOST_SEARCHES,
    NOT_WORKING_AGAIN,
)
from canut.work.usecases import notice_new_work as noticing
from canut.work.usecases.accept_risks import accept_risks
from canut.work.usecases.close_project import close_project
from canut.work.usecases.drop_search import drop_search
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.notice_new_work import forget_old_news, notice_new_work
from canut.work.usecases.save_search import (
    SearchNameTaken,
    TooManySearches,
    change_search,
    save_search,
)
from canut.work.usecases.take_task import take_task

LATER = NOON + LOOKS_EVERY
SECOND = timedelta(seconds=1)


def a_search(worker: Person, name: str = "All", **details: Any) -> SavedSearch:
    given = {"filters": NO_FILTERS, "notice": "mail", "pace": "at_once", "at": NOON}
    return save_search(by=worker, name=name, **{**given, **details})


def open_to_all(owner: Person, **details: Any) -> Project:
    """Return a live project that is open to everybody at once."""
    details.setdefault("at", NOON + SECOND)
    return a_project(owner=owner, cascade_policy="open", **details)


def notices() -> list[Notice]:
    """Return what workers were told of new work, oldest first."""
    return told_of(kind=NoticeKind.NEW_WORK)


def told() -> list[list[int]]:
    """Return the projects of each notice, in its order."""
    return [[int(pk) for pk in re.findall(r"/projects/(\d+)/", one.text)] for one in notices()]


def ways() -> list[tuple[str, str]]:
    """Return how each notice goes: by mail, and to browsers."""
    return [(one.mail, one.push) for one in notices()]


def run_jobs(at: datetime) -> None:
    """Send what waits: mails, and messages to browsers."""
    for person_id in Notice.objects.values_list("person_id", flat=True).distinct():
        send_notices(person_id=person_id, at=at)
    for job in ProcrastinateJob.objects.filter(task_name="notices.push").order_by("id"):
        push_to_browser(**job.args, at=at)


# --- Saving, changing, deleting ---------------------------------------------------------------------


def test_a_search_is_kept_with_its_filters_in_words(worker):
    search = a_search(worker, "  Quick   and fine ", filters=Filters(least_hourly_minor=1200, kind="paid"))
    seen = saved_search(search.pk, by=worker)
    assert seen.name == "Quick and fine"
    assert seen.described == "paid work, at least €12.00 an hour"
    assert sorted(seen.asked.split("&")) == ["kind=paid", "least_hourly=12.00"]
    assert (seen.notice, seen.pace, seen.told_at) == ("mail", "at_once", None)


def test_saving_the_same_twice_keeps_one(worker):
    assert a_search(worker).pk == a_search(worker).pk
    assert len(saved_searches(by=worker).lines) == 1


def test_a_name_is_used_once_whatever_the_capitals(worker, peer):
    first = a_search(worker, "Cats")
    with pytest.raises(SearchNameTaken):
        a_search(worker, "CATS", notice="none")
    second = a_search(worker, "Dogs")
    with pytest.raises(SearchNameTaken):
        change_search(search_id=second.pk, by=worker, name="cats", at=NOON)
    assert change_search(search_id=first.pk, by=worker, name="CATS", at=NOON).name == "CATS"
    a_search(peer, "Cats")


def test_there_is_room_for_so_many_searches(worker):
    for number in range(MOST_SEARCHES):
        a_search(worker, f"Search {number}", notice="none")
    with pytest.raises(TooManySearches):
        a_search(worker, "One more")
    assert saved_searches(by=worker).is_full


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"name": "x" * 61}, {"name": "a\0b"}, {"notice": "fax"}, {"pace": "never"}]
)
def test_what_cannot_be_kept_is_refused_by_the_field(worker, wrong):
    (field,) = wrong
    with pytest.raises(BadInput) as refused:
        a_search(worker, **{"name": "All", **wrong})
    assert list(refused.value.facts["errors"]) == [field]
    search = a_search(worker)
    with pytest.raises(BadInput):
        change_search(search_id=search.pk, by=worker, at=NOON, **wrong)


def test_a_search_is_its_owners_alone(worker, stranger):
    search = a_search(worker)
    with pytest.raises(SearchNotFound):
        saved_search(search.pk, by=stranger)
    with pytest.raises(SearchNotFound):
        change_search(search_id=search.pk, by=stranger, name="Mine", at=NOON)
    with pytest.raises(SearchNotFound):
        drop_search(search_id=search.pk, by=stranger)
    assert saved_searches(by=stranger).lines == []


def test_only_workers_have_searches(requester):
    for refused in (
        lambda: a_search(requester),
        lambda: saved_searches(by=requester),
        lambda: saved_search(1, by=requester),
        lambda: change_search(search_id=1, by=requester, at=NOON),
        lambda: drop_search(search_id=1, by=requester),
    ):
        with pytest.raises(WorkerRoleMissing):
            refused()


def test_a_deleted_search_is_gone_and_its_name_free(worker):
    search = a_search(worker, "Cats")
    assert drop_search(search_id=search.pk, by=worker) == "Cats"
    with pytest.raises(SearchNotFound):
        drop_search(search_id=search.pk, by=worker)
    a_search(worker, "Cats")


@pytest.mark.usefixtures("committed")
def test_saved_from_two_windows_at_once_there_is_one():
    worker = a_worker("one")
    kept = at_once(lambda _case: a_search(worker).pk, 1, 2, 3)
    assert len(set(kept)) == 1


@pytest.mark.usefixtures("committed")
def test_the_last_room_is_given_once():
    worker = a_worker("one")
    for number in range(MOST_SEARCHES - 1):
        a_search(worker, f"Search {number}", notice="none")

    def saved(name: str) -> bool:
        try:
            return bool(a_search(worker, name, notice="none"))
        except TooManySearches:
            return False

    assert sorted(at_once(saved, "a", "b", "c")) == [False, False, True]


# --- What is news -----------------------------------------------------------------------------------


def test_what_was_open_before_is_not_news_and_what_opens_later_is_told_once(requester, worker):
    open_to_all(requester, at=NOON - SECOND)
    search = a_search(worker)
    new = open_to_all(requester, title="Cats", reward_minor=60, expected_seconds=120)
    assert notice_new_work(at=LATER) == 1
    assert told() == [[new.pk]]
    (notice,) = notices()
    assert (notice.person_id, notice.subject, notice.mail) == (worker.pk, "New work: Cats", "wanted")
    assert (notice.path, notice.topic) == (f"/projects/{new.pk}/", f"search:{search.pk}")
    for words in ("By Requester", "€18.00 an hour · 2\u00a0min a task · 3 tasks for you", "“All”"):
        assert words in notice.text
    search.refresh_from_db()
    assert search.told_at == LATER
    for hours in range(1, 50):
        notice_new_work(at=LATER + timedelta(hours=hours))
    assert told() == [[new.pk]]


def test_what_is_told_can_be_taken(requester, worker):
    a_search(worker)
    project = open_to_all(requester)
    notice_new_work(at=LATER)
    assert told() == [[project.pk]]
    assert take_task(by=worker, project_id=project.pk, at=LATER).project_id == project.pk


def test_nothing_is_due_before_its_time(requester, worker):
    a_search(worker)
    open_to_all(requester)
    assert notice_new_work(at=LATER - SECOND) == 0
    assert notice_new_work(at=LATER) == 1


def test_only_what_the_filters_let_through_is_told(requester, worker):
    a_search(worker, filters=Filters(least_hourly_minor=2000))
    open_to_all(requester, reward_minor=60)
    dear = open_to_all(requester, reward_minor=90)
    notice_new_work(at=LATER)
    assert told() == [[dear.pk]]


def test_what_one_has_looked_at_or_worked_on_is_not_news(requester, worker):
    a_search(worker)
    looked_at, worked_on = open_to_all(requester), open_to_all(requester)
    note_opening(project_id=looked_at.pk, by=worker, at=NOON + SECOND)
    assignment = taken(worker=worker, project=worked_on, at=NOON + SECOND)
    give_back_task(assignment_id=assignment.pk, by=worker, at=NOON + 2 * SECOND)
    assert {card.project_id for card in feed_page(by=worker, at=LATER).cards} == {looked_at.pk, worked_on.pk}
    assert notice_new_work(at=LATER) == 0


def test_two_searches_that_match_tell_of_a_project_once_in_one_notice(requester, worker):
    a_search(worker, "All")
    a_search(worker, "Paid", filters=Filters(kind="paid"))
    paid, free = open_to_all(requester), open_to_all(requester, kind="volunteer")
    notice_new_work(at=LATER)
    assert [sorted(ids) for ids in told()] == [[paid.pk, free.pk]]
    assert "“All”, “Paid”" in notices()[0].text
    assert (notices()[0].subject, notices()[0].path) == ("2 new projects for you", "/feed/")
    # And a search saved later, which matches them too, says nothing of them
    a_search(worker, "Anything", at=LATER)
    notice_new_work(at=LATER + timedelta(hours=1))
    assert len(told()) == 1


def test_work_that_the_cascade_opens_later_is_told_of_when_it_does(requester, worker):
    project = a_project(owner=requester, cascade_policy="ladder", at=NOON - timedelta(minutes=1))
    rows = Project.objects.filter(pk=project.pk)
    rows.update(threshold="3.00", cascade_next_at=LATER)  # as if somebody stood so high
    a_search(worker)
    notice_new_work(at=LATER)
    assert told() == []
    rows.update(threshold="1.99")
    notice_new_work(at=LATER + LOOKS_EVERY)
    assert told() == [[project.pk]]


def test_what_the_feed_does_not_show_is_not_told(requester, worker):
    a_search(worker)
    blocking = a_requester("blocking")
    block_person(person_id=worker.pk, by=blocking, reason="", at=NOON)
    open_to_all(blocking)
    open_to_all(requester, allowed_only=True)
    open_to_all(requester, risks=["violence"])
    closed = open_to_all(requester)
    close_project(project_id=closed.pk, by=requester, at=NOON + SECOND)
    assert notice_new_work(at=LATER) == 0
    assert not NoticedProject.objects.exists()


def test_sensitive_work_is_told_of_once_it_is_accepted_whatever_the_feed_shows(requester, worker):
    filters = Filters(risks="all")
    a_search(worker, filters=filters)
    project = open_to_all(requester, risks=["violence"], reward_minor=90)
    assert [card.project_id for card in feed_page(by=worker, at=LATER, filters=filters).cards] == [project.pk]
    assert notice_new_work(at=LATER) == 0
    accept_risks(by=worker, risks=["violence"], at=LATER)
    assert notice_new_work(at=LATER + LOOKS_EVERY) == 1


def test_other_filters_begin_anew(requester, worker):
    search = a_search(worker, filters=Filters(kind="volunteer"))
    open_to_all(requester)
    change_search(search_id=search.pk, by=worker, filters=NO_FILTERS, at=NOON + 2 * SECOND)
    notice_new_work(at=LATER + LOOKS_EVERY)
    assert told() == []
    change_search(search_id=search.pk, by=worker, name="Another name", at=NOON + 3 * SECOND)
    later = open_to_all(requester, at=NOON + 3 * SECOND)
    notice_new_work(at=LATER + LOOKS_EVERY)
    assert told() == [[later.pk]]


def test_what_opened_while_one_did_not_want_to_be_told_is_not_news(requester, worker):
    search = a_search(worker, notice="none")
    open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    change_search(search_id=search.pk, by=worker, notice="mail", at=LATER)
    assert notice_new_work(at=LATER + LOOKS_EVERY) == 0


def test_who_has_their_hands_full_is_told_when_they_can_take_more(requester, worker):
    a_search(worker)
    holding = [
        taken(worker=worker, project=open_to_all(requester, at=NOON), at=NOON + SECOND) for _each in range(8)
    ]
    new = open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    give_back_task(assignment_id=holding[0].pk, by=worker, at=LATER)
    notice_new_work(at=LATER + LOOKS_EVERY)
    assert told() == [[new.pk]]


def test_more_than_fits_into_a_message_comes_with_the_next(requester, worker):
    a_search(worker)
    every = [
        open_to_all(requester, rows=1, at=NOON + (n + 1) * SECOND).pk for n in range(MOST_IN_A_MESSAGE + 3)
    ]
    notice_new_work(at=LATER)
    notice_new_work(at=LATER + MESSAGES_APART)
    assert told() == [every[:2:-1], every[2::-1]]


# --- When -------------------------------------------------------------------------------------------


def test_messages_are_so_far_apart(requester, worker):
    a_search(worker)
    a_search(worker, "Also", filters=Filters(kind="paid"))
    open_to_all(requester)
    notice_new_work(at=LATER)
    second = open_to_all(requester, at=LATER)
    SavedSearch.objects.update(next_look_at=LATER)
    assert notice_new_work(at=LATER + MESSAGES_APART - SECOND) == 0
    assert notice_new_work(at=LATER + MESSAGES_APART) == 1
    assert told()[1:] == [[second.pk]]


def test_a_daily_search_is_told_of_in_the_morning_of_its_owners_zone(requester):
    worker = a_worker("early", time_zone="Europe/Paris")
    search = a_search(worker, pace="daily")
    new = open_to_all(requester)
    morning = NOON.replace(day=21, hour=7, minute=0)  # 8 o'clock in Paris
    assert search.next_look_at == morning
    assert notice_new_work(at=morning - SECOND) == 0
    assert notice_new_work(at=morning) == 1
    assert told() == [[new.pk]]
    search.refresh_from_db()
    assert search.next_look_at == morning + timedelta(days=1)


def test_in_quiet_hours_nothing_is_told_and_afterwards_all_of_it_at_once(requester, worker):
    choose_quiet_hours(by=worker, starts=time(11), ends=time(14))
    a_search(worker)
    first = open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    second = open_to_all(requester, at=NOON + timedelta(minutes=90))
    end = NOON + timedelta(hours=2)
    assert SavedSearch.objects.get().next_look_at == end
    assert notice_new_work(at=end - SECOND) == 0
    assert notice_new_work(at=end) == 1
    assert told() == [[second.pk, first.pk]]


# --- To whom ----------------------------------------------------------------------------------------


def test_who_works_no_more_is_told_nothing_until_they_do_again(requester, worker):
    a_search(worker)
    choose_roles(by=worker, worker=False, requester=False, at=NOON)
    new = open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    worker.refresh_from_db()
    choose_roles(by=worker, worker=True, requester=False, at=LATER)
    assert notice_new_work(at=LATER + timedelta(days=1)) == 1
    assert told() == [[new.pk]]


def test_a_closed_account_is_told_nothing_and_its_searches_go(requester, worker):
    a_search(worker)
    close_account(by=worker, what_is_open=lambda _party: [], at=NOON)
    open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    forget_old_news(at=LATER)
    assert not SavedSearch.objects.exists()
    assert not NewsTurn.objects.exists()


def test_nobody_is_behind_a_simulated_worker(requester):
    simulated = a_worker("agent", simulated=True)
    a_search(simulated, notice="both")
    open_to_all(requester)
    assert notice_new_work(at=LATER) == 0
    assert SavedSearch.objects.get().next_look_at == LATER + NOT_WORKING_AGAIN
    assert not NoticedProject.objects.exists()


def test_what_was_told_long_ago_of_closed_projects_is_forgotten(requester, worker):
    a_search(worker)
    project = open_to_all(requester)
    notice_new_work(at=LATER)
    close_project(project_id=project.pk, by=requester, at=LATER)
    assert forget_old_news(at=LATER + timedelta(days=89)) == 0
    assert forget_old_news(at=LATER + timedelta(days=91)) == 1


# --- In browsers ------------------------------------------------------------------------------------


@pytest.fixture
def service() -> Iterator[Service]:
    with a_push_service() as running:
        yield running


def with_browser(worker: Person, service: Service) -> Reader:
    reader = Reader()
    add_browser(
        by=worker,
        endpoint=f"{service.address}/{worker.pk}",
        public_key=reader.public_key,
        shared_key=reader.shared_key,
        browser="Firefox",
        at=NOON,
    )
    return reader


def test_a_message_in_the_browser_says_what_it_is_and_where(requester, worker, service):
    reader = with_browser(worker, service)
    a_search(worker, notice="push")
    project = open_to_all(requester, title="Cats")
    assert notice_new_work(at=LATER) == 1
    assert ways() == [("not_wanted", "wanted")]
    run_jobs(at=LATER)
    shown = json.loads(reader.read(service.came[0][2]))
    assert shown["title"] == "New work: Cats"
    assert shown["path"] == f"/projects/{project.pk}/"
    assert "€18.00 an hour" in shown["body"]


def test_both_ways_are_one_telling(requester, worker, service):
    with_browser(worker, service)
    a_search(worker, notice="both")
    for _each in range(2):
        open_to_all(requester)
    notice_new_work(at=LATER)
    assert ways() == [("wanted", "wanted")]
    assert NoticedProject.objects.count() == 2


def test_two_searches_by_different_ways_are_told_by_both(requester, worker, service):
    with_browser(worker, service)
    a_search(worker, "By mail", notice="mail")
    a_search(worker, "In the browser", notice="push", filters=Filters(kind="paid"))
    paid, free = open_to_all(requester), open_to_all(requester, kind="volunteer")
    notice_new_work(at=LATER)
    assert [sorted(ids) for ids in told()] == [[paid.pk, free.pk]]
    assert ways() == [("wanted", "wanted")]


@pytest.mark.parametrize("notice", ["push", "site"])
def test_without_mail_or_browser_it_stands_on_the_site(requester, worker, service, notice):
    search = a_search(worker, notice=notice)
    new = open_to_all(requester)
    assert saved_search(search.pk, by=worker).is_unreached == (notice == "push")
    assert notice_new_work(at=LATER) == 1
    assert (told(), ways()) == ([[new.pk]], [("not_wanted", "not_wanted")])
    with_browser(worker, service)
    assert not saved_search(search.pk, by=worker).is_unreached


# --- Stopping ---------------------------------------------------------------------------------------


def test_one_click_stops_the_mails_and_leaves_the_rest(requester, worker, peer, service):
    with_browser(worker, service)
    search = a_search(worker, "Mail")
    a_search(worker, "Both", notice="both")
    a_search(peer)
    for _click in range(2):
        stop(token=stop_token(Stop(worker.pk, NoticeKind.NEW_WORK)), at=NOON)
    assert [line.notice for line in saved_searches(by=worker).lines] == ["push", "site"]
    open_to_all(requester)
    notice_new_work(at=LATER)
    assert {one.person_id: (one.mail, one.push) for one in notices()} == {
        worker.pk: ("not_wanted", "wanted"),
        peer.pk: ("wanted", "not_wanted"),
    }
    # On the search's own page they come back, and another name for it changes nothing of that
    change_search(search_id=search.pk, by=worker, notice="mail", at=LATER)
    change_search(search_id=search.pk, by=worker, name="Again", at=LATER)
    assert [line.notice for line in saved_searches(by=worker).lines] == ["mail", "push"]
    drop_search(search_id=search.pk, by=worker)
    assert not Choice.objects.filter(person=worker, topic=f"search:{search.pk}").exists()


# --- Once, whatever happens -------------------------------------------------------------------------


def test_a_crash_between_message_and_mark_neither_repeats_nor_loses(requester, worker, monkeypatch):
    class Crash(Exception):
        pass

    a_search(worker)
    new = open_to_all(requester)
    said = noticing._tell

    def and_crash(*arguments: Any, **more: Any) -> None:
        said(*arguments, **more)
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(noticing, "_tell", and_crash)
        with pytest.raises(ExceptionGroup):
            notice_new_work(at=LATER)
    assert (told(), NoticedProject.objects.count()) == ([], 0)
    assert notice_new_work(at=LATER) == 1
    assert told() == [[new.pk]]


def test_one_who_cannot_be_told_holds_up_nobody(requester, worker, peer, monkeypatch):
    a_search(worker)
    a_search(peer)
    open_to_all(requester)
    look = noticing._news

    def for_others(person: Person, *arguments: Any, **more: Any) -> Any:
        if person.pk == worker.pk:
            raise RuntimeError("broken for this one")
        return look(person, *arguments, **more)

    monkeypatch.setattr(noticing, "_news", for_others)
    with pytest.raises(ExceptionGroup):
        notice_new_work(at=LATER)
    assert [one.person_id for one in notices()] == [peer.pk]


def test_those_who_wait_longest_come_first(requester):
    workers = [a_worker() for _each in range(3)]
    for delay, worker in zip((2, 0, 1), workers, strict=True):
        a_search(worker, at=NOON + delay * SECOND)
    open_to_all(requester, at=NOON + 3 * SECOND)
    assert notice_new_work(at=LATER + timedelta(minutes=1), most=2) == 2
    assert [one.person_id for one in notices()] == [workers[1].pk, workers[2].pk]


@pytest.mark.usefixtures("committed")
def test_two_runs_at_once_tell_each_worker_once():
    requester = a_requester("requester")
    workers = [a_worker(f"worker{n}") for n in range(6)]
    for worker in workers:
        a_search(worker)
        a_search(worker, "Paid", filters=Filters(kind="paid"))
    project = open_to_all(requester)
    at_once(lambda _case: notice_new_work(at=LATER), 1, 2, 3)
    assert sorted(one.person_id for one in notices()) == sorted(worker.pk for worker in workers)
    assert NoticedProject.objects.filter(project=project).count() == len(workers)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("end", ["drop", "change"])
def test_ending_notices_while_a_run_looks_is_one_after_the_other(end):
    requester, worker = a_requester("requester"), a_worker("one")
    for number in range(3):
        search = a_search(worker, f"Search {number}", at=NOON + number * SECOND)
    open_to_all(requester)
    ends = {
        "drop": lambda: drop_search(search_id=search.pk, by=worker),
        "change": lambda: change_search(search_id=search.pk, by=worker, notice="none", at=LATER),
    }
    at_once(lambda do: do(), lambda: notice_new_work(at=LATER), ends[end], lambda: notice_new_work(at=LATER))
    notice_new_work(at=LATER)
    assert len(notices()) == NoticedProject.objects.count() == 1
    assert [line.notice for line in saved_searches(by=worker).lines].count("mail") == 2


def test_mails_are_in_the_language_of_their_reader(requester):
    worker = a_worker("lyon", locale="fr", time_zone="Europe/Paris")
    a_search(worker)
    open_to_all(requester, reward_minor=60)
    notice_new_work(at=LATER)
    assert "18,00\u00a0€" in notices()[0].text


def test_the_sweep_sends_the_mail_with_one_click_to_end_it(requester, worker):
    at = clock.now()
    a_search(worker, at=at - LOOKS_EVERY)
    open_to_all(requester, title="Cats", at=at)
    tasks.tell_of_new_work(at)
    run_jobs(at=clock.now())
    (sent,) = mail.outbox
    assert sent.subject == "New work: Cats"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
