"""Facilitated discussions in a real browser: on a phone, with the keyboard, in French, for axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.forums.facilitated.rounds import a_talk
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.discussion.facilitated.states import Part
from canut.discussion.facilitated.usecases.write_record import object_to_record

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "Nobody works for a_rate_without_any_place_to_break_it under the floor, in practice rounds neither."


def on_a_phone(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address, looks=("phone",))
    return found


def test_a_discussion_is_accessible_on_a_phone_and_in_french(cast, opened):  # noqa: F811
    new = a_talk(at=cast.at, question="Who measures? " * 10)
    new.asks("bo", Part.FACILITATOR), new.asks("ada", Part.RAPPORTEUR, "rex")
    weighing = a_talk(at=cast.at - timedelta(days=15)).weighing()
    number = weighing.stated(text=LONG)
    weighing.marks("cy", number, can=False, why="Not in *practice*.")
    over = a_talk(at=cast.at - timedelta(days=22)).recording()
    over.recorded(said="- Most\n- " + LONG)
    object_to_record(place=over.place("cy"), text="It was all.", at=over.at)

    def address(name, talk):
        return reverse(name, args=[talk.id])

    found = on_a_phone(
        opened(new.people["ada"], viewport=PHONE),
        [
            reverse("guild_discussions", args=[new.guild.pk]),
            reverse("open_guild_discussion", args=[new.guild.pk]),
            address("discussion", new),
            address("withdraw_discussion", new),
        ],
    )
    rex = opened(over.people["rex"], viewport=PHONE)
    pages = ["discussion", "write_discussion_record", "discussion_record", "step_down"]
    found += on_a_phone(rex, [address(name, over) for name in pages])
    page = opened(weighing.people["bo"], viewport=PHONE)
    found += on_a_phone(
        page, [address("discussion", weighing), reverse("thread", args=[weighing.place("bo").thread_id])]
    )
    page.goto(address("discussion", weighing))
    page.get_by_label("I could live with it").press("Space")
    page.keyboard.press("Tab")  # to the reason
    page.keyboard.press("Tab")  # to the button
    page.keyboard.press("Enter")
    expect(page.get_by_text("Could live with it: 1. Could not: 1.")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += faults(page, address("discussion", weighing), named="discussion")
    assert found == []
