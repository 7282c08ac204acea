"""Hearing appeals: the queue, the page with everything side by side, and who may decide."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import a_project
from tests.web.pages import browser_of, text_of
from tests.work.decided import EVIDENCE, WHY_REJECTED, WHY_RETURNED, a_rejected_submission

from canut.kernel import clock
from canut.people.usecases.appoint_operator import appoint_operator
from canut.work.models import Appeal, Assignment
from canut.justice.usecases.appeal_rejection import appeal_rejection

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def appeal(requester, worker):
    began = clock.now() - timedelta(hours=6)
    project = a_project(owner=requester, title="Cats & dogs", at=began)
    submission = a_rejected_submission(worker=worker, project=project, at=began)
    return appeal_rejection(
        assignment_id=submission.assignment_id, by=worker, words=f"It barks. {HOSTILE}", at=clock.now()
    )


def test_an_open_appeal_waits_in_the_queue_and_as_a_badge(operator, appeal):
    page = text_of(browser_of(operator).get(reverse("appeals")))
    assert reverse("hearing", args=[appeal.pk]) in page
    assert "The answer is demonstrably wrong." in page
    assert '<span class="badge" title="1 open">1</span>' in page


def test_a_hearing_has_everything_side_by_side_and_nobodys_name(operator, appeal):
    page = text_of(browser_of(operator).get(reverse("hearing", args=[appeal.pk])))
    for words in (
        WHY_RETURNED,
        EVIDENCE,
        WHY_REJECTED,
        "It barks.",
        "First attempt",
        "Second attempt",
        "A cat",
        "A dog",
    ):
        assert words in page
    assert HOSTILE not in page
    assert "Say what the picture shows." in page
    for name in ("Worker", "Requester"):
        assert f">{name}<" not in page


@pytest.mark.parametrize(("decision", "state"), [("overturn", "approved"), ("uphold", "rejected")])
def test_a_decision_needs_a_reason_and_takes_effect(operator, worker, appeal, decision, state):
    browser, address = browser_of(operator), reverse("hearing", args=[appeal.pk])
    for lacking in ({"decision": decision}, {"reason": "A dog it is."}, {"decision": "shrug", "reason": "x"}):
        assert browser.post(address, lacking).status_code == 422
    assert Appeal.objects.get().state == "open"
    browser.post(address, {"decision": decision, "reason": "A dog it is."})
    assert Assignment.objects.get(pk=appeal.assignment_id).state == state
    told = text_of(browser_of(worker).get(reverse("task", args=[appeal.assignment_id])))
    assert "A dog it is." in told
    assert "Operator" not in told


def test_deciding_twice_is_safe_and_deciding_otherwise_is_refused_with_the_reason_kept(operator, appeal):
    browser, address = browser_of(operator), reverse("hearing", args=[appeal.pk])
    for _click in range(2):
        assert browser.post(address, {"decision": "uphold", "reason": "A cat."}).status_code == 302
    response = browser.post(address, {"decision": "overturn", "reason": "No, a dog."})
    assert response.status_code == 409
    assert "This appeal has been decided already." in text_of(response)
    assert "No, a dog." in text_of(response)
    assert Appeal.objects.get().state == "upheld"


def test_whoever_had_a_part_is_told_so_and_refused(requester, operator, appeal):
    appoint_operator(person_id=requester.pk, by=operator, at=clock.now())
    browser, address = browser_of(requester), reverse("hearing", args=[appeal.pk])
    assert "somebody else must hear the appeal" in text_of(browser.get(address))
    response = browser.post(address, {"decision": "uphold", "reason": "Mine."})
    assert response.status_code == 403
    assert "Somebody who had no part in this work" in text_of(response)
    assert Appeal.objects.get().state == "open"


def test_an_appeal_that_never_was_is_not_found(operator):
    assert browser_of(operator).get(reverse("hearing", args=[10**9])).status_code == 404
