"""A replay in a real browser: asked for, followed until it is done, and read on a phone and in the dark."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.membership.members import admitted
from tests.web.looks import faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.lab.replays.models import Replay
from canut.lab.replays.report import Figure, FundFlow, Group, Table, from_plain, to_plain
from canut.lab.replays.usecases.run_replay import run_replay

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_replay_is_asked_for_followed_and_read(cast, opened, uploads):  # noqa: F811
    admitted(cast.worker, at=cast.at)
    page = opened(cast.worker, locale="en-GB")
    page.goto(reverse("replays"))
    page.select_option("select[name=parameter]", "levy.guild_share")
    page.click("text=Choose a value")
    page.fill("input[name=value]", "2")
    found = faults(page, "asking", named="replay")
    page.press("input[name=value]", "Enter")
    expect(page.locator("progress")).to_have_count(1)
    replay = Replay.objects.get()
    assert replay.settings[0]["value"] == str(Decimal("0.02"))
    found += faults(page, "running", looks=("phone",))
    run_replay(replay_id=replay.pk, at=cast.at)
    expect(page.locator("#replay")).to_contain_text("2 % tried", timeout=15_000)  # the page follows by itself
    # As it stands on a site with many people: groups, funds and figures, each drawing with its table
    report = from_plain(Replay.objects.get().reports[0])
    groups = [Group(people=12, before=100.0 * n, after=104.5 * n) for n in range(1, 11)]
    income = Table(measure="income", unit="minor", people=120, groups=groups)
    cost = Table(measure="cost", unit="minor", people=36, groups=groups[:3])
    much = replace(
        report,
        workers=income,
        requesters=cost,
        funds=[FundFlow(fund="guild_fund", in_before=1200, in_after=2400, out_before=900, out_after=900)],
        figures=[Figure(code="paid_to_workers", unit="minor", before=66_000, after=68_970)],
    )
    Replay.objects.update(reports=[to_plain(much)])
    page.reload()
    expect(page.locator("svg.chart")).to_have_count(3)
    for summary in page.locator("details > summary").all():
        if summary.is_visible() and summary.text_content() == "The same as a table":
            summary.click()
    expect(page.locator("figure table")).to_have_count(3)
    found += faults(page, "done", named="replay")
    assert found == []
