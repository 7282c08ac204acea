"""The requester's review: one, all shown, all of one worker; sending back, rejecting, thanking, blocking."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import NOON, a_project, a_requester, a_submission
from tests.web.pages import browser_of, text_of
from tests.work.decided import a_rejected_submission, a_returned_submission, a_reworked_submission

from canut.kernel import clock
from canut.ledger.models import Kind, LedgerEntry
from canut.ledger.queries import party_total_minor
from canut.people.models import Listing, Person
from canut.reputation.queries import standing_of
from canut.work.models import Assignment, Decision
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.sweep_deadlines import release_rejected_places

pytestmark = pytest.mark.django_db

HOSTILE = "</textarea><script>alert(1)</script>"


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def project(requester, at):
    return a_project(owner=requester, rows=6, answers=2, at=at - timedelta(hours=6))


@pytest.fixture
def began(at):
    return at - timedelta(hours=6)


@pytest.fixture
def browser(requester):
    return browser_of(requester)


def at_(name, project):
    return reverse(name, args=[project.pk])


def state_of(submission):
    return Assignment.objects.get(pk=submission.assignment_id).state


# --- Reading ----------------------------------------------------------------------------------------


def test_the_page_shows_the_task_the_answer_and_what_silence_will_do(browser, project, worker, began):
    a_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project)))
    for words in (
        "Picture",
        "A cat",
        "stored as <code>cat</code>",
        "Worker",
        "approved by itself on",
        "3\u00a0days",
    ):
        assert words in page
    assert "worker@example.org" not in page


def test_an_answer_can_never_run_script_in_the_requesters_page(browser, requester, worker, at):
    design = {
        "version": 1,
        "instructions": "",
        "items": [{"type": "long_text", "name": "why", "label": "Why?"}],
    }
    project = a_project(owner=requester, design=design, at=at)
    a_submission(worker=worker, project=project, answer={"why": HOSTILE}, at=at)
    page = text_of(browser.get(at_("review", project)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_an_empty_review_says_so(browser, project):
    assert "Nothing waits for your decision." in text_of(browser.get(at_("review", project)))


def test_who_narrows_to_what_is_decided_already_is_led_to_it(browser, project, worker, began):
    done = a_submission(worker=worker, project=project, at=began)
    browser.post(at_("approve", project), {"submission": done.pk})
    page = text_of(browser.get(at_("review", project) + f"?worker={worker.screen_name}"))
    assert "Nothing waits for your decision." in page
    (onward,) = re.findall(r'href="([^"]+)">Look at it whatever was decided', page)
    page = text_of(browser.get(onward.replace("&amp;", "&")))
    assert page.count('<article class="panel work"') == 1
    assert "whatever was decided" not in page.lower()


def test_one_by_one_shows_one_and_leads_on(browser, project, worker, began):
    for _each in range(2):
        a_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project) + "?one=1"))
    assert page.count('<article class="panel work"') == 1
    onward = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert text_of(browser.get(onward)).count('<article class="panel work"') == 1


def test_a_screen_name_that_nobody_has_is_said(browser, project):
    page = text_of(browser.get(at_("review", project) + "?worker=Nobody%20here"))
    assert "Nobody here has this screen name." in page


def test_the_figure_of_what_waits_is_a_conditional_request(browser, project, worker, peer, began):
    a_submission(worker=worker, project=project, at=began)
    first = browser.get(at_("review_waiting", project))
    assert "<strong>1</strong> waits" in text_of(first)
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert browser.get(at_("review_waiting", project), headers={"If-None-Match": etag}).status_code == 304
    a_submission(worker=peer, project=project, at=began)
    changed = browser.get(at_("review_waiting", project), headers={"If-None-Match": etag})
    assert (changed.status_code, "<strong>2</strong> wait" in text_of(changed)) == (200, True)


# --- Approving --------------------------------------------------------------------------------------


def test_approving_one_pays_it_and_returns_to_the_same_list(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    response = browser.post(
        at_("approve", project), {"submission": submission.pk, "back": "state=submitted&worker=Worker&evil=1"}
    )
    assert response.headers["Location"] == at_("review", project) + "?state=submitted&worker=Worker"
    assert state_of(submission) == "approved"
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 60


def test_approving_by_htmx_answers_with_the_piece_of_work_as_it_is_now(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    response = browser.post(
        at_("approve", project), {"submission": submission.pk}, headers={"HX-Request": "true"}
    )
    page = text_of(response)
    assert page.strip().startswith("<article")
    assert "Approved on" in page
    assert "Approve and pay" not in page


def test_all_shown_means_the_ids_on_the_page_and_nothing_that_came_later(
    browser, project, worker, peer, began
):
    shown = [a_submission(worker=worker, project=project, at=began) for _each in range(2)]
    page = text_of(browser.get(at_("review", project)))
    ids = re.findall(r'name="submissions" value="(\d+)"', page)
    assert "Approve all 2 shown and pay €1.20" in page
    later = a_submission(worker=peer, project=project, at=began)
    response = browser.post(at_("approve_shown", project), {"submissions": ids}, follow=True)
    assert "2 approved, €1.20." in text_of(response)
    assert [state_of(one) for one in shown] == ["approved", "approved"]
    assert state_of(later) == "submitted"


def test_what_was_decided_meanwhile_is_left_and_said(browser, project, requester, worker, began, at):
    shown = [a_submission(worker=worker, project=project, at=began) for _each in range(2)]
    approve_submission(submission_id=shown[0].pk, by=requester, at=at)
    response = browser.post(
        at_("approve_shown", project), {"submissions": [one.pk for one in shown]}, follow=True
    )
    assert "1 approved, €0.60." in text_of(response)
    assert "1 had been decided meanwhile" in text_of(response)


def test_all_of_one_worker_means_what_the_page_counted(browser, project, worker, peer, began):
    mine = [a_submission(worker=worker, project=project, at=began) for _each in range(2)]
    other = a_submission(worker=peer, project=project, at=began)
    page = text_of(browser.get(at_("review", project)))
    assert "Approve all 2 of theirs that wait and pay €1.20" in page
    up_to = re.search(
        rf'name="worker" value="{worker.pk}"> <input type="hidden" name="up_to" value="(\d+)"', page
    )
    later = a_submission(worker=worker, project=project, at=began)
    response = browser.post(
        at_("approve_worker", project), {"worker": worker.pk, "up_to": up_to[1], "of": "2"}, follow=True
    )
    assert "2 approved, €1.20." in text_of(response)
    assert [state_of(one) for one in (*mine, later, other)] == [
        "approved",
        "approved",
        "submitted",
        "submitted",
    ]


def test_more_than_a_thousand_are_approved_in_steps_with_progress(
    browser, project, worker, began, monkeypatch
):
    monkeypatch.setattr("canut.work.usecases.approve_submission.MOST_AT_ONCE", 2)
    monkeypatch.setattr("canut.web.review.views.MOST_AT_ONCE", 2)
    up_to = max(a_submission(worker=worker, project=project, at=began).pk for _each in range(5))
    fields = {"worker": worker.pk, "up_to": up_to, "of": 5, "back": "state=approved"}
    counts = []
    for _step in range(2):
        response = browser.post(at_("approve_worker", project), fields)
        page = text_of(response)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
        counts.append((fields["done"], fields["paid"], re.search(r"(\d+) of 5 so far", page)[1]))
    assert counts == [("2", "120", "2"), ("4", "240", "4")]
    response = browser.post(at_("approve_worker", project), fields, follow=True)
    assert "5 approved, €3.00." in text_of(response)
    assert response.redirect_chain[-1][0].endswith("?state=approved")


# --- Sending back and rejecting ----------------------------------------------------------------------


def test_sending_back_needs_a_reason_and_tells_the_consequence_beside_it(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project)))
    assert "the rework pays €0.50 more" in page
    assert "Reject without pay" not in page
    fields = {"submission": submission.pk, "assignment": submission.assignment_id}
    empty = browser.post(at_("return", project), fields | {"reason": "  "})
    assert empty.status_code == 422
    assert "This field is required." in text_of(empty)
    assert state_of(submission) == "submitted"
    browser.post(at_("return", project), fields | {"reason": "Look at the ears."})
    assert state_of(submission) == "returned"
    again = browser.post(at_("return", project), fields | {"reason": "Once more."}, follow=True)
    assert Decision.objects.filter(submission=submission).count() == 1
    assert again.status_code == 200


def test_rejecting_needs_ground_evidence_and_reason_and_tells_the_consequence(
    browser, project, worker, began
):
    submission = a_reworked_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project)))
    assert "€1.10 stays set aside for 7 days" in page
    fields = {
        "submission": submission.pk,
        "assignment": submission.assignment_id,
        "ground": "wrong_answer",
        "evidence": HOSTILE,
        "reason": "No.",
    }
    for missing in ("ground", "evidence", "reason"):
        response = browser.post(at_("reject", project), fields | {missing: ""})
        assert response.status_code == 422
        assert "This field is required." in text_of(response)
        assert "<script>alert" not in text_of(response)
    assert browser.post(at_("reject", project), fields | {"ground": "because"}).status_code == 422
    assert state_of(submission) == "submitted"
    response = browser.post(at_("reject", project), fields, follow=True)
    assert "may appeal" in text_of(response)
    assert state_of(submission) == "rejected"


def test_a_first_attempt_cannot_be_rejected_whatever_is_sent(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    fields = {
        "submission": submission.pk,
        "assignment": submission.assignment_id,
        "ground": "copied",
        "evidence": "x",
        "reason": "What I typed",
    }
    response = browser.post(at_("reject", project), fields)
    assert response.status_code == 422
    assert "Send the work back once, saying what to change, before you reject it." in text_of(response)
    assert state_of(submission) == "submitted"


def test_a_mistake_by_htmx_keeps_the_form_open_with_what_was_typed(browser, project, worker, began):
    submission = a_reworked_submission(worker=worker, project=project, at=began)
    response = browser.post(
        at_("reject", project),
        {
            "submission": submission.pk,
            "assignment": submission.assignment_id,
            "evidence": "Whiskers",
            "reason": "x",
        },
        headers={"HX-Request": "true"},
    )
    page = text_of(response)
    assert response.status_code == 422
    assert re.search(r"<details open> <summary>Reject", page)
    assert "Whiskers" in page


def test_a_change_of_mind_pays_a_rejected_submission_and_says_from_where(browser, project, worker, began, at):
    kept, released = (a_rejected_submission(worker=worker, project=project, at=began) for _each in range(2))
    page = text_of(browser.get(at_("review", project) + "?state=rejected"))
    assert "Approve after all and pay €1.10" in page
    assert "from your balance" not in page
    browser.post(at_("approve", project), {"submission": kept.pk})
    assert state_of(kept) == "approved"
    release_rejected_places(at=at + timedelta(days=9))
    page = text_of(browser.get(at_("review", project) + "?state=rejected"))
    assert "this is paid from your balance" in page
    browser.post(at_("approve", project), {"submission": released.pk})
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 220


# --- Bonus and block ----------------------------------------------------------------------------------


def test_a_bonus_is_paid_once_however_often_its_form_is_sent(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project)))
    key = re.search(r'name="key" value="([0-9a-f]{32})"', page)[1]
    fields = {"assignment": submission.assignment_id, "amount": "1,50", "reason": "Thank you", "key": key}
    for _click in range(2):
        response = browser.post(at_("bonus", project), fields, follow=True)
        assert "Bonus paid: €1.50." in text_of(response)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 150
    changed = browser.post(at_("bonus", project), fields | {"amount": "2.00"})
    assert "This payment was made before with other details." in text_of(changed)
    fresh = re.search(r'name="key" value="([0-9a-f]{32})" id="bonus_', text_of(changed))[1]
    assert fresh != key
    browser.post(at_("bonus", project), fields | {"amount": "2.00", "key": fresh})
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 350


@pytest.mark.parametrize("amount", ["0", "-1", "1.234", "a lot", "", "99999999"])
def test_a_bonus_that_cannot_be_paid_is_refused_with_what_was_typed(browser, project, worker, began, amount):
    submission = a_submission(worker=worker, project=project, at=began)
    fields = {
        "assignment": submission.assignment_id,
        "reason": "Kind words",
        "key": "0" * 32,
        "amount": amount,
    }
    response = browser.post(at_("bonus", project), fields)
    assert response.status_code == 422
    assert 'value="Kind words"' in text_of(response)
    assert not LedgerEntry.objects.filter(reason="bonus").exists()


def test_blocking_needs_a_reason_that_the_worker_reads_and_can_be_undone(browser, project, worker, began):
    submission = a_submission(worker=worker, project=project, at=began)
    fields = {"assignment": submission.assignment_id, "worker": worker.pk}
    assert browser.post(at_("block", project), fields).status_code == 422
    browser.post(at_("block", project), fields | {"told": "Far too fast."})
    assert Listing.objects.get(person_id=worker.pk).told == "Far too fast."
    page = text_of(browser.get(at_("review", project)))
    assert "Far too fast." in page
    browser.post(at_("unblock", project), {"worker": worker.pk})
    assert not Listing.objects.exists()


def test_a_form_that_is_not_ours_finds_nothing(browser, project, worker, began):
    a_submission(worker=worker, project=project, at=began)
    for name in ("approve", "return", "reject", "bonus", "block", "unblock", "approve_worker"):
        for junk in ({}, {"submission": "x", "assignment": "x", "worker": "-1"}, {"assignment": "9" * 40}):
            assert browser.post(at_(name, project), junk).status_code == 404, name


def test_another_requester_cannot_decide_through_a_project_of_their_own(project, worker, began, at):
    rival = a_requester("rival")
    own = a_project(owner=rival, at=at)
    submission = a_submission(worker=worker, project=project, at=began)
    foreign = browser_of(rival)
    sent = {"submission": submission.pk, "assignment": submission.assignment_id, "worker": worker.pk}
    words = {"reason": "x", "ground": "copied", "evidence": "x", "amount": "1", "key": "0" * 32}
    for name in ("approve", "return", "reject", "bonus"):
        assert foreign.post(at_(name, own), sent | words).status_code == 404, name
    foreign.post(at_("approve_shown", own), {"submissions": [submission.pk]})
    foreign.post(at_("approve_worker", own), {"worker": worker.pk, "up_to": submission.pk})
    assert state_of(submission) == "submitted"
    assert not LedgerEntry.objects.filter(reason__in=["reward", "bonus"]).exists()


def test_returned_work_says_until_when_it_can_come_back(browser, project, worker, began):
    a_returned_submission(worker=worker, project=project, at=began)
    page = text_of(browser.get(at_("review", project) + "?state=returned"))
    assert "Sent back on" in page
    assert "with time until" in page


def test_a_rating_is_given_with_its_consequence_beside_it_and_can_be_changed(
    requester: Person, worker: Person
) -> None:
    project = a_project(owner=requester)
    done = a_submission(worker=worker, project=project)
    browser = browser_of(requester)
    page = browser.get(reverse("review", args=[project.pk])).content.decode()
    assert "early access to my next tasks" in page
    assert 'aria-pressed="true"' not in page
    for value, weight in (("plus", 3), ("minus", 1)):
        sent = {"submission": done.pk, "rating": value}
        assert browser.post(reverse("rate_worker", args=[project.pk]), sent).status_code == 302
        standing = standing_of(worker.pk, requester_id=requester.pk, group_id=project.group_id, at=NOON)
        assert standing.value == weight
    assert (
        browser.get(reverse("review", args=[project.pk])).content.decode().count('aria-pressed="true"') == 1
    )


@pytest.mark.parametrize("sent", [{"rating": "best"}, {"rating": "plus", "submission": 2**60}, {}])
def test_a_rating_of_nothing_is_not_found(requester: Person, worker: Person, sent: dict[str, object]) -> None:
    project = a_project(owner=requester)
    done = a_submission(worker=worker, project=project)
    answer = browser_of(requester).post(
        reverse("rate_worker", args=[project.pk]), {"submission": done.pk, **sent}
    )
    assert answer.status_code == 404


def test_nobody_rates_in_somebody_elses_project(requester: Person, worker: Person, stranger: Person) -> None:
    project = a_project(owner=requester)
    done = a_submission(worker=worker, project=project)
    sent = {"submission": done.pk, "rating": "plus"}
    for who in (worker, stranger):
        assert browser_of(who).post(reverse("rate_worker", args=[project.pk]), sent).status_code == 404
