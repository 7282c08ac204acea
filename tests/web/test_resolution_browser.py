"""Pages of a resolution jury in a real browser: a juror takes part by keyboard; on a phone and in French."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.governance.juries import (
    SOON,
    Conflict,
    all_accept,
    all_are_understood,
    jurors,
    said_back,
)
from tests.governance.proposing import LEASE, content
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    chromium,
    opened,
    site,
)

from canut.governance.resolution.models import Jury
from canut.governance.resolution.usecases.choose import put_wording
from canut.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_juror_speaks_listens_and_chooses_by_the_keyboard(opened, monkeypatch):  # noqa: F811
    monkeypatch.setattr(clock, "now", lambda: SOON)
    conflict = Conflict()
    page = opened(conflict.blocker, viewport=PHONE)
    page.goto(reverse("call_jury", args=[conflict.draft.pk]))
    found = faults(page, "call", named="resolution")
    page.get_by_label("What is the conflict?").fill("Are small projects worth less?")
    page.get_by_role("button", name="Call the jury").press("Enter")
    expect(page.get_by_text("Nobody sits in it yet.")).to_be_visible()
    found += faults(page, "seating", named="resolution")
    # Those who were drawn accept, and one of them speaks
    jury = Jury.objects.get()
    all_accept(jury)
    people = jurors(jury)
    page = opened(people[0], viewport=PHONE)
    here = reverse("resolution", args=[jury.pk])
    page.goto(here)
    page.get_by_label("What matters to you in this?").fill("I live by small projects. " * 20)
    page.get_by_role("button", name="Say it", exact=True).press("Enter")
    expect(page.get_by_text("The others read it now")).to_be_visible()
    all_are_understood(jury, people[1:])
    for other in people[1:]:
        said_back(jury, other, people[0])
    for other in people[1:-1]:
        said_back(jury, people[0], other)
    page.goto(here)
    found += faults(page, "back", named="resolution")
    page.get_by_label("What you understood, in your own words").fill("You would rather wait.")
    page.get_by_role("button", name="Say it back").press("Enter")
    expect(page.get_by_text("They say whether it is what they meant")).to_be_visible()
    page = opened(people[-1], viewport=PHONE)
    page.goto(here)
    found += faults(page, "answer", named="resolution")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Answer").press("Enter")
    expect(page.get_by_role("heading", name="What can be chosen")).to_be_visible()
    # Everybody was understood: they write and choose
    put_wording(jury_id=jury.pk, by=people[0], content=content(LEASE, title="Less"), at=SOON)
    page.goto(reverse("jury_wording", args=[jury.pk]))
    found += faults(page, "wording", named="resolution")
    page.goto(here)
    page.get_by_role("button", name="Choose this wording of juror 1").press("Enter")
    expect(page.get_by_text("your choice")).to_be_visible()
    found += faults(page, "choosing", named="resolution")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, "choosing-fr", named="resolution", looks=("phone",))
    page.goto(reverse("resolutions"))
    found += faults(page, "list-fr", named="resolution", looks=("phone",))
    assert found == []
