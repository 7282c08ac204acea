"""Pages of guilds in a real browser: at a desk, on a phone, in the dark, in French."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.guilds.crafts import a_guild, a_member, an_operator, done, guild_work
from tests.guilds.reviewed import everything_drawn, read_all, review_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.duties import fill_fund

from canut.guilds.usecases.void_review import void_review

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_pages_of_guilds_are_accessible_on_a_phone_and_in_french(cast, opened):  # noqa: F811
    fill_fund(100_000)
    at, operator = cast.at - timedelta(days=3), an_operator()
    with everything_drawn():
        craft = a_guild(joining="open", language="fr", craft="Transcription " * 5)
        author = a_member(craft, person=cast.worker, at=at)
        above = a_member(craft, level=2, at=at)
        project = guild_work(craft, at=at)
        reviews = [
            review_of(author, above.person, verdict, project=project, at=at, advice="Relire. " * 20)
            for verdict in [2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 1]
        ]
    done(author.person, project, at=at)
    read_all(at=at)
    void_review(review_id=reviews[-1].pk, by=operator, reason="x" * 90, at=cast.at)
    page = opened(cast.worker, viewport=PHONE)
    names = ("guild", "guild_mine", "guild_draws")
    addresses = [reverse("guilds"), *(reverse(name, args=[craft.pk]) for name in names)]
    found = seen(page, addresses)
    page.goto(reverse("guild_mine", args=[craft.pk]))
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += seen(page, [*addresses, reverse("guild_draws", args=[craft.pk], query={"show": "to-come"})])
    other = opened(operator, viewport=PHONE)
    one = reverse("guild_review", args=[craft.pk, reviews[0].pk])
    found += seen(other, [reverse("guild_reviews", args=[craft.pk]), one, reverse("found_guild")])
    assert found == []


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
