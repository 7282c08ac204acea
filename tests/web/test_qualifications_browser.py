"""Qualifications in a real browser: by keyboard without scripts, on a phone, and for listeners."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.reputation.usecases.create_qualification import create_qualification
from canut.reputation.usecases.revoke_qualification import revoke_qualification
from canut.work.usecases.grant_qualification import Row, grant_qualification

HOSTILE = "<img src=x onerror='window.hacked = 1'>"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_one_is_made_and_given_by_keyboard_without_scripts(cast, opened):  # noqa: F811
    name = cast.worker.screen_name
    page = opened(cast.requester, java_script_enabled=False)
    page.goto(reverse("projects"))

    def presses(role, name):
        page.get_by_role(role, name=name, exact=True).first.focus()
        page.keyboard.press("Enter")

    page.locator("main").get_by_role("link", name="Qualifications", exact=True).focus()
    page.keyboard.press("Enter")
    presses("button", "Make a qualification")
    page.get_by_label("Name").focus()
    page.keyboard.type(HOSTILE)
    presses("button", "Make it")
    page.get_by_label("Screen name").focus()
    page.keyboard.type(name)
    page.get_by_label("Value", exact=True).focus()
    page.keyboard.type("7.5")
    presses("button", "Give it")
    expect(page.get_by_role("row", name=f"{name} 7.50")).to_be_visible()
    presses("link", f"Take it back from {name}")
    presses("button", "Take it back")
    expect(page.get_by_text("Nobody holds it yet.")).to_be_visible()


def test_pages_of_qualifications_are_accessible_on_a_phone(cast, opened):  # noqa: F811
    made = [
        create_qualification(by=cast.requester, name=name, description="y" * 300, at=cast.at)
        for name in ("x" * 120, "Français", "عربى")
    ]
    for one in made:
        rows = [Row(cast.worker.screen_name, "1234567890.25")]
        grant_qualification(
            qualification_id=one.pk, by=cast.requester, rows=rows, reason="z" * 300, at=cast.at
        )
    revoke_qualification(
        qualification_id=made[2].pk, by=cast.requester, worker_id=cast.worker.pk, reason="z" * 300, at=cast.at
    )
    page = opened(cast.requester, viewport=PHONE)
    addresses = [reverse("qualifications"), reverse("make_qualification")]
    about_one = ("qualification", "change_qualification", "retire_qualification")
    addresses += [reverse(name, args=[made[0].pk]) for name in about_one]
    addresses += [reverse("revoke_qualification", args=[made[0].pk, cast.worker.pk])]
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    page.goto(addresses[2])
    page.get_by_text("Give it to many at once").click()
    page.get_by_label("Names and values").fill(f"Nobody;1\n{'w' * 90};x\n")
    page.get_by_role("button", name="Give it to all of them").click()
    expect(page.get_by_text("2 rows cannot be granted")).to_be_visible()
    found += faults(page, "bad rows")
    worker = opened(cast.worker, viewport=PHONE)
    worker.goto(reverse("held_qualifications"))
    found += faults(worker, "held")
    assert found == []
