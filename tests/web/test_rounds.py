"""Prototype rounds and revisions through the pages alone: a vague design stops, its revision passes."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import CHOICE_DESIGN, a_draft, a_worker
from tests.web.page_forms import sent_of
from tests.web.pages import browser_of, text_of

from canut.kernel import clock
from canut.people.models import Person
from canut.work.models import Assignment, Draft, Place, Project, Revision, Round, RoundFeedback, Submission
from canut.work.usecases.decide_round import decide_what_stalls
from canut.work.usecases.launch_project import launch_by_itself

pytestmark = pytest.mark.django_db

WORDS = "I wish there was an example of a cat."


@pytest.fixture
def studio(client: Client, requester: Person) -> Client:
    client.force_login(requester)
    return client


def text(response: Any) -> str:
    """Return a page's words: no markup, single spaces."""
    assert response.status_code < 500
    words = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(words.replace("&#x27;", "'").split())


def page(browser: Client, name: str, *args: Any) -> str:
    return text(browser.get(reverse(name, args=args)))


def a_large_draft(requester: Person, **details: Any) -> Project:
    """Return a draft of 16 tasks with 4 answers each: its round has 4 tasks × 2 workers, 3 for one worker."""
    return a_draft(owner=requester, rows=16, answers=4, at=clock.now(), **details)


def publish(studio: Client, project: Project, **typed: Any) -> Any:
    """Press the button of the publish page for the total that it shows."""
    shown = studio.get(reverse("project_publish", args=[project.pk]))
    total = shown.context["priced"].quote.total_minor
    sent = {"publish": "1", "agreed_minor": str(total), "asks_launch": "1", **typed}
    return studio.post(reverse("project_publish", args=[project.pk]), sent, follow=True)


def does_a_task(
    browser: Client, project: Project, *, vote: str, words: str = WORDS, seconds: int = 90
) -> Any:
    """Take a task by the project's page and hand it in by the task's, without the wish for another."""
    taken = browser.post(reverse("take_task", args=[project.pk]), follow=True)
    assignment = Assignment.objects.get(worker=browser_worker(browser), state="held", project=project)
    assert taken.redirect_chain[-1][0] == reverse("task", args=[assignment.pk])
    said = {"feedback_verdict": vote, "feedback_unclear": words} if vote else {}
    address = reverse("hand_in", args=[assignment.pk])
    return browser.post(address, {"answer-label": "cat", "active_seconds": str(seconds), **said}, follow=True)


def browser_worker(browser: Client) -> int:
    return int(browser.session["_auth_user_id"])


def a_round(project: Project, *, publish: int, revise: int = 0, seconds: int = 90) -> None:
    """Have a worker for each place of the running round do one task, so many voting this way and that."""
    for vote in ["publish"] * publish + ["revise"] * revise:
        browser = Client()
        browser.force_login(a_worker(at=clock.now()))
        does_a_task(browser, project, vote=vote, seconds=seconds)


