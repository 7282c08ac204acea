"""Flags in a real browser: by keyboard, on a phone, in the dark, in French."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.justice.flags.flagging import a_post, flagged, matter_of, members
from tests.membership.members import admitted
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.justice.flags.models import Flag
from canut.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_member_flags_a_post_by_keyboard_without_scripts_and_an_operator_decides(cast, opened):  # noqa: F811
    admitted(cast.worker, at=cast.at)
    post = a_post("A long word: " + "x" * 300)
    page = opened(cast.worker, viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("thread", args=[post.thread_id]))
    page.get_by_role("link", name="Flag: post 1").focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="It is advertising").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Flag it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody is told who did.")).to_be_visible()
    assert Flag.objects.count() == 1
    own = a_post("Mine " * 40, author=cast.worker)
    for member in members(3):
        flagged(member, own, at=cast.at, words="An advert.")
    Person.objects.filter(pk=cast.worker.pk).update(is_operator=True)
    another = a_post("Another advert.")
    looked = opened(cast.worker)
    addresses = [
        reverse("flags"),
        reverse("flag", args=["post", another.pk]),
        reverse("flag_matter", args=[matter_of(own).pk]),
        reverse("flag_queue"),
        reverse("flag_queue_matter", args=[matter_of(own).pk]),
    ]
    found = seen(looked, addresses, "en")
    looked.get_by_role("button", name="Français").click()
    expect(looked.locator("html")).to_have_attribute("lang", "fr")
    assert found + seen(looked, addresses[1:3], "fr") == []


def seen(page, addresses, language):
    found = []
    for number, address in enumerate(addresses):
        page.goto(address)
        found += faults(page, str(number), named=f"flags-{language}")
    return found
