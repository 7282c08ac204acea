"""How a project opens, in a real browser: the picture that moves by itself, and the worker's box."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_draft, a_submission, a_worker
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.opening import a_cascade, rated_workers

from canut.kernel import clock
from canut.work.models import CascadeBeat, Project
from canut.work.usecases.choose_cascade import choose_cascade
from canut.work.usecases.pause_project import pause_project
from canut.work.usecases.take_task import take_task

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def begun(cast, **details):  # noqa: F811
    """Return a project that began to open just now, to workers who were rated an hour ago."""
    rated_workers(cast.requester, [3, 3, 3, 3, 3, 3, 2, 2], at=clock.now() - timedelta(hours=1))
    return a_cascade(cast.requester, at=clock.now() - timedelta(minutes=2), title="Pictures", **details)


def stepped(project, to):
    """Have the project's next beat bring this threshold."""
    moved = Project.objects.get(pk=project.pk)
    CascadeBeat.objects.create(
        project=moved,
        revision=moved.revisions.get(),
        beat=moved.cascade_beat + 1,
        at=clock.now(),
        policy=moved.cascade_policy,
        why="step",
        threshold_before=moved.threshold,
        threshold=to,
    )
    Project.objects.filter(pk=project.pk).update(threshold=to, cascade_beat=moved.cascade_beat + 1)


def test_the_picture_moves_by_itself_and_the_page_follows_the_state(cast, opened):  # noqa: F811
    project = begun(cast)
    page = opened(cast.requester)
    page.goto(reverse("project_opening", args=[project.pk]))
    expect(page.locator("svg.chart")).to_have_count(1)
    expect(page.locator(".opening dl.figures").first).to_contain_text("from 3.00 on", use_inner_text=True)
    stepped(project, Decimal(2))
    page.wait_for_selector(".opening dl.figures >> text=from 2.00 on", timeout=10_000)
    choose_cascade(project_id=project.pk, by=cast.requester, at=clock.now(), policy="open")
    page.wait_for_selector("text=You opened it to everybody on", timeout=10_000)
    page.wait_for_selector("input[name=policy]", state="detached", timeout=10_000)


def test_with_scripts_off_all_is_there_and_a_policy_is_chosen(cast, opened):  # noqa: F811
    project = begun(cast)
    page = opened(cast.requester, java_script_enabled=False)
    page.goto(reverse("project_opening", args=[project.pk]))
    expect(page.locator("svg.chart")).to_have_count(1)
    expect(page.locator(".opening-picture tbody tr")).to_have_count(4)
    page.reload()
    page.check("input[name=policy][value=throughput]")
    page.click("text=Open it this way")
    page.wait_for_selector("text=It opens that way from the next beat on.")
    assert Project.objects.get(pk=project.pk).cascade_policy == "throughput"


def test_no_page_of_an_opening_is_too_wide_or_fails_the_accessibility_check(cast, opened):  # noqa: F811
    found = []

    def check(page, state):
        found.extend(faults(page, state, named="opening"))

    project = begun(cast)
    page = opened(cast.requester)

    def watched(one, state):
        page.goto(reverse("project_opening", args=[one.pk]))
        check(page, state)

    watched(project, "begun")
    stepped(project, Decimal("1.99"))
    watched(project, "stepped")
    watched(begun(cast, policy="throughput"), "throughput")
    watched(begun(cast, policy="share"), "share")
    draft = a_draft(owner=cast.requester, cascade_policy="ladder")
    watched(draft, "draft")
    page.goto(reverse("project_details", args=[draft.pk]))
    check(page, "details")
    page.goto(reverse("project_publish", args=[draft.pk]))
    check(page, "publish")
    page.goto(reverse("studio_project", args=[project.pk]))
    check(page, "overview")

    waiting = begun(cast)
    at_work = opened(cast.worker)
    at_work.goto(reverse("project", args=[waiting.pk]))
    check(at_work, "not-yet")
    at_work.goto(reverse("opening_soon"))
    check(at_work, "soon")
    done = a_submission(
        worker=a_worker(), project=a_cascade(cast.requester, policy="open", at=clock.now()), at=clock.now()
    )
    assert done.pk
    pause_project(project_id=waiting.pk, by=cast.requester, at=clock.now())
    watched(waiting, "paused")
    at_work.goto(reverse("project", args=[waiting.pk]))
    check(at_work, "not-yet-paused")
    choose_cascade(project_id=project.pk, by=cast.requester, at=clock.now(), policy="open")
    assert take_task(by=cast.worker, project_id=project.pk, at=clock.now())
    watched(project, "chosen")
    assert found == []
