"""Duties on the pages: which fund pays them is said, and nothing asks for a requester who is not there."""

import pytest
from django.urls import reverse
from tests.api.calls import key_of
from tests.builders import a_worker
from tests.web.pages import browser_of, text_of
from tests.work.asked import a_guild
from tests.work.duties import a_duty, a_duty_task, fill_fund, give_level

from canut.kernel import clock
from canut.reputation.queries import own_regard
from canut.work.models import Assignment, ProjectRefusal

pytestmark = pytest.mark.django_db


def test_a_duty_from_the_feed_to_the_earnings() -> None:
    at = clock.now()
    fill_fund(10_000)
    worker, guild = a_worker(), a_guild("Transcription")
    duty = a_duty(owner=guild, title="Review: the hearing", at=at)
    for _ in range(2):
        a_duty_task(duty, offered_to=[worker.pk], at=at)
    browser = browser_of(worker)
    for address in (reverse("feed"), reverse("project", args=[duty.pk])):
        page = text_of(browser.get(address))
        assert "paid by the guild fund" in page
        assert f'href="{reverse("guild", args=[guild.pk])}"' in page
        assert reverse("requester", args=[guild.pk]) not in page
    page = text_of(browser.get(reverse("project", args=[duty.pk])))
    assert "approved and paid at once" in page
    assert "The requester's record" not in page
    assert reverse("refuse_project", args=[duty.pk]) not in page
    assert browser.get(reverse("why", args=[duty.pk])).status_code == 200
    refused = browser.post(reverse("refuse_project", args=[duty.pk]), {"ground": "unclear"})
    assert (refused.status_code, ProjectRefusal.objects.exists()) == (409, False)
    assert browser.get(reverse("requester", args=[guild.pk])).status_code == 404

    browser.post(reverse("take_task", args=[duty.pk]))
    first = Assignment.objects.get(worker=worker)
    page = text_of(browser.get(reverse("task", args=[first.pk])))
    assert "paid by the guild fund" in page
    assert 'name="rating"' not in page
    handed = {"answer-label": "cat", "next_was": "1", "next": "1", "rating": "3"}
    browser.post(reverse("hand_in", args=[first.pk]), handed)
    assert Assignment.objects.filter(worker=worker, state="held").count() == 1
    browser.post(reverse("rate_requester", args=[first.pk]), {"rating": "3"})
    assert own_regard(worker.pk, guild.pk) is None
    page = text_of(browser.get(reverse("task", args=[first.pk])))
    assert "Approved" in page
    assert "€1.00 is in your earnings" in page
    assert "Rate the requester" not in page
    page = text_of(browser.get(reverse("my_work")))
    assert "paid by the guild fund" in page
    assert "approved by itself" not in page
    assert "Where should" not in page
    assert "€1.00" in text_of(browser.get(reverse("earnings")))


def test_a_program_reads_which_fund_pays(client) -> None:  # type: ignore[no-untyped-def]
    at = clock.now()
    fill_fund(10_000)
    worker, guild = a_worker(), a_guild()
    give_level(worker, guild, 2)
    duty = a_duty(owner=guild, at=at)
    a_duty_task(duty, offered_to=[worker.pk], at=at)
    bearer = {"Authorization": f"Bearer {key_of(worker, ['work'])}"}
    (card,) = client.get("/api/v1/feed", headers=bearer).json()["items"]
    assert (card["fund"], card["requester"]["id"]) == ("guild_fund", guild.pk)
    assert client.get(f"/api/v1/projects/{duty.pk}/explanation", headers=bearer).status_code == 200
