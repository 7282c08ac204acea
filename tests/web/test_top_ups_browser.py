"""Pages about pay in a real browser: accessible, as wide as the screen, with a slider that agrees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_draft, a_worker
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.test_top_ups import a_slow_project, done

from canut.justice.usecases.contest_times import contest_times
from canut.work.models import TopUp
from canut.work.usecases.settle_design import settle_what_is_due

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_slider_sets_the_reward_and_the_reward_sets_what_an_hour_pays(cast, opened):  # noqa: F811
    draft = a_draft(owner=cast.requester, reward_minor=60, expected_seconds=120, at=cast.at)
    page = opened(cast.requester)
    page.goto(reverse("project_publish", args=[draft.pk]))
    slider = page.get_by_label("Pay per hour, from the floor up")
    hourly, reward = page.locator("[name=hourly]"), page.locator("[name=reward]")
    expect(slider).to_have_value("1800")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(hourly).to_have_value("18.25")
    expect(reward).to_have_value("0.61")
    reward.fill("0.75")
    expect(hourly).to_have_value("22.50")
    expect(slider).to_have_value("2250")
    page.fill("[name=minutes]", "3")
    expect(hourly).to_have_value("15.00")
    with page.expect_navigation():
        page.click("text=Save and see the quote")
    expect(reward).to_have_value("0.75")


def test_pages_of_pay_are_accessible_and_fit_the_screen(cast, opened):  # noqa: F811
    project = a_slow_project(cast.requester)
    for worker in (cast.worker, cast.peer, a_worker("third")):
        for _task in range(4):
            done(project, worker, cast.requester, seconds=900, at=cast.at - timedelta(hours=2))
    settle_what_is_due(at=cast.at - timedelta(hours=1))
    mine, other, _third = TopUp.objects.order_by("pk")
    contest_times(top_up_id=mine.pk, by=cast.requester, reason="Too long. " * 20, at=cast.at)
    draft = a_draft(owner=cast.requester, at=cast.at)
    pages = {
        cast.worker: [
            reverse("earnings"),
            reverse("pay_figures"),
            reverse("project", args=[project.pk]),
        ],
        cast.requester: [
            reverse("project_top_ups", args=[project.pk]),
            reverse("contest_top_up", args=[project.pk, mine.pk]),
            reverse("contest_top_up", args=[project.pk, other.pk]),
            reverse("project_publish", args=[draft.pk]),
        ],
    }
    found = []
    for person, addresses in pages.items():
        page = opened(person)
        for address in addresses:
            page.goto(address)
            for details in page.query_selector_all("main details"):
                details.evaluate("one => (one.open = true)")
            found += faults(page, address)
    assert found == []
