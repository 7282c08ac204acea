"""Narrowing the feed in a real browser: by the keyboard, on a phone, with scripts off, and read by axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project
from tests.web.looks import PHONE
from tests.web.test_sessions_browser import no_violations
from tests.web.test_tasks_browser import cast, chromium, opened, site  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def some_work(cast) -> None:  # noqa: F811
    for title, details in {
        "Which of two sentences is better French?": {"language": "fr", "reward_minor": 90},
        "Read a menu aloud": {"device": "phone", "reward_minor": 75},
        "Draw a box around each loom": {"device": "computer", "reward_minor": 60},
        "Copy a letter of 1831": {"kind": "volunteer"},
    }.items():
        a_project(owner=cast.requester, title=title, at=cast.at, **details)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE])
def test_a_worker_narrows_the_feed_by_the_keyboard_and_widens_it_again(cast, opened, viewport):  # noqa: F811
    some_work(cast)
    page = opened(cast.worker, viewport=viewport, bypass_csp=True)
    page.goto(reverse("feed"))
    expect(page.locator(".card")).to_have_count(4)
    page.focus(".feed-filter summary")
    page.keyboard.press("Enter")
    no_violations(page)
    page.keyboard.press("Tab")
    page.keyboard.type("20.00")
    page.keyboard.press("Enter")
    page.wait_for_url("**least_hourly=20.00**")
    expect(page.locator(".filtered")).to_contain_text("Only this is shown: at least €20.00 an hour.")
    expect(page.locator(".card")).to_have_count(2)
    no_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto(reverse("feed") + "?least_hourly=lots&device=phone")
    expect(page.locator(".feed-filter .errorlist")).to_be_visible()
    expect(page.locator("[name=least_hourly]")).to_have_value("lots")
    no_violations(page)
    page.click(".feed-filter >> text=Show all work")
    expect(page.locator(".card")).to_have_count(4)


def test_the_feed_is_narrowed_without_scripts(cast, opened):  # noqa: F811
    some_work(cast)
    page = opened(cast.worker, java_script_enabled=False, viewport=PHONE)
    page.goto(reverse("feed"))
    page.click(".feed-filter summary")
    page.select_option("[name=device]", "phone")
    page.click("text=Show this work")
    expect(page.locator(".card")).to_have_count(3)
    assert "Draw a box" not in page.inner_text("main")
