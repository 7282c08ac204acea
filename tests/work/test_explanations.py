"""Why one project stands above another is what the feed's own statement sorts by."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from tests.builders import NOON, a_draft, a_project, a_requester, a_submission, a_worker

from canut.people.models import Person
from canut.reputation.usecases.keep_regard import keep_regard
from canut.work.models import Project
from canut.work.queries import feed
from canut.work.queries.explanations import explain_order, place_in_feed
from canut.work.queries.feed import feed_page
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.take_task import take_task

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def says(worker: Person, about: Person, value: str, *, decided: bool = True, at: datetime = NOON) -> None:
    done = a_submission(worker=worker, project=a_project(owner=about, rows=1), at=at)
    rate_requester(assignment_id=done.assignment_id, by=worker, value=Decimal(value), at=at)
    if decided:
        keep_regard(worker_id=worker.pk, requester_id=about.pk, decided_at=at)


def a_feed(worker: Person) -> dict[int, Project]:
    """Return projects of requesters of whom the worker and others think differently, all open."""
    liked, disliked, others_like, unknown, twin = (a_requester() for _ in range(5))
    others = [a_worker() for _ in range(3)]
    says(worker, liked, "2.5")
    for other, value in zip(others, ("3", "3", "1"), strict=True):
        says(other, liked, value)
    says(worker, disliked, "1", decided=False)
    says(others[0], disliked, "3", decided=False)
    says(others[0], others_like, "3")
    says(others[1], others_like, "2.33")
    owners = (unknown, liked, disliked, others_like, twin)
    made = [
        a_project(owner=owner, rows=2, reward_minor=50 + 7 * number, expected_seconds=90 + number, at=NOON)
        for number, owner in enumerate(owners)
    ]
    return {project.pk: project for project in made}


@pytest.mark.parametrize("order", ["requester", "newest", "pay"])
def test_of_any_two_projects_the_one_that_is_explained_to_be_above_is_above(
    worker: Person, order: str
) -> None:
    projects = a_feed(worker)
    shown = [card.project_id for card in feed_page(by=worker, at=LATER, order=order).cards]
    assert set(shown) == set(projects)
    for upper, lower in combinations(shown, 2):
        for pair in ((upper, lower), (lower, upper)):
            first, second = (projects[number] for number in pair)
            found = explain_order(worker_id=worker.pk, first=first, second=second, at=LATER, order=order)
            assert (found.first.project_id, found.second.project_id) == (upper, lower), found


@pytest.mark.parametrize("order", ["requester", "pay"])
def test_the_key_that_is_explained_is_the_one_that_the_statement_sorts_by(
    worker: Person, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = a_feed(worker)
    keys: dict[int, int] = {}
    card = feed._card
    monkeypatch.setattr(
        feed, "_card", lambda row, *more: keys.update({row["id"]: row["key"]}) or card(row, *more)
    )
    feed_page(by=worker, at=LATER, order=order)
    one, *others = projects.values()
    for other in others:
        found = explain_order(worker_id=worker.pk, first=one, second=other, at=LATER, order=order)
        for place in (found.first, found.second):
            assert place.key == keys[place.project_id]


def test_skipping_and_staying_away_change_no_place(worker: Person) -> None:
    projects = a_feed(worker)
    before = [place_in_feed(project=one, worker_id=worker.pk, at=LATER) for one in projects.values()]
    for project in projects.values():
        skip_task(assignment_id=take_task(by=worker, project_id=project.pk, at=LATER).pk, by=worker, at=LATER)
    after = [
        place_in_feed(project=one, worker_id=worker.pk, at=LATER + timedelta(days=90))
        for one in projects.values()
    ]
    assert after == before


def test_what_cannot_be_compared_is_said(worker: Person, requester: Person) -> None:
    project, draft = a_project(owner=requester), a_draft(owner=requester)
    for second, order in ((project, ""), (draft, ""), (a_project(owner=requester), "work_left")):
        with pytest.raises(ValueError, match="two published projects"):
            explain_order(worker_id=worker.pk, first=project, second=second, at=LATER, order=order)
