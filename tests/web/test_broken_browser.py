"""Broken tasks in a real browser: reported on a phone in French, decided on by keyboard in the dark."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.builders import a_project, a_worker, taken
from tests.web.looks import PHONE, faults
from tests.web.test_tasks_browser import (  # noqa: F401 - fixtures
    cast,
    chromium,
    opened,
    site,
)

from canut.work.models import BrokenReport, BrokenRow, Draft
from canut.work.usecases.report_broken import report_broken

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_task_is_reported_on_a_phone_and_its_row_decided_on_in_the_studio(cast, opened):  # noqa: F811
    began = cast.at - timedelta(minutes=3)
    project = a_project(owner=cast.requester, rows=3, at=cast.began)
    held = taken(worker=cast.worker, project=project, at=began)
    phone = opened(cast.worker, viewport=PHONE, has_touch=True)
    phone.goto(reverse("task", args=[held.pk]))
    phone.get_by_label("Cat").check()
    phone.get_by_role("button", name="This task is broken").click()
    expect(phone.get_by_role("heading", name="This task is broken")).to_be_visible()
    assert Draft.objects.get().answer == {"label": "cat"}
    assert faults(phone, "report", named="broken") == []
    phone.set_viewport_size(PHONE)
    phone.get_by_label("Something that is needed is missing.").check()
    phone.get_by_label("What exactly, and where").fill("There is no picture.")
    phone.get_by_role("button", name="Report it as broken").click()
    expect(phone.get_by_text("Reported. The requester is told what you said.")).to_be_visible()
    assert BrokenReport.objects.get().pay == "announced"
    phone.goto(reverse("task", args=[held.pk]))
    expect(phone.get_by_role("heading", name="Reported as broken")).to_be_visible()
    assert faults(phone, "own report", named="broken") == []
    # Another one is reported by somebody else; the requester decides on one and mends the other
    peer = taken(worker=cast.peer, project=project, at=began)
    report_broken(assignment_id=peer.pk, kind="impossible", words="x" * 300, by=cast.peer, at=cast.at)
    desk = opened(cast.requester)
    desk.goto(reverse("studio_project", args=[project.pk]))
    desk.get_by_role("link", name="Decide on them").click()
    assert faults(desk, "rows", named="broken") == []
    first = BrokenRow.objects.order_by("pk")[0]
    desk.get_by_label(f"Decide on row {first.task.position}").focus()
    desk.keyboard.press("Space")
    desk.get_by_role("button", name="Withdraw the ticked rows").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", name="Withdraw 1 row?")).to_be_visible()
    assert faults(desk, "sure", named="broken") == []
    desk.get_by_role("button", name="Withdraw", exact=True).click()
    expect(desk.get_by_text("1 row is withdrawn")).to_be_visible()
    desk.locator("h3.card-title a").click()
    desk.get_by_label("text", exact=True).fill("A picture of a cat")
    assert faults(desk, "row", named="broken") == []
    desk.get_by_role("button", name="Save, and put it back").click()
    expect(desk.get_by_text("Mended. The row is back in the feed.")).to_be_visible()
    assert set(BrokenRow.objects.values_list("state", flat=True)) == {"withdrawn", "mended"}
    desk.goto(reverse("contest_report", args=[project.pk, first.pk, held.pk]))
    expect(desk.get_by_label("Why the task is not broken")).to_be_visible()
    assert faults(desk, "contest", named="broken") == []
    # And in French, with scripts off, the same page stands
    other = taken(worker=a_worker("french", locale="fr"), project=project, at=began)
    plain = opened(other.worker, viewport=PHONE, java_script_enabled=False)
    plain.goto(reverse("report_broken", args=[other.pk]))
    assert plain.locator("html").get_attribute("lang") == "fr"
    plain.locator("input[name=kind]").first.check()
    plain.locator("textarea[name=words]").fill("L’image ne s’affiche pas.")
    plain.locator("main form button[type=submit]").click()
    assert BrokenReport.objects.filter(worker=other.worker).exists()
