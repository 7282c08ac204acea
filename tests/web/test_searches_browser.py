"""Saved searches and messages in a real browser: its service worker, its permission, its notifications."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project
from tests.people.push_service import Reader, a_push_service
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.designs.in_browser import until

from canut.people.models import PushSubscription
from canut.people.usecases.add_browser import add_browser
from canut.work.models import SavedSearch
from canut.work.queries.feed_filters import Filters
from canut.work.stop_token import stop_token
from canut.work.usecases.save_search import save_search

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Where Chromium has no push service to go to (it has none without its maker's keys), what it would have
# made is put in its place; all else is its own.
SUBSCRIBES = """
(made) => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
  PushManager.prototype.subscribe = async function (options) {
    window.asked = { visible: options.userVisibleOnly, key: options.applicationServerKey };
    return { endpoint: made.endpoint, getKey: (name) => bytes(made[name]) };
  };
}
"""


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


def test_a_browser_is_set_up_with_the_sites_key_and_shows_a_message(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    page.context.grant_permissions(["notifications"])
    page.goto(reverse("notices"))
    expect(page.get_by_text("Messages in this browser cannot be offered")).to_be_hidden()
    reader = Reader()
    with a_push_service() as service:
        made = {"endpoint": f"{service.address}/me", "p256dh": reader.public_key, "auth": reader.shared_key}
        page.evaluate(SUBSCRIBES, made)
        with page.expect_navigation():
            page.get_by_role("button", name="Show messages in this browser").click()
        expect(page.get_by_text("From now on this browser shows messages.")).to_be_visible()
        kept = PushSubscription.objects.get()
        assert (kept.endpoint, kept.public_key, kept.shared_key) == (
            made["endpoint"],
            reader.public_key,
            reader.shared_key,
        )
        assert "HeadlessChrome" in kept.browser
    # The service worker is there, and narrow
    scope = page.evaluate("navigator.serviceWorker.ready.then((one) => one.scope)")
    assert scope.endswith("/account/notices/")
    # What the site sends is shown, and no more than once for the same page
    devtools = page.context.new_cdp_session(page)
    registrations = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: registrations.extend(said["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.ready")
    until(page, lambda: registrations)
    said = {"title": "New work: Cats", "body": "€18.00 an hour", "path": "/projects/7/"}
    for _each in range(2):
        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": page.evaluate("location.origin"),
                "registrationId": registrations[-1]["registrationId"],
                "data": json.dumps(said),
            },
        )
    shown = page.evaluate(
        """async () => {
          const registration = await navigator.serviceWorker.ready;
          for (let tries = 0; tries < 50; tries += 1) {
            const all = await registration.getNotifications();
            if (all.length) return all.map((one) => [one.title, one.body, one.data.path]);
            await new Promise((done) => setTimeout(done, 100));
          }
          return [];
        }"""
    )
    assert shown == [[said["title"], said["body"], said["path"]]]


def test_a_browser_without_a_push_service_says_so_and_sends_nothing(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    page.context.grant_permissions(["notifications"])
    page.goto(reverse("notices"))
    page.evaluate(
        "() => { PushManager.prototype.subscribe = async () => { throw new DOMException('none') } }"
    )
    page.get_by_role("button", name="Show messages in this browser").click()
    page.get_by_text("This browser could not set messages up just now.").wait_for()
    assert not PushSubscription.objects.exists()


def test_without_scripts_searches_and_quiet_hours_work_and_messages_are_not_offered(cast, opened):  # noqa: F811
    page = opened(cast.worker, java_script_enabled=False)
    page.goto(reverse("notices"))
    expect(page.get_by_text("Messages in this browser cannot be offered")).to_be_visible()
    assert page.get_by_role("button", name="Show messages in this browser").count() == 0
    page.fill("[name=starts]", "22:00")
    page.fill("[name=ends]", "07:00")
    page.click("text=Save the quiet hours")
    expect(page.get_by_text("Saved. You are told nothing in your quiet hours")).to_be_visible()
    page.goto(reverse("save_search") + "?kind=paid")
    page.click("button:has-text('Save this search')")
    expect(page.get_by_role("heading", name="Saved searches")).to_have_count(1)


def test_pages_of_searches_are_accessible_and_fit_the_screen(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    empty = [reverse("searches"), reverse("notices")]
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
            reverse("stop_notices", args=[stop_token(cast.worker.pk)]),
        ],
    )
    assert found == []


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
