"""Where a requester stands in a worker's feed is what the rule says, and leaving tasks never moves it."""

from decimal import Decimal

import pytest
from tests.builders import NOON, a_project, a_requester, a_submission, taken

from canut.people.models import Person
from canut.reputation.queries import score_of
from canut.reputation.usecases.keep_regard import keep_regard
from canut.work.models import Project
from canut.work.queries.feed import FeedPage, feed_page
from canut.work.usecases.leave_task import give_back_task, skip_task
from canut.work.usecases.rate_requester import rate_requester

pytestmark = pytest.mark.django_db


def judged(requester: Person, by: Person, value: str, *, decided: bool) -> None:
    done = a_submission(worker=by, project=a_project(owner=requester, rows=1))
    rate_requester(assignment_id=done.assignment_id, by=by, value=Decimal(value), at=NOON)
    if decided:
        keep_regard(worker_id=by.pk, requester_id=requester.pk, decided_at=NOON)


def owners(page: FeedPage) -> list[int]:
    return list(dict.fromkeys(card.requester.id for card in page.cards))


def test_the_feed_goes_by_what_the_worker_and_others_think_of_requesters(
    worker: Person, peer: Person
) -> None:
    unknown, disliked, liked, others_like = (a_requester() for _ in range(4))
    for owner in (others_like, liked, disliked, unknown):  # newest last
        a_project(owner=owner, rows=1)
    assert owners(feed_page(by=worker, at=NOON)) == [unknown.pk, disliked.pk, liked.pk, others_like.pk]
    judged(liked, worker, "3", decided=False)
    judged(disliked, worker, "1", decided=False)
    judged(others_like, peer, "2.5", decided=True)
    in_order = [liked.pk, others_like.pk, unknown.pk, disliked.pk]
    assert owners(feed_page(by=worker, at=NOON)) == in_order
    scores = [score_of(owner, worker_id=worker.pk, at=NOON) for owner in in_order]
    assert scores == sorted(scores, reverse=True)


def test_paging_by_requester_gives_every_project_once(worker: Person, peer: Person) -> None:
    for value in ("1", "2", "3"):
        owner = a_requester()
        a_project(owner=owner, rows=1)
        judged(owner, peer, value, decided=True)
    whole = [card.project_id for card in feed_page(by=worker, at=NOON).cards]
    seen, cursor = [], ""
    for _page in range(3):
        page = feed_page(by=worker, at=NOON, cursor=cursor, most=1)
        seen += [card.project_id for card in page.cards]
        cursor = page.next_cursor
    assert seen == whole


def test_refusing_skipping_and_giving_back_leave_the_feed_as_it_is(worker: Person, peer: Person) -> None:
    for _number in range(3):
        a_project(owner=a_requester(), rows=2)
    for leave in (skip_task, give_back_task):
        held = taken(worker=worker, project=Project.objects.latest("pk"))
        leave(assignment_id=held.pk, by=worker, at=NOON)
    left = [card.project_id for card in feed_page(by=worker, at=NOON).cards]
    assert left == [card.project_id for card in feed_page(by=peer, at=NOON).cards]
