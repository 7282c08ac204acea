"""Sessions in a real browser: the clock runs, the site hears that somebody is there, and all can use it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project, taken
from tests.web.looks import AXE, faults
from tests.web.test_tasks_browser import cast, chromium, opened, site  # noqa: F401
from tests.work.by_the_hour import an_hourly_project

from canut.kernel import clock
from canut.work.models import WorkSession
from canut.work.usecases.accept_risks import accept_risks
from canut.work.usecases.open_session import open_session
from canut.work.usecases.take_break import take_break

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def no_violations(page) -> None:
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def minutes_ago(minutes: float):
    return clock.now() - timedelta(minutes=minutes)


def test_the_clock_runs_and_a_moved_mouse_is_a_sign_of_life(cast, opened):  # noqa: F811
    project = an_hourly_project(owner=cast.requester, at=cast.at)
    session = open_session(project_id=project.pk, by=cast.worker, at=minutes_ago(8))
    page = opened(cast.worker, bypass_csp=True)
    page.clock.install()
    page.goto(reverse("feed"))
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^0:08:\d\d$"))
    assert page.inner_text("[data-money]") == "€4.50"  # the least, until a quarter of an hour is reached
    page.clock.run_for(8 * 60_000)
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^0:16:\d\d$"))
    expect(page.locator("[data-money]")).to_have_text(re.compile(r"^€4\.[89]\d$"))
    WorkSession.objects.filter(pk=session.pk).update(last_seen_at=minutes_ago(5))
    page.mouse.move(50, 60)
    with page.expect_response(lambda answer: answer.url.endswith("/seen/")) as heard:
        page.clock.run_for(59_000)
        page.mouse.move(70, 60)
        page.clock.run_for(30_000)
    assert heard.value.status == 204
    session.refresh_from_db()
    assert session.last_seen_at > minutes_ago(1)


def test_a_break_and_the_end_by_the_bar_with_the_keyboard(cast, opened):  # noqa: F811
    project = an_hourly_project(owner=cast.requester, at=cast.at)
    page = opened(cast.worker)
    page.goto(reverse("project", args=[project.pk]))
    page.click("text=Open a session and take a task")
    page.wait_for_url("**/work/*/")
    page.wait_for_selector(".at-work >> text=At work")
    page.focus(".at-work >> text=Break")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=On a break, unpaid")
    stands = page.inner_text("[data-clock]")
    page.wait_for_timeout(2200)
    assert page.inner_text("[data-clock]") == stands
    page.click("text=Back to work")
    page.wait_for_selector(".at-work >> text=At work")
    page.click("text=Close the session")
    page.wait_for_selector("text=€4.50 is in your earnings")
    expect(page.locator(".at-work")).not_to_be_visible()


def test_nothing_stands_in_anybodys_way(cast, opened):  # noqa: F811
    accept_risks(by=cast.worker, risks=["hate"], at=cast.at)
    hourly = an_hourly_project(owner=cast.requester, at=cast.at, risks=["hate"])
    sensitive = a_project(owner=cast.requester, at=cast.at, risks=["violence"], reward_minor=90)
    session = open_session(project_id=hourly.pk, by=cast.worker, at=minutes_ago(51))
    WorkSession.objects.filter(pk=session.pk).update(last_seen_at=clock.now())
    worker = opened(cast.worker)
    for address in (
        reverse("feed") + "?risks=all",
        reverse("project", args=[hourly.pk]),
        reverse("project", args=[sensitive.pk]),
        reverse("refuse_project", args=[hourly.pk]),
        reverse("sensitive_work"),
        reverse("sessions"),
        reverse("task", args=[taken(worker=cast.worker, project=hourly, at=clock.now()).pk]),
    ):
        worker.goto(address)
        assert faults(worker, address) == []
    take_break(session_id=session.pk, by=cast.worker, at=clock.now(), paid=True)
    worker.goto(reverse("feed"))
    assert faults(worker, "on a break") == []
    requester = opened(cast.requester)
    requester.goto(reverse("project_hours", args=[hourly.pk]))
    requester.fill("input[name=hours]", "2")
    requester.click("text=See what it costs")
    requester.wait_for_selector("text=Add them and set")
    assert faults(requester, "hours") == []