def test_a_vague_design_is_stopped_at_the_gate_and_its_revision_passes(requester, studio):
    """CHECKS 45, from start to end."""
    project = a_large_draft(requester)
    shown = page(studio, "project_publish", project.pk)
    assert "a prototype round of 8 answers (tasks × workers for each: 4 × 2)" in shown
    assert "Later, for the rest, if the round passes" in shown
    opened = publish(studio, project)
    assert opened.redirect_chain[-1][0] == reverse("project_round", args=[project.pk])
    assert "The prototype round is open" in text(opened)
    assert Place.objects.filter(project=project).count() == 8

    a_round(project, publish=5, revise=3)
    first = Round.objects.get(project=project)
    assert first.state == "stopped"
    shown = page(studio, "project_round", project.pk)
    assert "The workers of this round asked for a revision." in shown
    assert "Votes to revise 3" in shown
    assert WORDS in shown
    assert "an example is wanted" in shown
    names = Person.objects.filter(is_worker=True).values_list("party__screen_name", flat=True)
    assert not any(name in shown for name in names)

    # there is no way around: not by launching, not by publishing what is unchanged
    refused = studio.post(reverse("launch_project", args=[project.pk]), {"agreed_minor": "0"})
    assert refused.status_code >= 400
    assert Place.objects.filter(project=project, state="open").count() == 0
    begun = studio.post(reverse("begin_revision", args=[project.pk]), {"answers": "keep"}, follow=True)
    assert begun.redirect_chain[-1][0] == reverse("project_design", args=[project.pk])
    assert "nothing was changed since" in page(studio, "project_publish", project.pk)
    assert publish(studio, project).status_code >= 400
    assert Round.objects.filter(project=project).count() == 1

    # a revision, by the ordinary page of the design, with a readable difference
    form = sent_of(studio.get(reverse("project_design", args=[project.pk])), "design-form")
    typed = {**form, "instructions": "Say what the picture shows. Example: whiskers are a cat.", "do": "keep"}
    studio.post(reverse("project_design", args=[project.pk]), typed, follow=True)
    differs = studio.get(reverse("project_revision", args=[project.pk]))
    assert "<ins>" in differs.content.decode()
    assert "whiskers" in text(differs)
    again = publish(studio, project)
    assert again.redirect_chain[-1][0] == reverse("project_round", args=[project.pk])
    second = Round.objects.get(project=project, state="running")
    assert second.revision.number == 2

    a_round(project, publish=second.places - 1, revise=1)
    second.refresh_from_db()
    assert second.state == "passed"
    shown = studio.get(reverse("project_round", args=[project.pk]))
    assert "The round has passed." in text(shown)
    total = shown.context["page"].price.now.total_minor
    assert "Launch the rest and set" in text(shown)
    for _click in range(2):  # a double click launches once
        launched = studio.post(
            reverse("launch_project", args=[project.pk]), {"agreed_minor": str(total)}, follow=True
        )
    assert launched.status_code == 200
    project.refresh_from_db()
    assert project.state == "live"
    in_all = Place.objects.filter(project=project)
    assert in_all.exclude(state="closed").count() == 64

    # comments and results keep their revision
    assert page(studio, "project_round", project.pk).count(WORDS) >= 1
    old = studio.get(reverse("project_round", args=[project.pk]), {"revision": "1"})
    assert "another one came after it" in text(old)
    results = studio.get(reverse("results", args=[project.pk]))
    assert results.context["figures"]["handed_in"] == second.places
    assert "the answers to revision 2 alone" in text(results)
    both = studio.get(reverse("results", args=[project.pk]), {"revision": "all"})
    assert both.context["figures"]["handed_in"] == 8 + second.places


def test_the_rest_launches_by_itself_if_that_was_ticked(requester, studio):
    project = a_large_draft(requester)
    publish(studio, project, launches_itself="1")
    assert "opens by itself" in page(studio, "project_round", project.pk)
    a_round(project, publish=8)
    assert launch_by_itself(project_id=project.pk, at=clock.now())
    assert Place.objects.filter(project=project).exclude(state="closed").count() == 64
    assert "The rest has been open since" in page(studio, "project_round", project.pk)


# --- The worker's side ----------------------------------------------------------------------------


@pytest.fixture
def tried(requester: Person, studio: Client) -> Project:
    project = a_large_draft(requester)
    publish(studio, project)
    return project


def test_the_task_page_says_that_it_is_a_try_and_asks_for_words_and_a_vote(tried, worker):
    browser = browser_of(worker)
    shown = browser.post(reverse("take_task", args=[tried.pk]), follow=True)
    words = text(shown)
    for said in (
        "a try of a new design",
        "paid in full and cannot be returned or rejected",
        "What is unclear",
    ):
        assert said in words
    assert 'maxlength="1024"' in shown.content.decode()
    assert "feedback.js" in shown.content.decode()


