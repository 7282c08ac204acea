"""The explanation and the register in a browser: wide, on a phone, in the dark, in French, by keyboard."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project, a_requester, a_submission, a_worker
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.kernel import clock
from canut.work.models import Project
from canut.work.usecases.rate_worker import rate_worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def a_ladder(cast) -> Project:  # noqa: F811
    """Return a project on a ladder that waits for the cast's worker, whom five requesters have rated."""
    day_before = cast.at - timedelta(days=1)
    for value in ("1", "2", "2.5", "3"):
        rated(cast.worker, a_requester(), value, at=day_before)
    best = a_worker()
    rated(best, cast.requester, "3", at=day_before)
    rated(cast.worker, a_requester(), "2", at=day_before)
    return a_project(owner=cast.requester, rows=20, cascade_policy="ladder", at=clock.now())


def rated(worker, owner, value, *, at):
    done = a_submission(worker=worker, project=a_project(owner=owner, rows=1, at=at), at=at)
    rate_worker(submission_id=done.pk, by=owner, value=Decimal(value), at=at + timedelta(minutes=2))


def test_every_step_is_read_by_the_keyboard_alone(cast, opened):  # noqa: F811
    project = a_ladder(cast)
    page = opened(cast.worker)
    page.goto(reverse("project", args=[project.pk]))
    page.locator("p.why a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(reverse("why", args=[project.pk])))
    expect(page.locator("h1")).to_contain_text("Why this is not open to you now")
    for detail in page.locator("main details").all():
        if not detail.evaluate("(one) => one.open"):
            detail.locator("> summary").focus()
            page.keyboard.press("Enter")
    for told in ("3.00 · 2.50 · 2.00 · 2.00 · 1.00", "standing.platform_factor"):
        expect(page.locator("main")).to_contain_text(told, use_inner_text=True)


@pytest.mark.parametrize("look", ["english", "french", "no_script"])
def test_no_explanation_is_too_wide_or_fails_the_accessibility_check(cast, opened, look):  # noqa: F811
    project = a_ladder(cast)
    options = {
        "english": {},
        "french": {"viewport": PHONE, "locale": "fr-FR"},
        "no_script": {"java_script_enabled": False},
    }[look]
    page = opened(cast.worker, **options)
    found = []
    for state, address in (
        ("why", reverse("why", args=[project.pk])),
        ("algorithms", reverse("algorithms")),
        ("feed", reverse("feed")),
    ):
        page.goto(address)
        if look != "no_script":
            page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })")
            looks = ("phone",) if look == "french" else ("wide", "phone", "dark")
            found += faults(page, state, named=f"why-{look}", looks=looks)
        else:
            assert page.locator("main h1").count() == 1
    assert found == []
