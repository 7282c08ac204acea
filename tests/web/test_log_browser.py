"""The public log in a browser: by keyboard, on a phone, in the dark, without scripts, and with an alarm."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.urls import reverse
from playwright.sync_api import expect
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.charter import log
from canut.charter.models import Alarm
from canut.charter.notes import COSIGNATURE, Key
from canut.charter.verifying import read_copy, verify
from canut.people.usecases.appoint_operator import appoint_operator

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_log_is_read_taken_along_and_given_a_witness(cast, opened):  # noqa: F811
    appoint_operator(person_id=cast.worker.pk, by=None, at=cast.at)
    private = Ed25519PrivateKey.generate()
    key = Key("witness.example.org", COSIGNATURE, private.public_key().public_bytes_raw())
    page = opened(cast.worker, viewport=PHONE, java_script_enabled=False)
    page.goto(reverse("charter"))
    page.get_by_role("link", name="Public log").focus()
    page.keyboard.press("Enter")
    page.get_by_text("How to check it yourself").click()
    expect(page.get_by_text("python3 verify_log.py canut-log.jsonl --key")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Fetch a copy of the whole log").click()
    assert verify(read_copy(taken.value.path().read_text())).is_sound
    page.get_by_label("Show").select_option("article of the constitution")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect(page.get_by_text("Fingerprint (SHA-256")).to_be_visible()
    page.goto(reverse("log_heads"))
    page.get_by_label("The witness's key for cosignatures").focus()
    page.keyboard.type(key.vkey)
    page.keyboard.press("Enter")
    expect(page.get_by_text("witness.example.org is a witness of this log now.")).to_be_visible()

    Alarm.objects.create(
        found_at=cast.at, what=[{"code": "row_differs", "facts": {"row": 3, "what": "x", "number": 2}}]
    )
    log.look_again()
    looked = opened(cast.worker)
    found = []
    for name, arguments in (("log_entry", [3]), ("log_heads", [])):
        looked.goto(reverse(name, args=arguments))
        expect(looked.locator("aside.alarm")).to_be_visible()
        found += faults(looked, name, named="log-en")
    looked.get_by_role("button", name="Français").click()
    expect(looked.locator("html")).to_have_attribute("lang", "fr")
    looked.goto(reverse("log"))
    found += faults(looked, "log", named="log-fr", looks=("phone",))
    Alarm.objects.update(ended_at=cast.at)
    log.look_again()
    assert found == []
