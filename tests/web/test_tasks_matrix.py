"""Who may open and send what: every address of work, review, money and appeals, for every role."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_draft, a_project, a_submission, taken
from tests.web.pages import browser_of
from tests.work.decided import a_rejected_submission

from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.kernel import clock
from canut.ledger.models import LedgerEntry
from canut.people.models import Listing
from canut.reputation.models import Rating
from canut.web.feed import urls as feed_urls
from canut.web.money import urls as money_urls
from canut.web.review import urls as review_urls
from canut.web.tasks import urls as tasks_urls
from canut.work.models import Appeal, Assignment, Decision, Draft, Submission

pytestmark = pytest.mark.django_db

OPENED = (
    "feed",
    "opening_soon",
    "project",
    "my_work",
    "task",
    "task_frames",
    "earnings",
    "review",
    "review_waiting",
    "money",
)
SENT = (
    "feed_order",
    "take_task",
    "next_choice",
    "hand_in",
    "keep_draft",
    "skip_task",
    "give_back_task",
    "rate_requester",
    "approve",
    "approve_shown",
    "approve_worker",
    "return",
    "reject",
    "rate_worker",
    "rate_selected",
    "bonus",
    "block",
    "unblock",
    "deposit",
)
ONES_OWN = {"feed_order", "next_choice", "deposit", "take_task"}
"""What anybody with the role may send, for themselves."""

OF_EVERYBODY = {"pay_figures"}
"""What visitors may read too."""

OF_THE_WORKER = (
    "task",
    "task_frames",
    "hand_in",
    "keep_draft",
    "skip_task",
    "give_back_task",
    "rate_requester",
)
OF_THE_OWNER = tuple(pattern.name for pattern in review_urls.urlpatterns)
OF_WORKERS = ("feed", "feed_order", "opening_soon")
OF_REQUESTERS = ("money", "deposit")


class Scene:
    """A project with work in hand, waiting and under appeal, and what each address needs to be sent."""

    def __init__(self, requester, worker):
        at, began = clock.now(), clock.now() - timedelta(hours=6)
        self.project = a_project(owner=requester, rows=5, at=began)
        rejected = a_rejected_submission(worker=worker, project=self.project, at=began)
        appeal_rejection(assignment_id=rejected.assignment_id, by=worker, at=at)
        self.waiting = a_submission(worker=worker, project=self.project, at=began)
        self.held = taken(worker=worker, project=self.project, at=at)
        self.worker = worker

    def address(self, name: str) -> str:
        about = {"project": self.project.pk, "take_task": self.project.pk}
        about |= dict.fromkeys(OF_THE_OWNER, self.project.pk) | dict.fromkeys(OF_THE_WORKER, self.held.pk)
        about["rate_requester"] = self.waiting.assignment_id
        return reverse(name, args=[about[name]] if name in about else [])

    def sent(self) -> dict[str, Any]:
        return {
            "submission": self.waiting.pk,
            "submissions": [self.waiting.pk],
            "assignment": self.waiting.assignment_id,
            "worker": self.worker.pk,
            "up_to": self.waiting.pk,
            "reason": "Because.",
            "evidence": "This.",
            "ground": "copied",
            "told": "Go away.",
            "amount": "10.00",
            "key": "0" * 32,
            "order": "pay",
            "rating": "minus",
            "decision": "overturn",
            "answer-label": "cat",
        }


@pytest.fixture
def scene(requester, worker):
    return Scene(requester, worker)


def what_is_stored() -> list[Any]:
    """Return everything that a stranger must not be able to change."""
    return [
        list(Assignment.objects.order_by("pk").values_list("pk", "state", "attempt")),
        list(Appeal.objects.values_list("state", "reason")),
        LedgerEntry.objects.count(),
        Listing.objects.count(),
        Decision.objects.count(),
        Submission.objects.count(),
        Draft.objects.count(),
        Rating.objects.count(),
    ]


def test_every_address_is_in_this_matrix():
    urls = (feed_urls, tasks_urls, review_urls, money_urls)
    named = {pattern.name for module in urls for pattern in module.urlpatterns}
    assert named == set(OPENED) | set(SENT) | OF_EVERYBODY


@pytest.mark.parametrize("name", OPENED)
def test_a_visitor_is_sent_to_sign_in(scene, name):
    response = Client().get(scene.address(name))
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", SENT)
def test_a_visitor_changes_nothing(scene, name):
    before = what_is_stored()
    response = Client().post(scene.address(name), scene.sent())
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert what_is_stored() == before


@pytest.mark.parametrize("name", OPENED)
def test_a_stranger_with_every_ordinary_role_sees_only_what_is_everybodys(scene, stranger, name):
    expected = dict.fromkeys((*OF_THE_WORKER, *OF_THE_OWNER), 404)
    response = browser_of(stranger).get(scene.address(name))
    assert response.status_code == expected.get(name, 200)
    assert "Picture" not in response.content.decode()


@pytest.mark.parametrize("name", sorted(set(SENT) - ONES_OWN))
def test_a_stranger_with_every_ordinary_role_changes_nothing(scene, stranger, name):
    before = what_is_stored()
    response = browser_of(stranger).post(scene.address(name), scene.sent())
    assert response.status_code == 404
    assert what_is_stored() == before


@pytest.mark.parametrize("name", [*OF_THE_OWNER, *OF_REQUESTERS])
def test_the_worker_of_the_work_decides_nothing_about_it(scene, worker, name):
    before = what_is_stored()
    browser = browser_of(worker)
    response = (
        browser.get(scene.address(name))
        if name in OPENED
        else browser.post(scene.address(name), scene.sent())
    )
    assert response.status_code in (403, 404)
    assert what_is_stored() == before


@pytest.mark.parametrize("name", [*OF_THE_WORKER, *OF_WORKERS, "take_task"])
def test_the_owner_of_the_project_does_no_work_in_it(scene, requester, name):
    before = what_is_stored()
    browser = browser_of(requester)
    response = (
        browser.get(scene.address(name))
        if name in OPENED
        else browser.post(scene.address(name), scene.sent())
    )
    assert response.status_code in (403, 404)
    assert what_is_stored() == before


@pytest.mark.parametrize("name", [*OF_THE_WORKER, *OF_THE_OWNER, *OF_WORKERS, *OF_REQUESTERS, "take_task"])
def test_an_operator_is_neither_worker_nor_requester(scene, operator, name):
    before = what_is_stored()
    browser = browser_of(operator)
    response = (
        browser.get(scene.address(name))
        if name in OPENED
        else browser.post(scene.address(name), scene.sent())
    )
    assert response.status_code in (403, 404)
    assert what_is_stored() == before


@pytest.mark.parametrize("name", OF_THE_OWNER)
def test_the_owner_reaches_every_page_of_the_review(scene, requester, name):
    browser = browser_of(requester)
    response = (
        browser.get(scene.address(name))
        if name in OPENED
        else browser.post(scene.address(name), scene.sent())
    )
    assert response.status_code in (
        200,
        302,
        404 if name == "unblock" else 200,
        422 if name == "reject" else 200,
    )


@pytest.mark.parametrize("name", OF_THE_WORKER)
def test_the_worker_reaches_every_page_of_their_task(scene, worker, name):
    browser = browser_of(worker)
    response = (
        browser.get(scene.address(name))
        if name in OPENED
        else browser.post(scene.address(name), scene.sent())
    )
    assert response.status_code in (200, 204, 302, 409 if name == "appeal" else 200)


def test_what_is_sent_is_never_done_by_opening_an_address(scene, requester, worker, operator):
    before = what_is_stored()
    for person in (requester, worker, operator):
        browser = browser_of(person)
        for name in set(SENT) - {"hearing"}:
            assert browser.get(scene.address(name)).status_code == 405, name
    assert what_is_stored() == before


def test_a_draft_of_somebody_else_is_hidden_from_everybody(requester, worker, stranger, operator):
    draft = a_draft(owner=requester)
    for person in (worker, stranger, operator):
        browser = browser_of(person)
        assert browser.get(reverse("project", args=[draft.pk])).status_code == 404
        assert browser.get(reverse("review", args=[draft.pk])).status_code == 404
        assert browser.post(reverse("take_task", args=[draft.pk])).status_code in (403, 404)
