"""Saved searches in a real browser: saving one by the keyboard, and how their pages look."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project
from tests.people.push_service import Reader
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.people.usecases.add_browser import add_browser
from canut.work.models import SavedSearch
from canut.work.queries.feed_filters import Filters
from canut.work.usecases.save_search import save_search

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def a_search(worker, name, **details):
    given = {"filters": Filters(), "notice": "mail", "pace": "at_once", **details}
    return save_search(by=worker, name=name, **given)


def test_a_search_is_saved_from_the_feed_by_the_keyboard(cast, opened):  # noqa: F811
    a_project(owner=cast.requester, title="Cats", at=cast.at)
    page = opened(cast.worker)
    page.goto(reverse("feed") + "?kind=paid")
    page.get_by_role("link", name="Save this search").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/searches/new/\?kind=paid"))
    page.get_by_label("Name").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Paid cats")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/searches/$"))
    expect(page.get_by_role("heading", name="Paid cats")).to_have_count(1)
    page.get_by_role("button", name="Delete Paid cats").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Delete the search").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/searches/$"))
    assert not SavedSearch.objects.exists()


def test_pages_of_searches_are_accessible_and_fit_the_screen(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    empty = [reverse("searches")]
    found = seen(page, empty)
    long = "Translations from French that pay at least twenty an hour, now"
    search = a_search(cast.worker, long[:60], at=cast.at, notice="push")
    a_search(cast.worker, "All", at=cast.at, notice="none")
    reader = Reader()
    keys = {"public_key": reader.public_key, "shared_key": reader.shared_key, "browser": "Mozilla/5.0 " * 12}
    add_browser(by=cast.worker, endpoint="https://push.example.net/1", at=cast.at, **keys)
    found += seen(
        page,
        [
            reverse("feed"),
            *empty,
            reverse("save_search") + "?kind=paid&least_hourly=12&languages=fr&device=phone",
            reverse("change_search", args=[search.pk]),
            reverse("drop_search", args=[search.pk]),
        ],
    )
    assert found == []


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
