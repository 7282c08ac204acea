"""The feed while projects open step by step: what the rule lets in, and nothing moved by leaving tasks."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.builders import NOON, a_project, a_requester, a_submission, a_worker, taken
from tests.membership.members import stands_as_member
from tests.stories import examples
from tests.work.test_admission import ASKED, _asks

from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.reputation.models import ScaleKind, Standing
from canut.work.models import Assignment, Place, Project
from canut.work.queries.admission import asking
from canut.work.queries.feed import Card, feed_page, project_page
from canut.work.queries.feed_filters import Filters
from canut.work.rules import may_take, way_in
from canut.work.states import FeedOrder
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.note_opening import note_opening
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.rate_worker import rate_worker
from canut.work.usecases.refuse_project import refuse_project
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db
VALUES = ["1.00", "1.98", "1.99", "2.00", "2.71", "3.00"]
ANYHOW = settings(max_examples=examples(12, 80), deadline=None, suppress_health_check=list(HealthCheck))


def a_threshold(project: Project, value: str | None, *, beat: int = 1) -> None:
    """Let a published project stand in a beat of its cascade, at this threshold."""
    runs = value is not None
    Project.objects.filter(pk=project.pk).update(
        threshold=Decimal(value) if value else None,
        cascade_beat=beat if runs else 0,
        cascade_started_at=NOON if runs else None,
        cascade_beat_at=NOON if runs else None,
        cascade_next_at=NOON + timedelta(minutes=5) if runs else None,
    )


def stands(worker: Person, scale: str, scale_id: int, value: str | None) -> None:
    """Let a worker stand at a value on one scale, or have none on it."""
    found = Standing.objects.filter(party_id=worker.pk, scale=scale, scale_id=scale_id)
    found.delete()
    if value is not None:
        Standing.objects.create(
            party_id=worker.pk,
            scale=scale,
            scale_id=scale_id,
            value=Decimal(value),
            ratings=1,
            computed_at=NOON,
        )


def keep_for_newcomers(project: Project, count: int, *, cascades: bool) -> None:
    """Keep so many open places for newcomers, out of the queue of the others while a cascade runs."""
    chosen = list(Place.objects.filter(project=project, state="open").order_by("pk")[:count])
    rank = {"rank": -1 - F("rank")} if cascades else {}
    Place.objects.filter(pk__in=[place.pk for place in chosen]).update(for_newcomers=True, **rank)


def card_of(project: Project, *, by: Person) -> Card | None:
    cards = feed_page(by=by, at=NOON).cards
    return next((card for card in cards if card.project_id == project.pk), None)


# --- One rule ---

MAYBE = st.sampled_from([None, None, *VALUES])


@pytest.mark.slow
@ANYHOW
@given(
    threshold=st.sampled_from([None, "1.00", "1.99", "2.00", "3.00", "3.00"]),
    beat=st.integers(1, 3),
    scopes=st.fixed_dictionaries({"project_group": MAYBE, "requester": MAYBE, "platform": MAYBE}),
    is_rated=st.booleans(),
    handed_in=st.sampled_from([None, None, "place", "kept place", "round"]),
    kept=st.integers(0, 4),
    in_round=st.sampled_from([False, False, False, True]),
    asked=st.lists(ASKED, max_size=2),
)
@example(  # one who did a newcomer's task has had their one
    threshold="3.00",
    beat=2,
    scopes={"project_group": None, "requester": None, "platform": None},
    is_rated=False,
    handed_in="kept place",
    kept=2,
    in_round=False,
    asked=[],
)
def test_the_feed_shows_what_the_rule_admits_and_a_claim_gives(
    db: None,
    threshold: str | None,
    beat: int,
    scopes: dict[str, str | None],
    is_rated: bool,
    handed_in: str | None,
    kept: int,
    in_round: bool,
    asked: Sequence[Any],
) -> None:
    with transaction.atomic():
        owner, worker = a_requester(), a_worker()
        if is_rated:
            judged = a_submission(worker=worker, project=a_project(owner=owner, rows=1))
            rate_worker(submission_id=judged.pk, by=owner, value=Decimal(2), at=NOON)
        project = a_project(owner=owner, rows=12 if in_round else 4, untried=in_round)  # a dozen has a round
        if handed_in and not in_round:  # what counts as handed in is work outside the round that runs
            done = a_submission(worker=worker, project=project)
            _as_done_in(done.assignment_id, handed_in)
        for scale, value in scopes.items():
            scale_id = {"project_group": project.group_id, "requester": owner.pk, "platform": 0}[scale]
            stands(worker, ScaleKind(scale), scale_id, value)
        _asks(worker, project, asked)
        a_threshold(project, threshold, beat=beat)
        keep_for_newcomers(project, kept, cascades=threshold is not None)
        facts = asking(worker_id=worker.pk, project_id=project.pk, at=NOON)
        card = card_of(project, by=worker)
        page = project_page(project.pk, by=worker, at=NOON)
        try:
            with transaction.atomic():
                got = take_task(by=worker, project_id=project.pk, at=NOON)
        except Refusal as refusal:
            got, why = None, refusal.code
        place = got and Place.objects.get(task_id=got.task_id, number=got.place_number)
        transaction.set_rollback(True)
    admitted = may_take(facts) is None
    if got is None:
        assert (why == "none_left") == admitted
    assert (card is not None) == (got is not None), (facts, card, got)
    assert (not page.why_not) == (got is not None)
    if card is not None and place:
        assert card.places_left > 0
        assert card.places_left == page.card.places_left
        cascade_counts = facts.threshold is not None and facts.round_most is None
        assert cascade_counts == (threshold is not None and not in_round)
        comes_as_newcomer = cascade_counts and way_in(facts) == "newcomer"
        if comes_as_newcomer:
            assert (card.places_left, place.for_newcomers) == (1, True)
        elif cascade_counts:
            assert not place.for_newcomers


def _as_done_in(assignment_id: int, where: str) -> None:
    """Let what was handed in have been done in a newcomer's place, or in a round that is over."""
    done = Assignment.objects.get(pk=assignment_id)
    if where == "kept place":
        Place.objects.filter(task_id=done.task_id, number=done.place_number).update(for_newcomers=True)
    if where == "place":
        Assignment.objects.filter(pk=assignment_id).update(round=None)


