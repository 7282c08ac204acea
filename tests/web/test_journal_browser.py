"""A journal and its portfolio in a real browser: by keyboard, without scripts, on a phone, as a file."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.guilds.credentials.test_credentials import issued
from tests.guilds.journal.entries import a_chosen_entry, an_entry, handed_in
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.guilds.journal.queries import chosen_entries
from canut.people.usecases.found_body import found_body

HOSTILE = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_entry_is_written_chosen_ordered_and_fetched_by_keyboard_without_scripts(cast, opened, tmp_path):  # noqa: F811
    a_chosen_entry(cast.worker, "First", at=cast.at)
    page = opened(cast.worker, java_script_enabled=False)
    page.goto(reverse("my_work"))

    def presses(role, name):
        page.get_by_role(role, name=name, exact=True).focus()
        page.keyboard.press("Enter")

    presses("link", "Note what you learnt")
    presses("button", "Write an entry")
    page.get_by_label("Title").focus()
    page.keyboard.type("Second")
    page.get_by_label("What you learnt").focus()
    page.keyboard.type(HOSTILE)
    presses("button", "Write it down")
    presses("button", "Put into the portfolio: Second")
    expect(page.get_by_text("“Second” is number 2 of the portfolio now.")).to_be_visible()
    page.goto(reverse("portfolio"))
    presses("button", "Move Second up")
    expect(page.locator("ol.chosen li").first).to_contain_text("Second")
    assert [one.title for one in chosen_entries(cast.worker)] == ["Second", "First"]
    with page.expect_download() as fetched:
        presses("button", "Fetch as a page (HTML)")
    file = tmp_path / "portfolio.html"
    fetched.value.save_as(file)
    # The file stands by itself: it says what was typed, runs nothing and asks nobody
    asked = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_role("heading", name="Second")).to_be_visible()
    expect(page.get_by_text(HOSTILE)).to_be_visible()
    assert [one for one in asked if not one.startswith(("file:", "data:"))] == []


def test_pages_of_a_journal_are_accessible_on_a_phone_and_so_is_the_file(cast, opened, settings, tmp_path):  # noqa: F811
    page = opened(cast.worker, viewport=PHONE)
    addresses = [reverse(name) for name in ("journal", "portfolio", "write_entry")]
    found = seen(page, addresses)
    guild = found_body(name="G", screen_name="Transcribers of Brittany", by=None, at=cast.at)
    settings.SITE_URL = "https://canut.example"
    issued(cast.worker, guild.party)
    project = handed_in(cast.worker, cast.requester, tasks=2, title="Sentences " * 10, at=cast.at)
    an_entry(cast.worker, "x" * 120, text="y" * 500, project_id=project.pk, at=cast.at)
    entries = [a_chosen_entry(cast.worker, title, at=cast.at) for title in ("z" * 120, "Une leçon", "دروس")]
    handed_in(cast.worker, cast.requester, title="Something new", at=cast.at)
    about_one = [reverse(name, args=[entries[0].pk]) for name in ("change_entry", "drop_entry")]
    found += seen(page, [*addresses, *about_one])
    page.goto(reverse("portfolio"))
    with page.expect_download() as fetched:
        page.get_by_role("button", name=re.compile("HTML")).click()
    file = tmp_path / "portfolio.html"
    # Its own policy lets nobody in, so that axe looks at it without
    fetched.value.save_as(file)
    file.write_text(re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", file.read_text()))
    found += seen(page, [file.as_uri()])
    assert found == []


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
