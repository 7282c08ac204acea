"""From an idea to law in a real browser: on a phone, by keyboard, in both languages, without any fault."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.governance.proposing import a_draft_of, an_idea, content
from tests.membership.members import active_on, admitted, members_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.charter.constitution.models import ArticleVersion
from canut.governance.content import ArticleWish
from canut.governance.models import Proposal
from canut.governance.usecases.check_sense import check_sense
from canut.membership.states import College

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LONG = "x" * 60


def test_pages_of_proposals_are_accessible_on_a_phone_and_in_french(cast, opened):  # noqa: F811
    at = cast.at - timedelta(days=1)
    active_on(cast.worker, 6, at=cast.at)
    admitted(cast.worker, at=at)
    others = members_of(College.WORKERS, 3, at=at)
    article = ArticleVersion.objects.order_by("pk").first()
    words = ArticleWish(key=article.key, title_en=LONG, text_en=article.text_en.replace("the", "a") + LONG)
    draft = a_draft_of(cast.worker, others, of=content(articles=[words], title=LONG), at=at)
    check_sense(proposal_id=draft.pk, by=others[0], stance="block", reason=LONG * 5, at=at)
    an_idea(others[0], at=at)
    page = opened(cast.worker, viewport=PHONE)
    one = reverse("proposal", args=[draft.pk])
    addresses = [
        reverse("decide"),
        reverse("proposals"),
        reverse("proposals") + "?show=archive",
        one,
        reverse("proposal_version", args=[draft.pk, 1]),
        reverse("amend_proposal", args=[draft.pk]),
        reverse("ask_feasibility", args=[draft.pk]),
        reverse("withdraw_proposal", args=[draft.pk]),
    ]
    found = seen(page, addresses)
    # Writing an idea by keyboard: a setting is added with what was typed where it stood
    page.goto(reverse("propose") + "?parameter=pay.floor_hourly_minor")
    page.get_by_label("Title", exact=True).fill("Raise the floor")
    page.get_by_label("What should change, and why").fill("Rents have gone up.")
    page.get_by_label("New value, in euros").fill("16.50")
    page.get_by_label("Parameter", exact=True).select_option("lease.factor")
    page.get_by_role("button", name="Add this setting").press("Enter")
    expect(page.get_by_label("New value, in factor")).to_be_visible()
    expect(page.get_by_label("New value, in euros")).to_have_value("16.50")
    page.get_by_label("New value, in factor").fill("300")
    page.get_by_role("button", name="Propose it").click()
    expect(page.get_by_text("The value must lie between")).to_be_visible()
    found += faults(page, "refused")
    page.get_by_role("button", name="Take lease.factor out").click()
    page.get_by_label("New value, in euros").press("Enter")
    expect(page.get_by_text("Your idea is on the list.")).to_be_visible()
    assert Proposal.objects.filter(author=cast.worker).count() == 2
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    found += seen(page, addresses)
    assert found == [], "\n".join(map(str, found))


def seen(page, addresses):
    found = []
    for address in addresses:
        page.goto(address)
        found += faults(page, address)
    return found
