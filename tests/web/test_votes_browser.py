"""Pages of votes in a real browser: by keyboard, on a phone, in the dark, in French."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.governance.ballot_box import a_vote, all_cast
from tests.membership.members import active_on, admitted, members_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.governance.ballots.usecases.close_vote import close_vote
from canut.membership.states import College

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_member_votes_by_keyboard_finds_the_ballot_and_reads_it_all_on_a_phone(cast, opened):  # noqa: F811
    before = cast.at - timedelta(days=16)
    active_on(cast.worker, 5, at=before)
    active_on(cast.worker, 5, at=cast.at)
    admitted(cast.worker, at=before)
    others = members_of(College.WORKERS, 5, at=before)
    counted = a_vote(at=before, class_="constitutional", title_fr="Faut-il relever le plancher ? " * 6)
    receipts = all_cast(counted, [cast.worker, *others], "yes", "yes", "no", "no", "no", "abstain", at=before)
    close_vote(vote_id=counted.pk, at=cast.at)
    running = a_vote(at=cast.at - timedelta(days=16), days=30)
    page = opened(cast.worker, viewport=PHONE)
    page.goto(reverse("vote", args=[running.pk]))
    page.get_by_role("radio", name="Yes").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Your ballot is in. You can change it")).to_be_visible()
    expect(page.get_by_role("radio", name="No", exact=True)).to_be_checked()
    page.goto(reverse("vote_ballots", args=[counted.pk]))
    page.get_by_label("The first two signs of your receipt").fill(receipts[0][:2].lower())
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("rowheader", name=receipts[0])).to_be_visible()
    addresses = [
        reverse("votes"),
        reverse("votes", query={"show": "ended"}),
        reverse("vote", args=[running.pk]),
        reverse("vote", args=[counted.pk]),
        reverse("vote_ballots", args=[counted.pk]),
    ]
    found = seen(page, addresses)
    page.goto(reverse("votes"))
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert found + seen(page, addresses) == []


def seen(page, addresses):
    found = []
    for number, address in enumerate(addresses):
        page.goto(address)
        found += faults(page, str(number), named="votes")
    return found
