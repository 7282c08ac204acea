"""What work does while members have stopped an algorithm: a neutral rule takes over, and work still flows."""

from datetime import UTC, timedelta
from decimal import Decimal

import pytest
from tests.builders import ANSWER, NOON, a_project, a_requester, a_submission
from tests.web.pages import browser_of, text_of
from tests.work.cascades import charter_says

from canut.charter.moratoria import Algorithm, moratoria, moratorium
from canut.people.models import Person
from canut.work.models import Project
from canut.work.queries.explained_for import explain_to_worker
from canut.work.queries.explanations import explain_order
from canut.work.queries.feed import feed_page
from canut.work.rules_neutral import random_key
from canut.work.states import FeedOrder
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.submit_answer import submit_answer
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def projects(worker: Person) -> list[Project]:
    """Four projects in the order of their publication; the worker rates the owner of the third best."""
    owners = [a_requester() for _each in range(4)]
    made = [
        a_project(owner=owner, at=NOON + timedelta(minutes=number), reward_minor=200 + 50 * number)
        for number, owner in enumerate(owners)
    ]
    for place, value in ((1, 1), (2, 3)):
        done = a_submission(worker=worker, project=a_project(owner=owners[place], rows=1))
        rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(value), at=NOON)
    return made


def shown(worker: Person, *, at=LATER, **asked: object) -> list[int]:
    """Return the whole feed, page by page."""
    found, cursor = [], ""
    while True:
        page = feed_page(by=worker, at=at, cursor=cursor, most=2, **asked)  # type: ignore[arg-type]
        found += [card.project_id for card in page.cards]
        cursor = page.next_cursor
        if not cursor:
            return found


@pytest.mark.parametrize("order", FeedOrder.values)
def test_while_the_order_is_stopped_the_oldest_comes_first_whatever_was_asked(worker, projects, order):
    in_order = [project.pk for project in projects]
    before = shown(worker, order=order)
    assert sorted(before) == in_order
    if order == FeedOrder.REQUESTER:
        assert before[0] == projects[2].pk
    charter_says("moratorium.feed_order", True, at=NOON + timedelta(minutes=30))
    assert shown(worker, order=order) == in_order
    explained = explain_order(
        worker_id=worker.pk, first=projects[3], second=projects[0], at=LATER, order=order
    )
    assert (explained.order, explained.first.project_id) == ("first_come", projects[0].pk)
    # When it is lifted, everything is as it was
    charter_says("moratorium.feed_order", False, at=LATER)
    assert shown(worker, order=order, at=LATER) == before


def test_projects_of_one_moment_stand_by_their_numbers(worker):
    made = [a_project(owner=a_requester()).pk for _each in range(3)]
    charter_says("moratorium.feed_order", True, at=LATER)
    assert shown(worker) == made


def test_members_may_choose_random_order_which_anybody_can_recompute(worker, peer, projects):
    charter_says("moratorium.feed_order", True, at=LATER)
    charter_says("moratorium.neutral_rule", "random", at=LATER)
    for person in (worker, peer):
        for day in range(3):
            at = LATER + timedelta(days=day)
            keys = {
                project.pk: random_key(
                    project_id=project.pk, worker_id=person.pk, day=at.astimezone(UTC).date()
                )
                for project in projects
            }
            assert shown(person, at=at) == sorted(keys, key=lambda pk: -keys[pk])
    found = explain_order(worker_id=worker.pk, first=projects[0], second=projects[1], at=LATER)
    assert (found.order, found.decided_by) == ("random", "key")
    assert shown(worker).index(found.first.project_id) < shown(worker).index(found.second.project_id)
    # A page that goes on over midnight begins anew in the new day's order
    first = feed_page(by=worker, at=LATER, most=2)
    tomorrow = feed_page(by=worker, at=LATER + timedelta(days=1), most=2, cursor=first.next_cursor)
    assert [card.project_id for card in tomorrow.cards] == shown(worker, at=LATER + timedelta(days=1))[:2]


def test_it_is_said_who_stopped_what_and_work_still_flows(worker, projects):
    for algorithm in Algorithm:
        assert moratorium(algorithm, at=LATER) is None
        charter_says(algorithm.parameter, True, at=LATER)
    held = moratoria(at=LATER)
    assert [one.algorithm for one in held] == list(Algorithm)
    assert all(
        one.decision_number and one.title == "On the pay floor" and one.name and one.instead for one in held
    )
    seen = explain_to_worker(projects[0].pk, by=worker, at=LATER)
    assert seen.stopped is not None
    assert seen.order.stopped is not None
    assert seen.order.neutral_rule == "first_come"
    browser = browser_of(worker)
    feed = text_of(browser.get("/feed/"))
    assert "The members have stopped the order of the feed" in feed
    assert f"Decision {held[0].decision_number}: On the pay floor" in feed
    assert "Sorted by" not in feed
    why = text_of(browser.get(f"/work/{projects[0].pk}/why/"))
    assert "The members have stopped early access to projects" in why
    assert "the oldest project comes first" in why
    for project in projects:
        taken = take_task(by=worker, project_id=project.pk, at=LATER)
        submit_answer(assignment_id=taken.pk, by=worker, answer=ANSWER, active_seconds=1, at=LATER)
