"""The feed: the same rule as the claim, its orders and pages, what a card says, and its speed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker, limits, taken
from tests.stories import examples
from tests.work.breaking import columns_of
from tests.work.by_the_hour import an_hourly_project
from tests.work.rounds import fill_round
from tests.work.test_admission import CAP, CIRCUMSTANCES, _arranged

from canut.charter.queries import in_force
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.unlist_person import unlist_person
from canut.reputation.usecases.update_records import update_records
from canut.work.access import WorkerRoleMissing
from canut.work.hot.statements import claim
from canut.work.models import Project, WorkerChoice, WorkSession
from canut.work.queries.admission import asking
from canut.work.queries.feed import FeedPage, feed_page, places_left, project_page
from canut.work.queries.feed_filters import Filters
from canut.work.refusals import ProjectNotFound
from canut.work.rules import may_take
from canut.work.states import FeedOrder
from canut.work.usecases.accept_risks import accept_risks, choose_risks
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.choose_feed_order import choose_feed_order

pytestmark = pytest.mark.django_db


def ids(page: FeedPage) -> list[int]:
    return [card.project_id for card in page.cards]


def walked(by: Person, most: int, **asked: object) -> list[int]:
    """Return the ids of the whole feed, page by page."""
    found, cursor = [], ""
    while True:
        page = feed_page(by=by, at=NOON, cursor=cursor, most=most, **asked)  # type: ignore[arg-type]
        found += ids(page)
        cursor = page.next_cursor
        if not cursor:
            return found


# --- One rule -----------------------------------------------------------------------------------


@settings(max_examples=examples(9, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(now=CIRCUMSTANCES, has_done_all=st.sampled_from([False, False, True]))
def test_the_feed_shows_a_project_exactly_if_the_claim_would_give_a_task_of_it_at_most_after_a_session_opens(
    db: None,
    monkeypatch: pytest.MonkeyPatch,
    now: dict,
    has_done_all: bool,  # type: ignore[type-arg]
) -> None:
    with transaction.atomic(), monkeypatch.context() as patch:
        worker, project = _arranged({**now, "threshold": None})  # cascades: test_feed_cascade.py
        if has_done_all:
            _do_everything(worker, project)
        for module in ("feed", "admission"):
            patch.setattr(f"canut.work.queries.{module}.in_force", _with_cap)
        try:
            shown = project.pk in ids(feed_page(by=worker, at=NOON))
        except WorkerRoleMissing:
            shown = False
        offered = _is_offered(project, worker)
        facts = replace(asking(worker_id=worker.pk, project_id=project.pk, at=NOON), cap_in_hand=CAP)
        lacks_only_a_session = facts.session_missing and may_take(facts) == "no_session_open"
        if lacks_only_a_session:
            lacks_only_a_session = (
                may_take(replace(facts, session_missing=False)) is None
                and places_left(project_id=project.pk, worker_id=worker.pk, at=NOON)[0] > 0
            )
        claimed = claim(worker_id=worker.pk, project_id=project.pk, task_id=None, at=NOON, limits=limits(CAP))
        rests = WorkSession.objects.filter(worker=worker, closed_at__isnull=True).exists()
        transaction.set_rollback(True)
    assert shown == (claimed is not None or lacks_only_a_session)
    assert offered == (shown and not (lacks_only_a_session and rests))


def _with_cap(name: str, *, at: datetime) -> object:
    """Return what the charter says, with another cap of tasks in hand."""
    return CAP if name == "work.cap_in_hand" else in_force(name, at=at)


def _is_offered(project: Project, worker: Person) -> bool:
    """Tell whether the project's own page has the button that takes a task."""
    try:
        page = project_page(project.pk, by=worker, at=NOON)
    except ProjectNotFound:
        return False
    return not (page.is_own or page.why_not or page.in_hand_id)


