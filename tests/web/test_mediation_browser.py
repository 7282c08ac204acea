"""Disputes in a real browser, by keyboard: begun, answered, summed up; on a phone, in the dark, in French."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.justice.mediation.disputing import BEGUN, MEDIATED, REPLIED, SUMMARY, Quarrel, mediator_of
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    chromium,
    opened,
    site,
)

from canut.justice.mediation.models import Dispute, Precedent
from canut.justice.mediation.usecases.settle import recommend
from canut.justice.mediation.usecases.write_summary import answer_summary, write_summary
from canut.kernel import clock

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_both_sides_and_the_mediator_take_part_by_the_keyboard(opened, monkeypatch):  # noqa: F811
    monkeypatch.setattr(clock, "now", lambda: BEGUN)
    quarrel = Quarrel()
    page = opened(quarrel.worker, viewport=PHONE)
    page.goto(f"{reverse('begin_dispute')}?project={quarrel.project.pk}")
    found = faults(page, "begin", named="mediation", looks=("phone",))
    expect(page.get_by_label("Screen name of the other side")).to_have_value("Rita")
    page.get_by_label("When it happened").fill("2026-11-20")
    page.get_by_label("What happened").fill("It took twice the time. " * 20)
    page.get_by_label("What would settle it").fill("Half of the difference.")
    page.get_by_role("button", name="Tell the other side").press("Enter")
    expect(page.get_by_text("The other side is told.")).to_be_visible()
    page.get_by_label("Your message").fill("Please look at it.")
    page.get_by_role("button", name="Write it").press("Enter")
    expect(page.get_by_text("Please look at it.")).to_be_visible()
    first = Dispute.objects.get()
    # With a mediator: everything that can be done is on the page
    Dispute.objects.filter(pk=first.pk).update(state="withdrawn", ended_at=BEGUN)
    dispute = quarrel.mediated(words="It took three times as long.")
    monkeypatch.setattr(clock, "now", lambda: REPLIED)
    mediator = mediator_of(dispute)
    page = opened(mediator, viewport=PHONE)
    page.goto(reverse("dispute", args=[dispute.pk]))
    for summary in page.locator("details summary").all():
        if summary.is_visible() and summary.locator("xpath=ancestor::main").count():
            summary.press("Enter")
    found += faults(page, "mediator", named="mediation")
    messages = page.get_by_role("region", name="Messages")
    messages.get_by_role("radio", name="the other side, and the mediator").check()
    page.get_by_label("Your message").fill("Between us.")
    page.get_by_role("button", name="Write it").press("Enter")
    expect(page.get_by_text("only the other side, and the mediator")).to_be_visible()
    monkeypatch.setattr(clock, "now", lambda: MEDIATED)
    recommend(dispute_id=dispute.pk, by=mediator, text="Pay half of it.", at=MEDIATED)
    write_summary(dispute_id=dispute.pk, by=mediator, **SUMMARY, at=MEDIATED)
    answer_summary(dispute_id=dispute.pk, by=quarrel.requester, version=1, objects=False, at=MEDIATED)
    page = opened(quarrel.worker, viewport=PHONE)
    page.goto(reverse("dispute", args=[dispute.pk]))
    found += faults(page, "ended", named="mediation")
    page.get_by_role("radio", name="Yes, I follow it").check()
    page.get_by_role("button", name="Answer").first.press("Enter")
    expect(page.get_by_text("Your answer is kept.")).to_be_visible()
    page.get_by_role("radio", name="Yes", exact=True).check()
    page.get_by_role("button", name="Answer").last.press("Enter")
    expect(page.get_by_role("link", name="As everybody reads it")).to_be_visible()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    for name, given in (
        ("disputes", []),
        ("summaries", []),
        ("summary", [Precedent.objects.get().pk]),
        ("mediators", []),
        ("mediation_reports", []),
    ):
        page.goto(reverse(name, args=given))
        found += faults(page, f"{name}-fr", named="mediation", looks=("phone",))
    assert found == []
