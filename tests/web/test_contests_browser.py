"""Pages on which something is contested, and the statistics, in a real browser: accessible and narrow."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.guilds.crafts import a_guild, a_member, an_operator, guild_work
from tests.guilds.reviewed import everything_drawn, review_of
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.duties import fill_fund

from canut.guilds.models import LevelDecision
from canut.membership.usecases.ask_admission import ask_admission
from canut.membership.usecases.refuse_admission import refuse_admission

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_level_and_a_refusal_are_contested_by_keyboard_on_pages_without_faults(cast, opened):  # noqa: F811
    fill_fund(100_000)
    with everything_drawn():
        guild, operator = a_guild(at=cast.at), an_operator()
        project = guild_work(guild, owner=cast.requester, title="A title " * 8)
        author = a_member(guild, level=2, person=cast.worker, at=cast.at)
        judge = a_member(guild, level=3, person=cast.peer, at=cast.at)
        reviews = [
            review_of(author, judge.person, 1, project=project, at=cast.at, advice="Nothing is right. " * 20)
            for _each in range(2)
        ]
    LevelDecision.objects.create(
        member=author,
        number=1,
        review_ids=[review.pk for review in reviews],
        mean=1,
        before=2,
        after=1,
        why="fall",
        decided_at=cast.at,
    )
    request = ask_admission(by=cast.worker, words="Me. " * 50, at=cast.at)

    page, found = opened(operator), []
    for name, parts in (("refuse_admission", [request.pk]), ("justice_statistics", [])):
        page.goto(reverse(name, args=parts))
        found += faults(page, name)
    refusal = refuse_admission(
        request_id=request.pk, by=operator, ground="identity", reason="Not seen. " * 60, at=cast.at
    )
    page.goto(reverse("admission_refusals"))
    found += faults(page, "admission_refusals")

    page = opened(cast.worker)
    page.goto(reverse("admission_refusal", args=[refusal.pk]))
    found += faults(page, "admission_refusal")
    page.goto(reverse("cases_against"))
    found += faults(page, "cases_against", looks=("phone", "dark"))
    page.goto(reverse("guild_mine", args=[guild.pk]))
    page.get_by_role("link", name="Contest this decision").press("Enter")
    found += faults(page, "contest_level")
    page.get_by_role("checkbox", name="Item 2").press("Space")
    page.get_by_role("button", name="Contest the decision").press("Enter")
    expect(page.get_by_text("Peers who are drawn by lot look at these reviews.")).to_be_visible()
    found += faults(page, "case")
    page.goto(reverse("contest_level", args=[guild.pk, 1]))
    expect(page.get_by_role("heading", name="Your contest is open")).to_be_visible()
    found += faults(page, "contested")
    assert found == []