def test_nothing_is_lost_if_feedback_is_missing(tried, worker):
    browser = browser_of(worker)
    browser.post(reverse("take_task", args=[tried.pk]))
    assignment = Assignment.objects.get(worker=worker)
    address = reverse("hand_in", args=[assignment.pk])
    refused = browser.post(address, {"answer-label": "dog", "feedback_unclear": "I like it\r\nso far"})
    assert refused.status_code == 422
    assert "Choose one of the two." in text(refused)
    form = sent_of(refused, "task-form")
    assert form["answer-label"] == ["dog"]
    assert form["feedback_unclear"][0].split() == ["I", "like", "it", "so", "far"]
    kept = Draft.objects.get(assignment=assignment)
    assert kept.answer == {"label": "dog"}
    assert kept.feedback == {"unclear": "I like it\nso far"}
    # coming back later, both are there, and handing in is one step
    form = sent_of(browser.get(reverse("task", args=[assignment.pk])), "task-form")
    assert form["feedback_unclear"][0].split() == ["I", "like", "it", "so", "far"]
    sent = {**form, "feedback_verdict": "publish", "next": "", "active_seconds": "90"}
    browser.post(address, sent)
    assert Submission.objects.filter(assignment=assignment).count() == 1
    voted = RoundFeedback.objects.get(worker=worker)
    assert (voted.verdict, voted.unclear) == ("publish", "I like it\nso far")


def test_words_that_are_too_long_are_refused_beside_the_field(tried, worker):
    browser = browser_of(worker)
    browser.post(reverse("take_task", args=[tried.pk]))
    assignment = Assignment.objects.get(worker=worker)
    sent = {"answer-label": "dog", "feedback_unclear": "x" * 1025, "feedback_verdict": "publish"}
    refused = browser.post(reverse("hand_in", args=[assignment.pk]), sent)
    assert refused.status_code >= 400
    assert "1024" in text(refused).replace(",", "")
    assert not Submission.objects.exists()
    sent["feedback_unclear"] = "x" * 1024
    browser.post(reverse("hand_in", args=[assignment.pk]), sent)
    assert Submission.objects.count() == 1


def test_a_later_hand_in_of_the_round_comes_with_the_vote_filled_in(tried, worker):
    browser = browser_of(worker)
    does_a_task(browser, tried, vote="revise")
    taken = browser.post(reverse("take_task", args=[tried.pk]), follow=True)
    assert "Your vote stands" in text(taken)
    form = sent_of(taken, "task-form")
    assert form["feedback_verdict"] == ["revise"]
    assert form["feedback_unclear"][0].strip() == WORDS
    assignment = Assignment.objects.get(worker=worker, state="held")
    sent = {"answer-label": "cat", "feedback_verdict": "publish", "feedback_unclear": "What if"}
    browser.post(reverse("hand_in", args=[assignment.pk]), sent)
    voted = RoundFeedback.objects.get(worker=worker)
    assert (voted.verdict, voted.unclear) == ("publish", "What if")
    shown = text_of(browser.get(reverse("task", args=[assignment.pk])))
    assert "You voted to publish it as it is." in shown


def test_hostile_words_are_only_words(tried, worker, studio):
    hostile = "</textarea><script>alert(1)</script>"
    does_a_task(browser_of(worker), tried, vote="revise", words=hostile)
    for browser, address in (
        (studio, reverse("project_round", args=[tried.pk])),
        (browser_of(worker), reverse("task", args=[Assignment.objects.get().pk])),
    ):
        assert "<script>alert" not in browser.get(address).content.decode()


# --- Revisions ------------------------------------------------------------------------------------


def test_beginning_twice_and_in_two_tabs_gives_one_revision(tried, studio):
    for _click in range(2):
        studio.post(reverse("begin_revision", args=[tried.pk]), {"answers": "keep"})
    assert Revision.objects.filter(project=tried).count() == 2
    # a tab that was opened before discards after another one did: nothing happens twice
    for _tab in range(2):
        done = studio.post(reverse("discard_revision", args=[tried.pk]), follow=True)
        assert done.status_code == 200
    assert Revision.objects.filter(project=tried).count() == 1
    assert "Begin a revision" in page(studio, "project_revision", tried.pk)


