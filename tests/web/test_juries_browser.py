"""Seats and the fund in a real browser: a juror decides by keyboard, on a phone and in French."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from playwright.sync_api import expect
from tests.justice.jury.panels import Dispute, live
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    chromium,
    opened,
    site,
)

from canut.justice.files import SentFile
from canut.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("uploads")]
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def test_a_juror_decides_by_the_keyboard(opened):  # noqa: F811
    dispute = Dispute(at=clock.now() - timedelta(hours=7), peers=4)
    panel = dispute.drawn(words="Look at the ears.", files=[SentFile(ContentFile(PNG), "ears.png")])
    first, second, _third = live(panel)
    page = opened(first.person, viewport=PHONE)
    page.goto(reverse("justice"))
    found = faults(page, "hub", named="juries")
    page.get_by_role("link", name="1 seat waits for you").press("Enter")
    found += faults(page, "seats", named="juries")
    page.goto(reverse("jury_seat", args=[first.pk]))
    found += faults(page, "seat", named="juries")
    page.get_by_role("button", name="Take the task and decide").press("Enter")
    expect(page.get_by_text("Was it right to reject this work?")).to_be_visible()
    found += faults(page, "task", named="juries")
    page.get_by_role("radio", name="It was not right").check()
    page.get_by_label("Why?").fill("I see the ears of a cat.")
    page.get_by_role("button", name="Hand in").first.press("Enter")
    expect(page.get_by_text("Was it right to reject this work?")).to_have_count(0)
    page = opened(second.person, viewport=PHONE)
    page.goto(reverse("jury_seat", args=[second.pk]))
    page.get_by_text("I cannot or do not want to").press("Enter")
    page.get_by_role("button", name="Give the seat to the next").press("Enter")
    expect(page.get_by_text("The next peer is asked")).to_be_visible()
    page.goto(reverse("justice_fund"))
    found += faults(page, "fund", named="juries")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, "fund-fr", named="juries", looks=("phone",))
    assert found == []