def test_the_narrowest_scope_that_has_ratings_decides_what_one_sees(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester, rows=2)
    a_threshold(project, "2.00")
    stands(worker, ScaleKind.PLATFORM, 0, "3.00")
    assert card_of(project, by=worker)
    stands(worker, ScaleKind.REQUESTER, requester.pk, "1.99")
    assert not card_of(project, by=worker)
    stands(worker, ScaleKind.PROJECT_GROUP, project.group_id, "2.00")
    assert card_of(project, by=worker)


def test_another_requesters_ratings_open_nothing_here(requester: Person, worker: Person) -> None:
    project = a_project(owner=requester, rows=2)
    a_threshold(project, "2.00")
    other = a_project(owner=a_requester(), rows=1)
    stands(worker, ScaleKind.REQUESTER, other.owner_id, "3.00")
    stands(worker, ScaleKind.PROJECT_GROUP, other.group_id, "3.00")
    assert not card_of(project, by=worker)


# --- Two histories that differ only in what was left ---


def _skip(worker: Person, project: Project) -> None:
    skip_task(assignment_id=taken(worker=worker, project=project).pk, by=worker, at=NOON)


def _give_back(worker: Person, project: Project) -> None:
    give_back_task(assignment_id=taken(worker=worker, project=project).pk, by=worker, at=NOON)


def _refuse(worker: Person, project: Project) -> None:
    note_opening(project_id=project.pk, by=stands_as_member(worker), at=NOON)
    refuse_project(project_id=project.pk, by=worker, ground="underpaid", words="", at=NOON)


def _log_off(worker: Person, _project: Project) -> None:
    browser = Client()
    browser.force_login(worker)
    browser.logout()


LEAVING: list[Callable[[Person, Project], None]] = [_skip, _give_back, _refuse, _log_off]


@pytest.mark.slow
@settings(max_examples=examples(6, 40), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    projects=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from([None, None, "1.99", "3.00"]), st.integers(50, 90)),
        min_size=1,
        max_size=6,
    ),
    regards=st.dictionaries(st.integers(0, 2), st.sampled_from(["1", "2", "3"])),
    standing=MAYBE,
    left=st.lists(st.tuples(st.sampled_from(LEAVING), st.integers(0, 5)), min_size=1, max_size=8),
)
def test_two_histories_that_differ_only_in_what_was_left_give_equal_feeds(
    db: None,
    projects: Sequence[tuple[int, str | None, int]],
    regards: dict[int, str],
    standing: str | None,
    left: Sequence[tuple[Callable[[Person, Project], None], int]],
) -> None:
    with transaction.atomic():
        worker, owners = a_worker(), [a_requester() for _each in range(3)]
        for which, value in regards.items():
            done = a_submission(worker=worker, project=a_project(owner=owners[which], rows=1))
            rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(value), at=NOON)
        made = []
        for number, (which, threshold, reward) in enumerate(projects):
            details: dict[str, Any] = {"reward_minor": reward, "at": NOON - timedelta(minutes=number % 3)}
            made.append(a_project(owner=owners[which], rows=3, **details))
            a_threshold(made[-1], threshold)
        stands(worker, ScaleKind.PLATFORM, 0, standing)
        quiet = _everything_seen(worker)
        for leave, which in left:
            with suppress(Refusal), transaction.atomic():
                leave(worker, made[which % len(made)])
        moved = _everything_seen(worker)
        transaction.set_rollback(True)
    assert moved == quiet


