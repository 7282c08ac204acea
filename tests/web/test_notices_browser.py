"""Notices in a real browser: the list, the choices, the service worker, its permission, its notifications."""

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.guilds.crafts import a_guild, a_member
from tests.people.notices import told
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
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Choice, MailTrouble
from canut.people.notices.queries import unread_count, ways_wanted
from canut.people.notices.token import Stop, stop_token
from canut.people.notices.usecases.read_notices import read_notice
from canut.people.usecases.add_browser import add_browser

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


def test_a_browser_is_set_up_with_the_sites_key_and_shows_a_message(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    page.context.grant_permissions(["notifications"])
    page.goto(reverse("notice_choices"))
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
    # The service worker is there, and narrow: the page that set it up is not under it
    scopes = page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.scope))"
    )
    assert [scope[scope.index("/", 8) :] for scope in scopes] == ["/account/notices/"]
    # What the site sends is shown, and no more than once for the same page
    devtools = page.context.new_cdp_session(page)
    registrations = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: registrations.extend(said["registrations"])
    )
    devtools.send("ServiceWorker.enable")
    until(page, lambda: registrations)
    said = {
        "title": "New work: Cats",
        "body": "€18.00 an hour",
        "path": "/projects/7/",
        "opens": "/notices/1/",
    }
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
          const [registration] = await navigator.serviceWorker.getRegistrations();
          for (let tries = 0; tries < 50; tries += 1) {
            const all = await registration.getNotifications();
            if (all.length) return all.map((one) => [one.title, one.body, one.data.path]);
            await new Promise((done) => setTimeout(done, 100));
          }
          return [];
        }"""
    )
    assert shown == [[said["title"], said["body"], said["opens"]]]


def test_a_browser_without_a_push_service_says_so_and_sends_nothing(cast, opened):  # noqa: F811
    page = opened(cast.worker)
    page.context.grant_permissions(["notifications"])
    page.goto(reverse("notice_choices"))
    page.evaluate(
        "() => { PushManager.prototype.subscribe = async () => { throw new DOMException('none') } }"
    )
    page.get_by_role("button", name="Show messages in this browser").click()
    page.get_by_text("This browser could not set messages up just now.").wait_for()
    assert not PushSubscription.objects.exists()


def test_without_scripts_everything_but_messages_is_chosen(cast, opened):  # noqa: F811
    told(cast.worker, "Your work was approved", at=cast.at)
    page = opened(cast.worker, java_script_enabled=False)
    page.goto(reverse("notices"))
    page.get_by_role("button", name="Mark all as read").click()
    page.get_by_role("button", name="Mark them as unread again").click()
    page.get_by_role("link", name="Choose what also comes by mail").click()
    expect(page.get_by_text("Messages in this browser cannot be offered")).to_be_visible()
    assert page.get_by_role("button", name="Show messages in this browser").count() == 0
    page.get_by_label("By mail: Decisions on my work").uncheck()
    page.get_by_role("button", name="Save what you are told").click()
    expect(page.get_by_text("Saved. What waits to be sent")).to_be_visible()
    page.fill("[name=starts]", "22:00")
    page.fill("[name=ends]", "07:00")
    page.click("text=Save the quiet hours")
    expect(page.get_by_text("Saved. You are told nothing in your quiet hours")).to_be_visible()
    assert not ways_wanted(cast.worker.pk, NoticeKind.DECISION).mail
    assert unread_count(cast.worker.pk) == 1


def test_notices_are_accessible_on_a_phone_in_french_and_in_the_dark(cast, opened):  # noqa: F811
    worker, at = cast.worker, cast.at
    for guild in (a_guild(), a_guild()):
        a_member(guild, person=worker, at=at)
    Choice.objects.create(person=worker, kind="vote", topic="vote:8", mail=False, push=True)
    long = "Your_work_on_a_project_with_a_name_without_any_place_to_break_it was returned"
    read = told(worker, "Paid: 12.50 EUR", "For three tasks.", kind=NoticeKind.PAY, at=at)
    told(worker, long, "What is missing is the second half. " * 20, "Please add it.", at=at)
    read_notice(notice_id=read.pk, by=worker, at=at)
    reader = Reader()
    keys = {"public_key": reader.public_key, "shared_key": reader.shared_key, "browser": "Mozilla/5.0 " * 12}
    add_browser(by=worker, endpoint="https://push.example.net/1", at=at, **keys)
    MailTrouble.objects.create(
        address=worker.email, kind="hard", count=1, since=at, code="5.1.1", stopped_at=at
    )
    stop = reverse("stop_mails", args=[stop_token(Stop(worker.pk, NoticeKind.DECISION))])
    page = opened(worker, viewport={"width": 360, "height": 800})
    found = []
    for name, address in (
        ("list", reverse("notices")),
        ("choices", reverse("notice_choices")),
        ("stop", stop),
    ):
        page.goto(address)
        found += faults(page, name, named="notices")
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(reverse("notice_choices"))
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, "choices-fr", named="notices", looks=("phone",))
    page.goto(reverse("notices"))
    found += faults(page, "list-fr", named="notices", looks=("phone",))
    # By the keyboard: open the newest, which is read from then on
    page.get_by_role("link", name=long).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/work/$"))
    assert unread_count(worker.pk) == 0
    assert found == []
