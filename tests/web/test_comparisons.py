"""The pages of comparisons: what it costs is seen first, it is asked for once, and nobody else gets in."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from tests.builders import a_draft, a_requester, a_worker
from tests.guilds.comparisons.compared import a_crowd, accepted, asked, judged, pairs_of, who_may
from tests.web.pages import browser_of, text_of

from canut.guilds.comparisons.models import Comparison
from canut.kernel import clock
from canut.work.models import Project

pytestmark = pytest.mark.django_db


def at(project: Project, name: str = "comparisons") -> str:
    return reverse(name, args=[project.pk])


def test_a_requester_sees_what_it_costs_asks_once_and_reads_the_scores() -> None:
    owner, workers = a_requester(), a_crowd(3)
    project = accepted(owner, workers, at=clock.now())
    browser = browser_of(owner)
    assert at(project) in browser.get(reverse("results", args=[project.pk])).content.decode()
    page = browser.get(at(project))
    assert "1 task: 2 comparisons, each by one worker." in text_of(page)
    assert "Nothing has been compared yet." in text_of(page)
    agreed = str(page.context["priced"].quote.total_minor)
    named = page.context["wanted"].named
    form = {"round": "1", "tasks": named, "agreed_minor": agreed}
    wrong = browser.post(at(project, "ask_comparison"), {**form, "agreed_minor": "1"})
    assert wrong.status_code == 409
    assert "Nothing was charged" in text_of(wrong)
    assert not Comparison.objects.exists()
    done = browser.post(at(project, "ask_comparison"), form, follow=True)
    assert "Asked for: 2 comparisons." in text_of(done)
    again = browser.post(at(project, "ask_comparison"), form, follow=True)
    assert "This was asked for before. Nothing was charged." in text_of(again)
    for pair in pairs_of(project):
        judged(pair, "first", by=who_may(pair, workers), at=clock.now())
    page = browser.get(at(project))
    assert "Round 1: 2 of 2 pairs compared." in text_of(page)
    assert "Ask for round 2 of this task" in text_of(page)
    file = browser.get(at(project, "comparison_scores"))
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode())))
    assert rows[0]["rank"] == "1"
    assert sum(int(row["wins"]) for row in rows) == 2
    task = str(pairs_of(project)[0].comparison.task_id)
    second = browser.get(at(project, "ask_comparison"), {"tasks": task, "round": "2"})
    assert "Round 2 of comparing accepted answers" in text_of(second)


def test_of_very_many_tasks_as_many_are_asked_for_as_may_be_at_once(monkeypatch) -> None:
    monkeypatch.setattr("canut.guilds.comparisons.usecases.ask_comparison.MOST_PAIRS", 5)
    owner, workers = a_requester(), a_crowd(3)
    project = accepted(owner, workers, rows=3, at=clock.now())
    browser = browser_of(owner)
    for shown, so_far in (("2 tasks: 4 comparisons", 2), ("1 task: 2 comparisons", 3)):
        page = browser.get(at(project))
        assert shown in text_of(page)
        agreed = str(page.context["priced"].quote.total_minor)
        form = {"round": "1", "tasks": page.context["wanted"].named, "agreed_minor": agreed}
        for _twice in range(2):
            browser.post(at(project, "ask_comparison"), form)
        assert Comparison.objects.count() == so_far


def test_nobody_else_gets_in() -> None:
    owner = a_requester()
    project = accepted(owner, a_crowd(3))
    asked(project)
    for person, status in ((a_requester(), 404), (a_worker(), 404)):
        browser = browser_of(person)
        for name in ("comparisons", "ask_comparison", "comparison_scores"):
            assert browser.get(at(project, name)).status_code == status
        assert browser.post(at(project, "ask_comparison"), {"round": "2"}).status_code == status
    for name in ("comparisons", "ask_comparison", "comparison_scores"):
        assert Client().get(at(project, name)).status_code == 302


@pytest.mark.parametrize("value", ["", "0", "x", "-1", "1\0", "9" * 40, "١", "1.5"])
def test_nonsense_in_an_address_or_a_form_is_no_fault(value) -> None:
    owner = a_requester()
    project, browser = accepted(owner, a_crowd(3)), browser_of(owner)
    assert browser.get(at(project), {"page": value}).status_code == 200
    for asked_for in ({"round": value}, {"tasks": value}, {"round": "1", "agreed_minor": value}):
        assert browser.get(at(project, "ask_comparison"), asked_for).status_code < 500
        assert browser.post(at(project, "ask_comparison"), asked_for).status_code < 500


def test_what_cannot_be_compared_says_why() -> None:
    owner = a_requester()
    browser = browser_of(owner)
    for project in (accepted(owner, a_crowd(1)), a_draft(owner=owner)):
        assert "nothing to compare" in text_of(browser.get(at(project)))
    assert "nobody can judge" in text_of(browser.get(at(accepted(owner, a_crowd(2)))))