def _everything_seen(worker: Person) -> dict[Any, Any]:
    """Return all cards of the worker's feed, in every order and narrowed."""
    seen: dict[Any, Any] = {
        order: feed_page(by=worker, at=NOON, order=order).cards for order in FeedOrder.values
    }
    narrowed = Filters(least_hourly_minor=1_900, kind="paid")
    return seen | {"narrowed": feed_page(by=worker, at=NOON, filters=narrowed).cards}


# --- Filters ---


def shown(worker: Person, **filters: Any) -> list[int]:
    page = feed_page(by=worker, at=NOON, order="newest", filters=Filters(**filters))
    return [card.project_id for card in reversed(page.cards)]


def test_pay_is_compared_as_a_card_says_it(requester: Person, worker: Person) -> None:
    for reward, seconds, risks in ((60, 120, []), (55, 119, []), (72, 120, ["hate"]), (61, 97, ["hate"])):
        project = a_project(owner=requester, reward_minor=reward, expected_seconds=seconds, risks=risks)
        (card,) = [
            card
            for card in feed_page(by=worker, at=NOON, filters=Filters(risks="all")).cards
            if card.project_id == project.pk
        ]
        assert project.pk in shown(worker, least_hourly_minor=card.hourly_minor, risks="all")
        assert project.pk not in shown(worker, least_hourly_minor=card.hourly_minor + 1, risks="all")


def test_a_language_is_met_by_its_kin_and_by_work_that_needs_none(requester: Person, worker: Person) -> None:
    none, french, canadian, english = (
        a_project(owner=requester, language=code).pk for code in ("", "fr", "fr-CA", "en")
    )
    assert shown(worker, languages=("fr",)) == [none, french, canadian]
    assert shown(worker, languages=("fr-CA",)) == [none, french, canadian]
    assert shown(worker, languages=("fr-BE",)) == [none, french]
    assert shown(worker, languages=("en", "fr")) == [none, french, canadian, english]


def test_device_length_kind_and_sensitive_work_narrow_the_feed(requester: Person, worker: Person) -> None:
    short = a_project(owner=requester, expected_seconds=60, device="phone").pk
    long = a_project(owner=requester, expected_seconds=600, reward_minor=400, device="computer").pk
    free = a_project(owner=requester, kind="volunteer").pk
    grim = a_project(owner=requester, reward_minor=90, risks=["hate"]).pk
    assert shown(worker) == [short, long, free]
    assert shown(worker, most_seconds=120) == [short, free]
    assert shown(worker, device="phone") == [short, free]
    assert shown(worker, device="computer") == [long, free]
    assert shown(worker, kind="volunteer") == [free]
    assert shown(worker, kind="paid") == [short, long]
    assert shown(worker, risks="all") == [short, long, free, grim]
    assert shown(worker, risks="all", kind="paid", most_seconds=300) == [short, grim]


def test_a_feed_without_a_match_says_how_much_the_filters_hide(requester: Person, worker: Person) -> None:
    for _each in range(3):
        a_project(owner=requester)
    nothing = Filters(least_hourly_minor=900_000)
    page = feed_page(by=worker, at=NOON, filters=nothing)
    assert (page.cards, page.hidden, page.hidden_or_more) == ((), 3, False)
    page = feed_page(by=worker, at=NOON, filters=nothing, most=2)
    assert (page.hidden, page.hidden_or_more) == (2, True)


@pytest.mark.parametrize("order", FeedOrder.values)
def test_a_cursor_goes_on_with_its_own_filters_alone(requester: Person, worker: Person, order: str) -> None:
    for number in range(4):
        a_project(owner=requester, language="fr" if number % 2 else "", rows=1 + number)
    french = Filters(languages=("en",))
    first = feed_page(by=worker, at=NOON, order=order, most=1, filters=french)
    second = feed_page(by=worker, at=NOON, order=order, cursor=first.next_cursor, filters=french)
    seen = [card.project_id for card in (*first.cards, *second.cards)]
    whole = feed_page(by=worker, at=NOON, order=order, filters=french)
    assert seen == [card.project_id for card in whole.cards]
    anew = feed_page(by=worker, at=NOON, order=order, cursor=first.next_cursor)
    assert len(anew.cards) == 4
