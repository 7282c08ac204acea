"""Badges in a real browser: without scripts, by the keyboard, on a phone, and to those who listen."""

import json

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import NOON
from tests.guilds.credentials.test_credentials import issued
from tests.web.looks import faults
from tests.web.test_credentials import a_member
from tests.web.test_tasks_browser import cast, chromium, opened, site  # noqa: F401 - fixtures

from canut.guilds.credentials.queries import badge_file, subject_did_of
from canut.guilds.credentials.usecases.show_badge import show_badge
from canut.people.models import Party, Person
from canut.people.usecases.found_body import found_body

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def a_badge(worker, name="Transcription", level=2):
    return issued(worker, found_body(name=name, screen_name=name, by=None, at=NOON).party, level)


def proves_it_is_them(page):
    """Type the password again, as pages that matter most ask for."""
    page.fill("input[name=password]", "correct horse")
    page.press("input[name=password]", "Enter")


def test_without_scripts_a_key_is_made_and_saved_and_a_dropped_badge_checked(cast, opened):  # noqa: F811
    page = opened(cast.worker, java_script_enabled=False)
    page.goto(reverse("badge_key"))
    page.get_by_role("button", name="Make a key").click()
    proves_it_is_them(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save the private half as a file").click()
    saved = saving.value
    assert saved.suggested_filename == "badge-key.pem"
    assert saved.path().read_text().startswith("-----BEGIN PRIVATE KEY-----")
    page.get_by_role("button", name="I have saved it").click()
    expect(page.get_by_text(subject_did_of(cast.worker.pk))).to_be_visible()
    badge = a_badge(cast.worker)
    page.goto(reverse("badges"))
    with page.expect_download() as fetching:
        page.get_by_role("link", name="Download Transcription, level 2 as SVG").click()
    assert fetching.value.suggested_filename == "transcription-level-2.svg"
    page.get_by_role("button", name="Show to everybody: Transcription, level 2").click()
    expect(page.get_by_text("Everybody can see now that this badge is yours.")).to_be_visible()
    page.goto(reverse("check_badge"))
    page.get_by_label("The badge").set_input_files(fetching.value.path())
    page.get_by_role("button", name="Check the badge").click()
    expect(page.get_by_role("heading", name="The badge is genuine")).to_be_visible()
    content = badge_file(credential_id=badge.uuid, shape="json", by=cast.worker, at=cast.at)
    forged = json.dumps(json.loads(content)).replace("level 2", "level 4").encode()
    page.get_by_label("The badge").set_input_files(
        {"name": "badge.json", "mimeType": "application/json", "buffer": forged}
    )
    page.get_by_role("button", name="Check the badge").click()
    expect(page.get_by_text("This credential was changed after it was signed")).to_be_visible()


def test_pages_of_badges_are_accessible_and_fit_every_screen(cast, opened):  # noqa: F811
    Person.objects.filter(pk=cast.worker.pk).update(locale="fr")
    page = opened(cast.worker)
    found = []

    def look_at(*addresses):
        for address in addresses:
            page.goto(address)
            found.extend(faults(page, address))

    look_at(reverse("badges"), reverse("badge_key"), reverse("check_badge"))
    long = a_badge(cast.worker, "Transcription of old papers", 4)
    a_badge(cast.worker, "Images", 1)
    images = Party.objects.get(screen_name="Images")
    a_member(cast.worker, images, level=2)  # who can have another
    show_badge(credential_id=long.uuid, by=cast.worker, at=NOON)
    look_at(
        reverse("badges"),
        reverse("badge_key"),
        f"{reverse('bring_badge_key')}?did={subject_did_of(cast.worker.pk)}",
        reverse("take_badge_back", args=[long.uuid]),
        reverse("shown_badges", args=[cast.worker.pk]),
        f"{reverse('check_badge')}?badge={long.uuid}",
        reverse("guild_levels", args=[images.pk]),
    )
    page.goto(reverse("badge_key"))
    page.locator(f"form[action='{reverse('make_badge_key')}'] button").click()
    proves_it_is_them(page)
    expect(page.locator("#private")).to_be_visible()
    found += faults(page, "a new key")
    page.goto(reverse("check_badge"))
    page.locator("input[type=file]").set_input_files(
        {"name": "x", "mimeType": "text/plain", "buffer": b"x" * 300}
    )
    page.locator("form.drop button").click()
    expect(page.locator(".verdict.bad")).to_be_visible()
    assert found + faults(page, "refused") == []