def test_discarding_asks_first_and_names_what_is_lost(tried, studio):
    studio.post(reverse("begin_revision", args=[tried.pk]), {"answers": "anew", "x": ""})
    asked = page(studio, "discard_revision", tried.pk)
    assert "Throw revision 2 away?" in asked
    assert Revision.objects.filter(project=tried).count() == 2


def test_asking_anew_is_a_choice_that_must_be_made(tried, studio):
    refused = studio.post(reverse("begin_revision", args=[tried.pk]), {"answers": "perhaps"})
    assert refused.status_code == 422
    assert Revision.objects.filter(project=tried).count() == 1


def test_a_stopped_design_offers_no_rows_to_pay_for_but_what_was_said(tried, studio):
    a_round(tried, publish=2, revise=6)
    shown = page(studio, "add_tasks", tried.pk)
    assert "nothing was changed since" in shown
    assert "aside" not in shown
    assert "See what they said" in shown


def test_review_of_a_round_offers_no_sending_back(tried, worker, studio):
    browser = browser_of(worker)
    does_a_task(browser, tried, vote="revise")
    shown = page(studio, "review", tried.pk)
    assert "it can only be approved" in shown
    assert "Send back" not in shown


def test_the_suggested_reward_is_taken_with_one_click(tried, studio):
    a_round(tried, publish=8, seconds=150)
    shown = studio.get(reverse("project_round", args=[tried.pk]))
    suggested = shown.context["page"].suggested_reward_minor
    assert suggested == 63  # 150 s at 15.00 an hour is 0.625
    taken = studio.post(
        reverse("begin_revision", args=[tried.pk]), {"reward_minor": str(suggested)}, follow=True
    )
    assert "The reward is €0.63 in revision 2" in text(taken)
    assert Revision.objects.get(project=tried, number=2).reward_minor == 63
    changed = page(studio, "project_revision", tried.pk)
    assert "Reward €0.60 €0.63" in changed
    assert "The prototype round that has passed covers this." in changed


# --- Who may see what -----------------------------------------------------------------------------

OWN = ["project_round", "project_round_live", "project_revision", "discard_revision"]
DONE = ["launch_project", "begin_revision", "discard_revision"]


@pytest.mark.parametrize("name", OWN)
def test_nobody_else_sees_a_round_or_a_revision(tried, worker, stranger, studio, name):
    studio.post(reverse("begin_revision", args=[tried.pk]), {"answers": "keep"})
    address = reverse(name, args=[tried.pk])
    assert studio.get(address).status_code == 200
    for person in (worker, stranger):
        assert browser_of(person).get(address).status_code == 404
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", DONE)
def test_nobody_else_begins_launches_or_discards(tried, worker, stranger, name):
    address = reverse(name, args=[tried.pk])
    for person in (worker, stranger):
        assert browser_of(person).post(address, {"answers": "keep"}).status_code in (403, 404)
    assert Client().post(address).status_code == 302
    assert Revision.objects.filter(project=tried).count() == 1


def test_a_project_without_rounds_leads_to_its_overview(requester, studio):
    draft = a_draft(owner=requester, at=clock.now(), design=CHOICE_DESIGN)
    for name in ("project_round", "project_revision"):
        assert studio.get(reverse(name, args=[draft.pk])).status_code == 302
    unknown = studio.get(reverse("project_round_live", args=[draft.pk]))
    assert unknown.status_code == 404


def test_the_live_figures_are_sent_once_and_send_for_the_page_when_decided(tried, studio):
    address = f"{reverse('project_round_live', args=[tried.pk])}?running=1"
    first = studio.get(address)
    assert "0 of 8 answers are in" in text(first)
    assert studio.get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    a_round(tried, publish=8)
    assert studio.get(address)["HX-Refresh"] == "true"


def test_a_round_that_stalls_says_when_and_is_refunded_with_too_few_votes(tried, worker, studio):
    does_a_task(browser_of(worker), tried, vote="publish")
    assert "3 votes are enough to decide" in page(studio, "project_round", tried.pk)
    decide_what_stalls(at=clock.now() + timedelta(hours=73))
    shown = page(studio, "project_round", tried.pk)
    assert "Too few people took part" in shown
