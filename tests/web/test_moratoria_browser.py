"""The constitution and the motions in a real browser: by keyboard, on a phone, in the dark, in French."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.membership.members import active_on, admitted, members_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.governance.moratoria.models import Motion
from canut.membership.states import College

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_member_reads_the_articles_and_moves_a_motion_by_keyboard_without_scripts(cast, opened):  # noqa: F811
    active_on(cast.worker, 5, at=cast.at)
    admitted(cast.worker, at=cast.at)
    members_of(College.WORKERS, 3, at=cast.at)
    page = opened(cast.worker, viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("constitution"))
    page.get_by_role("link", name="Pay that is never under the floor").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="4. Pay that is never under the floor")).to_be_in_viewport()
    page.get_by_role("link", name="€15.00 an hour").click()
    expect(page.get_by_role("heading", name="pay.floor_hourly_minor")).to_be_visible()
    page.goto(reverse("moratoria"))
    page.get_by_role("radio", name="early access to projects").focus()
    page.keyboard.press("Space")
    page.get_by_label("Why", exact=True).focus()
    page.keyboard.type("Wörter " * 60 + "x" * 200)
    page.get_by_role("button", name="Move this").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of the 3 supporters")).to_be_visible()
    motion = Motion.objects.get()
    addresses = [
        reverse("constitution"),
        reverse("constitution_article", args=["pay"]),
        reverse("moratoria"),
        reverse("moratorium", args=[motion.pk]),
    ]
    looked = opened(cast.worker)
    found = seen(looked, addresses, "en")
    looked.get_by_role("button", name="Français").click()
    expect(looked.locator("html")).to_have_attribute("lang", "fr")
    assert found + seen(looked, addresses, "fr") == []


def seen(page, addresses, language):
    found = []
    for number, address in enumerate(addresses):
        page.goto(address)
        found += faults(page, str(number), named=f"moratoria-{language}")
    return found
