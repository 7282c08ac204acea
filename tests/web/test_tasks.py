"""The worker's pages: doing a task, with and without scripts, and looking back on one's work."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from tests.builders import a_project, a_submission, taken
from tests.web.pages import browser_of, text_of
from tests.work.decided import (
    EVIDENCE,
    WHY_REJECTED,
    WHY_RETURNED,
    a_rejected_submission,
    a_returned_submission,
)

from canut.kernel import clock
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.reputation.queries import own_regard
from canut.work.models import Appeal, Assignment, Draft, Submission, WorkerChoice
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.expire_leases import expire_leases
from canut.work.work_token import read

pytestmark = pytest.mark.django_db

HOSTILE = "</textarea><script>alert(1)</script>"


@pytest.fixture
def at():
    return clock.now()


def hand_in(browser, assignment, **fields):
    fields = {"answer-label": "cat", "next_was": "1", "next": "1"} | fields
    return browser.post(
        reverse("hand_in", args=[assignment.pk]), {k: v for k, v in fields.items() if v is not None}
    )


# --- The task page ----------------------------------------------------------------------------------


def test_the_page_shows_pay_the_lease_and_a_token_for_the_fast_lane(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    page = text_of(browser_of(worker).get(reverse("task", args=[assignment.pk])))
    for words in ("€0.60", "€18.00", "2\xa0min", "Requester", "Say what the picture shows.", "Picture"):
        assert words in page
    lease_until = timezone.localtime(assignment.lease_until, ZoneInfo(worker.time_zone))
    assert f'data-lease-until="{lease_until.isoformat()}"' in page
    token = read(re.search(r'name="work_token" value="([^"]+)"', page)[1], now=at.timestamp())
    assert (token.worker_id, token.assignment_id, token.revision_id) == (
        worker.pk,
        assignment.pk,
        assignment.revision_id,
    )
    assert token.expires_at == int(assignment.lease_until.timestamp())


def test_handing_in_leads_to_the_next_task_in_the_same_step(requester, worker, at):
    project = a_project(owner=requester, at=at)
    assignment = taken(worker=worker, project=project, at=at)
    response = hand_in(browser_of(worker), assignment, active_seconds="75")
    following = Assignment.objects.get(worker=worker, state="held")
    assert response.headers["Location"] == reverse("task", args=[following.pk])
    assert Submission.objects.get(assignment=assignment).active_seconds == 75


def test_handing_in_without_the_wish_for_the_next_stays_and_the_wish_is_kept(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser = browser_of(worker)
    response = hand_in(browser, assignment, next=None)
    assert response.headers["Location"] == reverse("task", args=[assignment.pk])
    assert not Assignment.objects.filter(worker=worker, state="held").exists()
    assert not WorkerChoice.objects.get(worker=worker).takes_next
    another = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    page = text_of(browser.get(reverse("task", args=[another.pk])))
    assert 'name="next" value="1" hx-post' in page  # no "checked"
    assert 'name="next_was" value=""' in page


def test_the_last_task_leads_to_the_feed_with_the_reason(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, rows=1, at=at), at=at)
    response = browser_of(worker).post(
        reverse("hand_in", args=[assignment.pk]),
        {"answer-label": "cat", "next": "1", "next_was": "1"},
        follow=True,
    )
    assert response.redirect_chain[-1][0] == reverse("feed")
    assert "There is no task left for you in this project." in text_of(response)


def test_handing_in_twice_is_safe(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser = browser_of(worker)
    first, second = (hand_in(browser, assignment) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Submission.objects.filter(assignment=assignment).count() == 1


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(requester, worker, at):
    design = {
        "version": 1,
        "instructions": "",
        "items": [
            {"type": "number", "name": "age", "label": "How old?", "max": 120},
            {"type": "long_text", "name": "why", "label": "Why?"},
        ],
    }
    project = a_project(owner=requester, design=design, at=at)
    assignment = taken(worker=worker, project=project, at=at)
    response = browser_of(worker).post(
        reverse("hand_in", args=[assignment.pk]),
        {"answer-age": "999", "answer-why": HOSTILE, "active_seconds": "90"},
    )
    page = text_of(response)
    assert response.status_code == 422
    assert "The largest number allowed is 120." in page
    assert 'value="999"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "Nothing was handed in yet" in page
    assert Assignment.objects.get(pk=assignment.pk).state == "held"


def test_time_that_ran_out_is_said_in_its_own_words_and_the_answer_is_kept(requester, worker, at):
    project = a_project(owner=requester, rows=1, at=at - timedelta(hours=1))
    assignment = taken(worker=worker, project=project, at=at - timedelta(hours=1))
    browser = browser_of(worker)
    for swept in (False, True):
        if swept:
            expire_leases(at=at)
        response = hand_in(browser, assignment)
        page = text_of(response)
        assert response.status_code == 409
        assert "This assignment ran out of time at" in page
        assert "What you typed" in page
        assert re.search(r'value="cat"[^>]*checked', page)
        assert "Take this task again" in page
        assert Draft.objects.get(assignment=assignment).answer == {"label": "cat"}
    again = browser.post(reverse("take_task", args=[project.pk]), {"task": assignment.task_id}, follow=True)
    assert re.search(r'value="cat"[^>]*checked', text_of(again))


def test_another_answer_to_work_that_was_handed_in_is_refused_and_shown(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, rows=1, at=at), at=at)
    browser = browser_of(worker)
    hand_in(browser, assignment)
    response = hand_in(browser, assignment, **{"answer-label": "dog"})
    page = text_of(response)
    assert response.status_code == 409
    assert "what you handed in first stands" in page
    assert re.search(r'value="dog"[^>]*checked', page)
    assert Submission.objects.get(assignment=assignment).answer == {"label": "cat"}


def test_the_twin_needs_the_csrf_token_and_takes_it_from_the_form(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser = browser_of(worker, checks_csrf=True)
    page = text_of(browser.get(reverse("task", args=[assignment.pk])))
    assert hand_in(browser, assignment).status_code == 403
    form = re.search(r'<form id="task-form".*?</form>', page)[0]
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[1]
    assert hand_in(browser, assignment, csrfmiddlewaretoken=token).status_code == 302
    assert Assignment.objects.get(pk=assignment.pk).state == "submitted"


# --- Time ------------------------------------------------------------------------------------------


def test_what_the_worker_states_stands_before_what_the_timer_counted(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    hand_in(browser_of(worker), assignment, active_seconds=["75", "120"])
    assert Submission.objects.get(assignment=assignment).active_seconds == 120


@pytest.mark.parametrize("sent", [["75", ""], ["75"], ["", "75"]])
def test_nothing_stated_leaves_it_to_the_timer(requester, worker, at, sent):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    hand_in(browser_of(worker), assignment, active_seconds=sent)
    assert Submission.objects.get(assignment=assignment).active_seconds == 75


@pytest.mark.parametrize("sent", ["-5", "abc", "99999999999", "1.5", ""])
def test_a_time_that_is_none_is_not_kept(requester, worker, at, sent):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    assert hand_in(browser_of(worker), assignment, active_seconds=sent).status_code == 302
    assert Submission.objects.get(assignment=assignment).active_seconds is None


def test_short_tasks_are_timed_to_the_second_and_long_ones_to_the_half_minute(requester, worker, at):
    browser = browser_of(worker)
    short = taken(worker=worker, project=a_project(owner=requester, expected_seconds=60, at=at), at=at)
    assert 'type="number" name="active_seconds" min="1" max="600"' in text_of(
        browser.get(reverse("task", args=[short.pk]))
    )
    long = taken(worker=worker, project=a_project(owner=requester, expected_seconds=120, at=at), at=at)
    page = text_of(browser.get(reverse("task", args=[long.pk])))
    assert '<option value="30">30\xa0s</option>' in page
    assert '<option value="90">1\xa0min\xa030\xa0s</option>' in page


# --- Drafts, skipping, giving back -------------------------------------------------------------------


def test_the_draft_is_kept_by_the_script_without_a_page_and_by_the_button_with_one(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser, address = browser_of(worker), reverse("keep_draft", args=[assignment.pk])
    assert browser.post(address, {"answer-label": "dog", "answer-unknown": "x"}).status_code == 204
    assert Draft.objects.get(assignment=assignment).answer == {"label": "dog"}
    response = browser.post(address, {"answer-label": "cat", "keep": "1"}, follow=True)
    assert "Your draft is kept." in text_of(response)
    assert re.search(r'value="cat"[^>]*checked', text_of(response))


def test_skipping_leads_to_another_task_at_once(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    response = browser_of(worker).post(reverse("skip_task", args=[assignment.pk]))
    following = Assignment.objects.get(worker=worker, state="held")
    assert response.headers["Location"] == reverse("task", args=[following.pk])
    assert following.task_id != assignment.task_id


def test_skipping_the_only_task_says_that_it_comes_again(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, rows=1, at=at), at=at)
    response = browser_of(worker).post(reverse("skip_task", args=[assignment.pk]), follow=True)
    assert "here is this task again" in text_of(response)


def test_giving_back_leads_to_the_project(requester, worker, at):
    project = a_project(owner=requester, at=at)
    assignment = taken(worker=worker, project=project, at=at)
    response = browser_of(worker).post(reverse("give_back_task", args=[assignment.pk]), follow=True)
    assert response.redirect_chain[-1][0] == reverse("project", args=[project.pk])
    assert Assignment.objects.get(pk=assignment.pk).state == "given_back"


# --- Returned, rejected, decided ---------------------------------------------------------------------


def test_returned_work_shows_reason_old_answer_true_deadline_and_what_rework_pays(requester, worker, at):
    project = a_project(owner=requester, at=at - timedelta(hours=2))
    submission = a_returned_submission(worker=worker, project=project, at=at - timedelta(hours=2))
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("task", args=[submission.assignment_id])))
    assert WHY_RETURNED in page
    assert "€0.50" in page
    assert re.search(r'value="cat"[^>]*checked', page)
    assert reverse("skip_task", args=[submission.assignment_id]) not in page
    hand_in(browser, submission.assignment, **{"answer-label": "dog"})
    assert Submission.objects.get(assignment=submission.assignment_id, attempt=2).answer == {"label": "dog"}


def test_a_badge_counts_what_came_back_on_every_page(requester, worker, at):
    browser = browser_of(worker)
    assert "returned</span>" not in text_of(browser.get(reverse("account")))
    project = a_project(owner=requester, at=at - timedelta(hours=2))
    a_returned_submission(worker=worker, project=project, at=at - timedelta(hours=2))
    page = text_of(browser.get(reverse("account")))
    assert '<span class="badge" title="1 returned">1</span>' in page


def test_a_rejection_is_appealed_in_one_click_from_the_list_or_with_words_from_its_page(
    requester, worker, at
):
    browser = browser_of(worker)
    began = at - timedelta(hours=5)
    project = a_project(owner=requester, at=began)
    first, second = (a_rejected_submission(worker=worker, project=project, at=began) for _each in range(2))
    page = text_of(browser.get(reverse("task", args=[first.assignment_id])))
    assert WHY_REJECTED in page
    assert EVIDENCE in page
    assert reverse("appeal", args=[second.assignment_id]) in text_of(browser.get(reverse("my_work")))
    browser.post(reverse("appeal", args=[second.assignment_id]))
    response = browser.post(reverse("appeal", args=[first.assignment_id]), {"words": HOSTILE}, follow=True)
    assert "Your appeal is open." in text_of(response)
    assert "<script>alert" not in text_of(response)
    assert sorted(Appeal.objects.values_list("words", flat=True)) == ["", HOSTILE]
    assert "appeal open" in text_of(browser.get(reverse("my_work")))


def test_words_too_long_are_refused_at_their_field_with_the_words_still_there(requester, worker, at):
    began = at - timedelta(hours=5)
    rejected = a_rejected_submission(worker=worker, project=a_project(owner=requester, at=began), at=began)
    response = browser_of(worker).post(
        reverse("appeal", args=[rejected.assignment_id]), {"words": "dogs " * 500}
    )
    assert response.status_code == 422
    assert "dogs dogs" in text_of(response)
    assert not Appeal.objects.exists()


def test_whoever_is_blocked_reads_why_on_the_project_and_beside_their_work(requester, worker, at):
    project = a_project(owner=requester, at=at - timedelta(hours=1))
    submission = a_submission(worker=worker, project=project, at=at - timedelta(hours=1))
    block_person(person_id=worker.pk, by=requester, reason="private note", told="Far too fast.", at=at)
    browser = browser_of(worker)
    for address in (reverse("project", args=[project.pk]), reverse("task", args=[submission.assignment_id])):
        page = text_of(browser.get(address))
        assert "Far too fast." in page
        assert "private note" not in page


# --- Lists and earnings -------------------------------------------------------------------------------


def test_my_work_lists_what_is_in_hand_and_what_became_of_the_rest(requester, worker, at):
    project = a_project(owner=requester, title="Cats & dogs", at=at - timedelta(hours=1))
    a_submission(worker=worker, project=project, at=at - timedelta(hours=1))
    taken(worker=worker, project=project, at=at)
    browser = browser_of(worker)
    page = text_of(browser.get(reverse("my_work")))
    assert "Cats &amp; dogs" in page
    assert "hand in by" in page
    assert "approved by itself on" in page
    assert "Nothing of this kind." in text_of(browser.get(reverse("my_work") + "?show=rejected"))


def test_earnings_show_sums_paydays_and_lines(requester, worker, at):
    submission = a_submission(worker=worker, project=a_project(owner=requester, at=at), at=at)
    approve_submission(submission_id=submission.pk, by=requester, at=at)
    page = text_of(browser_of(worker).get(reverse("earnings")))
    for words in ("€0.60 on", "€36.00", "Service fee: 6.5 %, 0.039\xa0EUR", "Payable by"):
        assert words in page


def test_the_pages_speak_french_and_write_money_the_french_way(requester, worker, at):
    Person.objects.filter(pk=worker.pk).update(locale="fr")
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    page = text_of(browser_of(Person.objects.get(pk=worker.pk)).get(reverse("task", args=[assignment.pk])))
    assert "0,60\xa0€" in page
    translation.deactivate()


def test_the_requester_is_rated_with_handing_in_beside_what_it_brings_about(requester, worker, at):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser = browser_of(worker)
    page = browser.get(reverse("task", args=[assignment.pk])).content.decode()
    assert "bottom of my feed" in page
    hand_in(browser, assignment, rating="minus")
    assert own_regard(worker.pk, requester.pk) == 1
    browser.post(reverse("rate_requester", args=[assignment.pk]), {"rating": "plus"})
    assert own_regard(worker.pk, requester.pk) == 3
    assert "your rating so far" in browser.get(reverse("task", args=[assignment.pk])).content.decode()


@pytest.mark.parametrize("sent", ["", "best"])
def test_who_chooses_no_rating_gives_none(requester, worker, at, sent):
    assignment = taken(worker=worker, project=a_project(owner=requester, at=at), at=at)
    browser = browser_of(worker)
    assert hand_in(browser, assignment, rating=sent).status_code == 302
    browser.post(reverse("rate_requester", args=[assignment.pk]), {"rating": sent})
    assert own_regard(worker.pk, requester.pk) is None
