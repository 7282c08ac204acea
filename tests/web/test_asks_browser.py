"""Asking for standings in a browser: how the pages look, and what a guild's levels earn as it is chosen."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_draft, a_project
from tests.web.looks import faults
from tests.web.test_asks import five_were_paid
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)
from tests.work.asked import a_guild, a_qualification, asks

from canut.kernel import clock
from canut.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_guild_is_chosen_with_what_its_levels_earn_and_a_worker_sees_what_is_asked(
    cast,  # noqa: F811
    opened,  # noqa: F811
):
    guild = a_guild("Scribes of the long and winding river of many words")
    skill = a_qualification(cast.requester, "French")
    draft = a_draft(owner=cast.requester)
    page = opened(cast.requester)
    page.goto(reverse("project_asks", args=[draft.pk]))
    page.get_by_label("Guild", exact=True).select_option(str(guild.pk))
    expect(page.locator("#level-earnings")).to_contain_text("so there is nothing to compare with")
    page.get_by_label("Least level").select_option("2")
    page.locator("[name=q0-qualification]").select_option(str(skill.pk))
    page.locator("[name=q0-value]").fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. It holds from now on")).to_be_visible()
    wrong = faults(page, "asked", named="asks")
    page.locator("[name=q0-value]").fill("much")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").first).to_contain_text("as a number with at most two decimals")
    wrong += faults(page, "refused", named="asks", looks=("phone",))
    five_were_paid(guild, cast.requester, now=clock.now())
    Person.objects.filter(pk=cast.requester.pk).update(locale="fr")  # its words are longer
    page.goto(reverse("project_asks", args=[a_draft(owner=cast.requester, reward_minor=10).pk]))
    page.locator("[name=guild]").select_option(str(guild.pk))
    expect(page.locator("#level-earnings .error")).to_contain_text("30,00")
    wrong += faults(page, "earned", named="asks", looks=("phone",))
    project = a_project(owner=cast.requester, rows=1, at=clock.now())
    asks(project, "guild", guild.pk, "at_least", 2)
    worker = opened(cast.worker)
    worker.goto(reverse("project", args=[project.pk]))
    expect(worker.get_by_text("You are not in this guild.")).to_be_visible()
    wrong += faults(worker, "asks", named="asked", looks=("phone",))
    assert wrong == []
