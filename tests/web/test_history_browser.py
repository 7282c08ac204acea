"""The history in a real browser: accessible and as wide as the screen, by day, by night and on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.a_life import a_life

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_history_is_accessible_fits_the_screen_and_is_narrowed_by_its_form(cast, opened):  # noqa: F811
    a_life(cast.worker, cast.requester)
    found = []
    for person, name in ((cast.worker, "worked"), (cast.requester, "requested")):
        page = opened(person)
        page.goto(reverse(name))
        for details in page.query_selector_all("main details"):
            details.evaluate("one => (one.open = true)")
        found += faults(page, name, named="history")
    page.select_option("[name=outcome]", "put_back")
    page.click("text=Show this")
    expect(page.locator("tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        page.click("text=CSV, for spreadsheets")
    assert download.value.suggested_filename.endswith(".csv")
    page.goto(f"{reverse('requested')}?since=soon&until=2026-02-31")
    expect(page.locator("[aria-invalid=true]")).to_have_count(2)
    found += faults(page, "unread", named="history", looks=("phone",))
    assert found == []