def _do_everything(worker: Person, project: Project) -> None:
    """Let the worker have handed in every task of the project that they do not hold."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            """INSERT INTO work_assignment (project_id, revision_id, task_id, place_number, worker_id, state,
                   attempt, seed, reward_minor, taken_at, lease_until, submitted_at, place_released)
               SELECT t.project_id, t.revision_id, t.id, 9, %(worker)s, 'submitted', 1, 1, 60,
                      %(at)s, %(at)s + interval '1 hour', %(at)s, false
               FROM work_task t WHERE t.project_id = %(project)s AND NOT EXISTS (
                   SELECT FROM work_assignment a WHERE a.task_id = t.id AND a.worker_id = %(worker)s)""",
            {"worker": worker.pk, "at": NOON, "project": project.pk},
        )
        cursor.execute("SET LOCAL session_replication_role = origin")


NOTHING_IN_THE_WAY = {
    "state": "live",
    "deadline_in": None,
    "worker_role": True,
    "active": True,
    "terms": True,
    "owns": False,
    "listed": None,
    "allowed_only": False,
    "holds_here": False,
    "elsewhere": 0,
    "risks": [],
    "accepted": [],
    "by_the_hour": False,
    "session": None,
    "round_most": None,
    "done_in_round": 0,
    "threshold": None,
}


@pytest.mark.parametrize(
    ("deviation", "is_shown"),
    [
        ({}, True),
        ({"deadline_in": 60}, True),
        ({"elsewhere": CAP - 1}, True),
        ({"allowed_only": True, "listed": "allow"}, True),
        ({"state": "draft"}, False),
        ({"state": "paused"}, False),
        ({"state": "closed"}, False),
        ({"deadline_in": 0}, False),
        ({"active": False}, False),
        ({"terms": False}, False),
        ({"owns": True}, False),
        ({"listed": "block"}, False),
        ({"allowed_only": True}, False),
        ({"allowed_only": True, "listed": "block"}, False),
        ({"holds_here": True}, False),
        ({"elsewhere": CAP}, False),
        ({"risks": ["hate"]}, False),
        ({"risks": ["hate", "violence"], "accepted": ["hate"]}, False),
        ({"risks": ["hate"], "accepted": ["violence", "hate", "abuse"]}, True),
        ({"by_the_hour": True, "session": "running"}, True),
        ({"round_most": 2, "done_in_round": 1}, True),
        ({"asked": [("guild", "at_least", 2, 2), ("qualification", "more_than", 9, 10)]}, True),
        ({"asked": [("qualification", "missing", None, None)]}, True),
        ({"asked": [("guild", "at_least", 2, 1)]}, False),
        ({"asked": [("guild", "at_least", 2, None)]}, False),
        ({"asked": [("guild", "at_least", 2, 3), ("qualification", "more_than", 10, 10)]}, False),
        ({"round_most": 1, "done_in_round": 1}, False),
    ],
)
def test_each_single_thing_that_keeps_somebody_out_keeps_a_project_out_of_their_feed(
    monkeypatch, deviation, is_shown
):
    worker, project = _arranged(NOTHING_IN_THE_WAY | deviation)
    monkeypatch.setattr("canut.work.queries.feed.in_force", _with_cap)
    assert (project.pk in ids(feed_page(by=worker, at=NOON))) == is_shown
    claimed = claim(worker_id=worker.pk, project_id=project.pk, task_id=None, at=NOON, limits=limits(CAP))
    assert (claimed is not None) == is_shown


def test_a_project_of_which_one_holds_a_task_leaves_the_feed_until_that_is_handed_in(requester, worker):
    project = a_project(owner=requester, rows=2)
    taken(worker=worker, project=project)
    assert ids(feed_page(by=worker, at=NOON)) == []
    assert project_page(project.pk, by=worker, at=NOON).in_hand_id is not None
    a_submission(worker=worker, project=project)
    assert ids(feed_page(by=worker, at=NOON)) == [project.pk]


def test_a_feed_that_offers_nothing_because_of_the_worker_says_why(requester, worker):
    for _each in range(8):
        taken(worker=worker, project=a_project(owner=requester, rows=1))
    a_project(owner=requester)
    page = feed_page(by=worker, at=NOON)
    assert page.cards == ()
    assert "as many tasks in hand as one can" in page.why_none


def test_a_block_and_its_end_take_effect_at_once(requester, worker):
    project = a_project(owner=requester)
    block_person(person_id=worker.pk, by=requester, told="Twelve answers in one second.", at=NOON)
    assert ids(feed_page(by=worker, at=NOON)) == []
    assert project_page(project.pk, by=worker, at=NOON).told == "Twelve answers in one second."
    unlist_person(person_id=worker.pk, by=requester, at=NOON)
    assert ids(feed_page(by=worker, at=NOON)) == [project.pk]
    assert project_page(project.pk, by=worker, at=NOON).told is None


def test_sensitive_work_is_hidden_until_it_is_asked_for_and_priced_with_its_breaks(requester, worker):
    project = a_project(owner=requester, risks=["hate"], expected_seconds=120, reward_minor=72)
    assert ids(feed_page(by=worker, at=NOON)) == []
    (card,) = feed_page(by=worker, at=NOON, filters=Filters(risks="all")).cards
    assert (card.risk_names, card.break_seconds) == (["hatred or harassment"], 24)
    assert card.hourly_minor == 1800
    page = project_page(project.pk, by=worker, at=NOON)
    assert not page.accepts_risks
    assert "sensitive content" in page.why_not
    accept_risks(by=worker, risks=["hate"], at=NOON)
    assert ids(feed_page(by=worker, at=NOON)) == [project.pk]
    choose_risks(by=worker, risks=[], at=NOON)
    assert ids(feed_page(by=worker, at=NOON)) == []


def test_work_by_the_hour_is_sorted_by_what_an_hour_pays(requester, worker):
    slow = a_project(owner=requester, expected_seconds=120, reward_minor=60)  # 18.00 an hour
    hourly = an_hourly_project(owner=requester, hourly_minor=1700)
    best = an_hourly_project(owner=requester, hourly_minor=1900)
    assert ids(feed_page(by=worker, at=NOON, order="pay")) == [best.pk, slow.pk, hourly.pk]
    page = project_page(hourly.pk, by=worker, at=NOON)
    assert page.needs_session
    assert (page.session.least_minor, page.session.seconds) == (425, 7200)


# --- What a card says -----------------------------------------------------------------------------


def test_places_left_count_tasks_this_worker_can_still_do(requester, worker, peer):
    project = a_project(owner=requester, rows=4, answers=2)
    assert places_left(project_id=project.pk, worker_id=worker.pk, at=NOON) == (4, False)
    a_submission(worker=worker, project=project)
    assert places_left(project_id=project.pk, worker_id=worker.pk, at=NOON) == (3, False)
    assert places_left(project_id=project.pk, worker_id=peer.pk, at=NOON) == (4, False)


def test_in_a_prototype_round_a_card_counts_no_more_than_the_workers_share(requester, worker, peer):
    project = a_project(owner=requester, rows=16, untried=True)
    assert project.round_most == 2
    assert places_left(project_id=project.pk, worker_id=worker.pk, at=NOON) == (2, False)
    fill_round(project, [worker], most=1)
    assert places_left(project_id=project.pk, worker_id=worker.pk, at=NOON) == (1, False)
    assert [card.places_left for card in feed_page(by=worker, at=NOON).cards] == [1]
    assert places_left(project_id=project.pk, worker_id=peer.pk, at=NOON) == (2, False)


def test_a_card_says_at_least_where_counting_stopped(requester, worker, monkeypatch):
    project = a_project(owner=requester, rows=12)
    monkeypatch.setattr("canut.work.queries.feed.MOST_COUNTED", 10)
    assert places_left(project_id=project.pk, worker_id=worker.pk, at=NOON) == (10, True)


def test_a_card_gives_pay_per_hour_for_the_expected_time(requester, worker):
    a_project(owner=requester, reward_minor=75, expected_seconds=120)
    card = feed_page(by=worker, at=NOON).cards[0]
    assert (card.reward_minor, card.expected_seconds, card.hourly_minor) == (75, 120, 2250)
    assert not card.is_volunteer


def test_a_card_names_the_requester_by_screen_name_and_marks_volunteer_and_simulated(worker):
    owner = a_requester("simulant", simulated=True)
    a_project(owner=owner, kind="volunteer")
    card = feed_page(by=worker, at=NOON).cards[0]
    assert (card.requester.screen_name, card.requester.simulated, card.is_volunteer) == (
        "Simulant",
        True,
        True,
    )
    assert card.reward_minor == 0


def test_a_card_carries_the_requesters_record_with_its_number_of_cases(requester, worker, peer):
    project = a_project(owner=requester, rows=3)
    assert feed_page(by=worker, at=NOON).cards[0].record.decided == 0
    for _each in range(2):
        submission = a_submission(worker=peer, project=project)
        approve_submission(submission_id=submission.pk, by=requester, at=NOON + timedelta(hours=2))
    with connection.cursor() as cursor:  # this transaction's own events wait until it has committed
        cursor.execute("UPDATE kernel_generation SET number = 1")
    update_records(at=NOON)
    record = feed_page(by=worker, at=NOON).cards[0].record
    assert (record.decided, record.approved_share) == (2, 1)


def test_the_page_of_a_project_shows_instructions_but_not_those_of_a_draft(requester, worker):
    live = a_project(owner=requester)
    assert project_page(live.pk, by=worker, at=NOON).instructions == "Say what the picture shows."
    draft = a_draft(owner=requester)
    with pytest.raises(ProjectNotFound):
        project_page(draft.pk, by=worker, at=NOON)
    assert project_page(draft.pk, by=requester, at=NOON).is_own


# --- Orders and pages -----------------------------------------------------------------------------


def test_the_feed_is_newest_first_and_then_by_id(requester, worker):
    old = a_project(owner=requester, at=NOON - timedelta(days=1))
    twins = [a_project(owner=requester) for _each in range(2)]
    assert ids(feed_page(by=worker, at=NOON)) == [twins[1].pk, twins[0].pk, old.pk]


def test_the_feed_sorts_by_pay_per_hour_and_volunteer_work_comes_last(requester, worker):
    low = a_project(owner=requester, reward_minor=50, expected_seconds=120)
    volunteer = a_project(owner=requester, kind="volunteer")
    high = a_project(owner=requester, reward_minor=90, expected_seconds=120)
    slow = a_project(owner=requester, reward_minor=110, expected_seconds=240)
    page = feed_page(by=worker, at=NOON, order=FeedOrder.PAY)
    assert ids(page) == [high.pk, slow.pk, low.pk, volunteer.pk]


def test_the_feed_sorts_by_work_left(requester, worker):
    few, many, some = (a_project(owner=requester, rows=rows) for rows in (1, 9, 4))
    page = feed_page(by=worker, at=NOON, order=FeedOrder.WORK_LEFT)
    assert ids(page) == [many.pk, some.pk, few.pk]


def test_the_chosen_order_is_kept_for_this_worker_alone(requester, worker, peer):
    choose_feed_order(by=worker, order=FeedOrder.PAY)
    assert feed_page(by=worker, at=NOON).order == FeedOrder.PAY
    assert feed_page(by=peer, at=NOON).order == FeedOrder.REQUESTER
    choose_feed_order(by=worker, order=FeedOrder.WORK_LEFT)
    assert WorkerChoice.objects.get(worker=worker).feed_order == FeedOrder.WORK_LEFT


def test_an_order_that_is_none_is_refused(worker):
    with pytest.raises(BadInput):
        choose_feed_order(by=worker, order="price); DROP TABLE work_project")


@pytest.mark.parametrize("order", FeedOrder.values)
def test_page_by_page_the_whole_feed_comes_once(requester, worker, order):
    projects = {
        a_project(
            owner=requester, rows=1 + n % 3, reward_minor=50 + n % 2, at=NOON - timedelta(minutes=n % 4)
        ).pk
        for n in range(11)
    }
    found = walked(worker, most=3, order=order)
    assert len(found) == 11
    assert set(found) == projects
    assert found == ids(feed_page(by=worker, at=NOON, most=50, order=order))


@pytest.mark.parametrize(
    "cursor", ["x", "bm90IGpzb24", "eyJhIjoxfQ", "W10", "%%%", "WyJuZXdlc3QiLCAwLCAiMjAyNiIsIDFd"]
)
def test_a_spoilt_cursor_begins_anew(requester, worker, cursor):
    project = a_project(owner=requester)
    assert ids(feed_page(by=worker, at=NOON, cursor=cursor)) == [project.pk]


def test_a_cursor_of_another_order_begins_anew(requester, worker):
    for _each in range(3):
        a_project(owner=requester)
    cursor = feed_page(by=worker, at=NOON, most=1).next_cursor
    assert len(feed_page(by=worker, at=NOON, cursor=cursor, order=FeedOrder.PAY).cards) == 3


def test_a_page_of_the_feed_costs_the_same_queries_however_many_projects(
    requester, worker, django_assert_num_queries, django_assert_max_num_queries
):
    a_project(owner=requester)
    with django_assert_max_num_queries(100) as counted:
        feed_page(by=worker, at=NOON)
    for n in range(12):
        a_project(owner=a_requester(f"owner{n}"))
    with django_assert_num_queries(len(counted)):
        assert len(feed_page(by=worker, at=NOON).cards) == 13


@pytest.mark.long
def test_with_ten_thousand_projects_no_page_goes_through_all_tasks_or_places(requester):
    worker = a_worker("busy")
    _ten_thousand(a_project(owner=requester, rows=1))
    read = _read_through()
    for order in set(FeedOrder.values) - {FeedOrder.WORK_LEFT}:  # whose places must all be counted
        assert len(feed_page(by=worker, at=NOON, order=order).cards) == 20
        assert _read_through() == read, order


def _read_through() -> list[tuple[str, int]]:
    """Return how many rows of these tables this transaction met by going through the whole table."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables
               WHERE relname IN ('work_task', 'work_place', 'work_assignment') ORDER BY relname"""
        )
        return cursor.fetchall()


def _like(table: str, rows: str, **changed: str) -> str:
    """Return SQL that adds, for each of `rows`, one like its `first`, but for what is changed."""
    values = {name: f"first.{name}" for name in columns_of(table) if name != "id"} | changed
    return f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {rows}"


def _ten_thousand(first: Project) -> None:
    """Make ten thousand projects of the first one's kind, a hundred open places in each, in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            _like(
                "work_project",
                "work_project first, generate_series(1, 10000) n WHERE first.id = %s",
                title="'Project ' || n",
                published_at="first.published_at - n * interval '1 minute'",
            ),
            [first.pk],
        )
        cursor.execute(
            _like(
                "work_revision",
                "work_project p, work_revision first WHERE first.project_id = %s AND p.id <> %s",
                project_id="p.id",
                reward_minor="50 + p.id %% 97",
                answers_per_task="2",
                paid_upto="50",
                places_opened_to="50",
            ),
            [first.pk, first.pk],
        )
        cursor.execute(
            """INSERT INTO work_task
                   (project_id, revision_id, position, key, row, shown, answers_wanted)
               SELECT r.project_id, r.id, n, n::text, '{}', '{}', 2
               FROM work_revision r, generate_series(1, 50) n WHERE r.project_id <> %s""",
            [first.pk],
        )
        cursor.execute(
            """INSERT INTO work_place (project_id, task_id, number, state, rank)
               SELECT project_id, id, n, 'open', (random() * 2147483646)::int
               FROM work_task, generate_series(1, 2) n WHERE project_id <> %s""",
            [first.pk],
        )
        cursor.execute("ANALYZE work_project, work_revision, work_task, work_place, work_assignment")
        cursor.execute("SET LOCAL session_replication_role = origin")
