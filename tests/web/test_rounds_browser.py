"""Prototype rounds in a real browser: the worker's words and vote, the round's live page, a revision."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_draft, a_worker, taken
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.kernel import clock
from canut.work.models import Assignment, Draft, Round, RoundFeedback, Submission
from canut.work.usecases.begin_revision import begin_revision
from canut.work.usecases.change_draft import change_draft
from canut.work.usecases.give_feedback import Feedback
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.submit_answer import submit_answer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

UNCLEAR = "No entiendo: ¿qué es un gato? I wish there was an example."


def a_round(cast):  # noqa: F811
    """Return a project whose prototype round of eight places has just begun."""
    draft = a_draft(owner=cast.requester, title="Pictures", rows=16, answers=4, at=cast.at)
    return publish_project(project_id=draft.pk, by=cast.requester, at=cast.at)


def done(project, *, vote, at, most=8):
    """Have a worker for each place do one task, all voting the same."""
    for _place in range(most):
        worker = a_worker(at=at)
        assignment = taken(worker=worker, project=project, at=clock.now())
        submit_answer(
            assignment_id=assignment.pk,
            by=worker,
            answer={"label": "cat"},
            active_seconds=200,
            at=clock.now(),
            feedback=Feedback(vote, UNCLEAR),
        )


def test_a_worker_votes_and_says_what_is_unclear_by_the_keyboard(cast, opened):  # noqa: F811
    assignment = taken(worker=cast.worker, project=a_round(cast), at=cast.at)
    page = opened(cast.worker)
    page.goto(reverse("task", args=[assignment.pk]))
    page.wait_for_selector("[data-time-left]:visible")  # the script is there
    page.keyboard.press("2")  # the number keys choose the answer, not the vote
    expect(page.locator("input[name=answer-label][value=dog]")).to_be_checked()
    assert page.locator("input[name=feedback_verdict]:checked").count() == 0
    page.click("[data-beginning='I wish ']")
    page.keyboard.type("it had an example, 2 at least")
    page.wait_for_selector("[data-draft-says]:has-text('kept')", timeout=15_000)
    assert Draft.objects.get(assignment=assignment).feedback == {
        "unclear": "I wish it had an example, 2 at least"
    }
    page.reload()
    unclear = page.locator("textarea[name=feedback_unclear]")
    expect(unclear).to_have_value("I wish it had an example, 2 at least")
    page.check("input[name=feedback_verdict][value=revise]")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: f"/work/{assignment.pk}/" not in url)
    voted = RoundFeedback.objects.get(worker=cast.worker)
    assert (voted.verdict, voted.unclear) == ("revise", "I wish it had an example, 2 at least")
    following = Assignment.objects.get(worker=cast.worker, state="held")
    page.wait_for_url(f"**{reverse('task', args=[following.pk])}")
    expect(page.locator("input[name=feedback_verdict][value=revise]")).to_be_checked()


def test_the_same_with_scripts_off(cast, opened):  # noqa: F811
    assignment = taken(worker=cast.worker, project=a_round(cast), at=cast.at)
    page = opened(cast.worker, java_script_enabled=False)
    page.goto(reverse("task", args=[assignment.pk]))
    assert not page.is_visible("[data-beginnings]")
    page.check("input[name=answer-label][value=dog]")
    page.fill("textarea[name=feedback_unclear]", "Nothing is unclear.")
    page.check("input[name=feedback_verdict][value=publish]")
    page.click("[data-hand-in]")
    page.wait_for_url(lambda url: f"/work/{assignment.pk}/" not in url)
    assert Submission.objects.filter(assignment=assignment).count() == 1


def test_the_round_comes_to_its_page_by_itself(cast, opened):  # noqa: F811
    project = a_round(cast)
    page = opened(cast.requester)
    page.goto(reverse("project_round", args=[project.pk]))
    assert "0 of 8 answers are in" in page.inner_text("main")
    done(project, vote="publish", at=cast.at, most=1)
    page.wait_for_selector("text=1 of 8 answers are in", timeout=10_000)
    done(project, vote="revise", at=cast.at, most=7)
    page.wait_for_selector("text=The workers of this round asked for a revision.", timeout=15_000)
    assert Round.objects.get(project=project).state == "stopped"


def test_no_page_of_a_round_is_too_wide_or_fails_the_accessibility_check(cast, opened):  # noqa: F811
    project = a_round(cast)
    assignment = taken(worker=cast.worker, project=project, at=cast.at)
    found = []

    def check(page, state):
        found.extend(faults(page, state, named="round"))

    at_work = opened(cast.worker)
    at_work.goto(reverse("task", args=[assignment.pk]))
    check(at_work, "task")
    at_work.click("[data-hand-in]")
    at_work.evaluate("document.querySelector('#task-form').noValidate = true")
    with at_work.expect_navigation():
        at_work.click("[data-hand-in]")
    check(at_work, "task-refused")

    page = opened(cast.requester)
    page.goto(reverse("project_round", args=[project.pk]))
    check(page, "running")
    page.goto(reverse("project_revision", args=[project.pk]))
    check(page, "no-revision")
    submit_answer(
        assignment_id=assignment.pk,
        by=cast.worker,
        answer={"label": "dog"},
        active_seconds=200,
        at=clock.now(),
        feedback=Feedback("revise", UNCLEAR),
    )
    done(project, vote="revise", at=cast.at, most=7)
    page.goto(reverse("project_round", args=[project.pk]))
    for summary in page.locator("main .comments summary").all():
        summary.click()
    check(page, "stopped")
    begin_revision(project_id=project.pk, by=cast.requester, at=clock.now())
    design = {**project.revisions.first().design, "instructions": "Say what it shows. A cat has whiskers."}
    design["items"] = [
        *design["items"],
        {"type": "short_text", "name": "why", "label": "Why?", "required": False},
    ]
    change_draft(project_id=project.pk, by=cast.requester, design=design, reward_minor=90, at=clock.now())
    for state, name in (
        ("revision", "project_revision"),
        ("discard", "discard_revision"),
        ("publish", "project_publish"),
    ):
        page.goto(reverse(name, args=[project.pk]))
        check(page, state)
    assert found == []
