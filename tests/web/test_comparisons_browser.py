"""Comparing in a real browser: a requester asks, a worker compares two answers side by side."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.guilds.comparisons.compared import a_crowd, accepted, pairs_of, who_may
from tests.web.looks import faults
from tests.web.test_tasks_browser import cast, chromium, opened, site  # noqa: F401 - fixtures

from canut.guilds.comparisons.queries import comparisons_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_answers_are_compared_from_asking_to_the_ranks(cast, opened):  # noqa: F811
    workers = a_crowd(3)
    project = accepted(cast.requester, workers, at=cast.began)
    requester = opened(cast.requester)
    requester.goto(reverse("comparisons", args=[project.pk]))
    found = faults(requester, "offer", named="comparisons")
    requester.get_by_role("button", name="Ask for 2 comparisons").click()
    expect(requester.locator("#notices")).to_contain_text("Asked for: 2 comparisons.")
    pair = pairs_of(project)[0]
    worker = opened(who_may(pair, workers))
    worker.goto(reverse("project", args=[pair.task.project_id]))
    worker.click("text=Take a task")
    expect(worker.get_by_text("Which of the two is better?").first).to_be_visible()
    found += faults(worker, "task", named="comparisons")
    worker.check("input[name=answer-better][value=second]")
    with worker.expect_navigation():
        worker.click("[data-hand-in]")
    (task,) = comparisons_page(project.pk, by=cast.requester).tasks
    assert task.answers[0].submission_id == pair.second_id
    requester.reload()
    expect(requester.get_by_text("1 of 2 pairs compared")).to_be_visible()
    found += faults(requester, "scores", named="comparisons")
    requester.goto(reverse("ask_comparison", args=[project.pk]) + "?round=2")
    found += faults(requester, "ask", named="comparisons")
    assert found == []
