"""Pages of work by the hour, of sensitive work, and of refusing a project together."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import a_project, a_worker, taken
from tests.justice.cases import heard
from tests.membership.members import admitted
from tests.web.pages import browser_of, text_of
from tests.work.by_the_hour import an_hourly_project

from canut.justice.models import Case
from canut.kernel import clock
from canut.ledger.models import Kind
from canut.ledger.queries import party_total_minor
from canut.people.models import Person
from canut.work.models import (
    Assignment,
    Project,
    ProjectOpening,
    Revision,
    Withdrawal,
    WorkBreak,
    WorkerChoice,
    WorkSession,
)
from canut.work.usecases.accept_risks import accept_risks
from canut.work.usecases.open_session import open_session

pytestmark = pytest.mark.django_db
BAR = 'class="at-work'


def running(requester: Person, **details: object) -> Project:
    return an_hourly_project(owner=requester, at=clock.now(), **details)  # type: ignore[arg-type]


def test_a_project_by_the_hour_says_what_a_session_pays_and_opens_one(requester, worker):
    project, browser = running(requester), browser_of(worker)
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert "€18.00" in page
    assert "€4.50, for 15\u00a0min" in page
    assert "Take a task" not in page
    assert BAR not in page
    opened = browser.post(reverse("open_session", args=[project.pk]), follow=True)
    assert opened.redirect_chain[-1][0].startswith("/work/")
    assert BAR in text_of(opened)
    for name in ("feed", "earnings", "sessions", "account", "charter"):
        assert BAR in text_of(browser.get(reverse(name))), name
    assert BAR not in text_of(browser_of(requester).get(reverse("projects")))


def test_the_bar_leads_through_a_break_to_the_pay(requester, worker):
    project, browser = running(requester), browser_of(worker)
    browser.post(reverse("open_session", args=[project.pk]))
    session = WorkSession.objects.get()
    resting = browser.post(reverse("take_break", args=[session.pk]), follow=True)
    assert "On a break, unpaid" in text_of(resting)
    assert "Back to work" in text_of(browser.get(reverse("feed")))
    back = browser.post(reverse("end_break", args=[session.pk]), follow=True)
    assert "At work" in text_of(back)
    closed = browser.post(reverse("close_session", args=[session.pk]), follow=True)
    assert "€4.50 is in your earnings" in text_of(closed)
    assert BAR not in text_of(closed)
    assert "closed by the worker" in text_of(closed)
    assert party_total_minor(worker.pk, Kind.EARNINGS, "EUR") == 450


def test_work_by_the_hour_is_never_said_to_pay_nothing(requester, worker):
    project, browser = running(requester), browser_of(worker)
    opened = browser.post(reverse("open_session", args=[project.pk]), follow=True)
    assignment = Assignment.objects.get()
    for name in ("my_work", "feed"):
        page = text_of(browser.get(reverse(name)))
        assert "<span>€18.00 an hour</span>" in page
        assert "<span>€0.00</span>" not in page
    assert "no longer paid" not in text_of(opened)
    answer = {"answer-label": "cat"}
    browser.post(reverse("hand_in", args=[assignment.pk]), answer)
    listed = text_of(browser.get(reverse("my_work")))
    assert "<td>by the hour</td>" in listed
    assert "<td>€0.00</td>" not in listed


def test_a_task_in_hand_after_its_session_says_that_its_time_is_not_paid(requester, worker):
    project, browser = running(requester), browser_of(worker)
    browser.post(reverse("open_session", args=[project.pk]))
    task = reverse("task", args=[Assignment.objects.get().pk])
    assert "no longer paid" not in text_of(browser.get(task))
    browser.post(reverse("close_session", args=[WorkSession.objects.get().pk]))
    assert "time on it is no longer paid" in text_of(browser.get(task))
    browser.post(reverse("open_session", args=[project.pk]))
    assert "no longer paid" not in text_of(browser.get(task))


def test_a_page_is_a_sign_of_life_and_a_script_gives_more_until_it_is_over(requester, worker):
    project, browser = running(requester), browser_of(worker)
    session = open_session(project_id=project.pk, by=worker, at=clock.now() - timedelta(minutes=5))
    browser.get(reverse("feed"))
    session.refresh_from_db()
    assert clock.now() - session.last_seen_at < timedelta(seconds=30)
    assert browser.post(reverse("note_seen", args=[session.pk])).status_code == 204
    assert browser_of(requester).post(reverse("note_seen", args=[session.pk])).status_code == 404
    long_ago = clock.now() - timedelta(minutes=30)
    WorkSession.objects.filter(pk=session.pk).update(opened_at=long_ago, last_seen_at=long_ago)
    assert browser.post(reverse("note_seen", args=[session.pk])).status_code == 409
    assert BAR not in text_of(browser.get(reverse("feed")))


def test_sensitive_work_is_offered_once_it_is_accepted_and_paid_breaks_go_with_it(requester, worker):
    project, browser = running(requester, risks=["violence"]), browser_of(worker)
    assert project.title not in text_of(browser.get(reverse("feed")))
    assert project.title in text_of(browser.get(reverse("feed") + "?risks=all"))
    page = text_of(browser.get(reverse("project", args=[project.pk])))
    assert "This work is sensitive" in page
    assert "Open a session" not in page
    browser.post(reverse("accept_risks", args=[project.pk]), {"risks": ["violence"]})
    assert "Open a session" in text_of(browser.get(reverse("project", args=[project.pk])))
    session = open_session(project_id=project.pk, by=worker, at=clock.now())
    before = clock.now() - timedelta(minutes=51)
    WorkSession.objects.filter(pk=session.pk).update(opened_at=before)
    page = text_of(browser.get(reverse("feed")))
    assert "A break is due, and it is paid" in page
    assert "Paid break, up to 10\u00a0min" in page
    assert "On a paid break" in text_of(
        browser.post(reverse("take_break", args=[session.pk]), {"paid": "1"}, follow=True)
    )
    assert WorkBreak.objects.get().is_paid
    browser.post(reverse("sensitive_work"), {"risks": []})
    assert WorkerChoice.objects.get(worker=worker).accepted_risks == []


def test_the_requester_sees_sessions_and_adds_hours_for_what_the_page_says(requester, worker):
    project = running(requester, hours=1)
    open_session(project_id=project.pk, by=worker, at=clock.now())
    browser, address = browser_of(requester), reverse("project_hours", args=[project.pk])
    page = text_of(browser.get(address))
    assert "Worker" in page
    assert "up to 1\u00a0h" in page
    shown = browser.post(address, {"hours": "2,5", "hours_before": "3600"})
    total = shown.context["price"].quote.total_minor
    assert shown.context["price"].quote.pay_minor == 4500
    before = party_total_minor(requester.pk, Kind.BALANCE, "EUR")
    asked = {"hours": "2.5", "hours_before": "3600", "agreed_minor": str(total), "add": "1"}
    assert browser.post(address, asked).status_code == 302
    assert browser.post(address, asked).status_code == 409
    assert party_total_minor(requester.pk, Kind.BALANCE, "EUR") == before - total
    assert Revision.objects.get(project=project).hours_seconds == 12_600
    assert browser.post(address, asked | {"hours": "x"}).status_code == 422
    assert browser_of(worker).get(address).status_code == 404


def test_three_who_looked_withdraw_a_project_and_its_requester_appeals(requester, worker):
    project = a_project(owner=requester, at=clock.now())
    address = reverse("refuse_project", args=[project.pk])
    for number in range(3):
        refuser = a_worker(f"refuser{number}")
        browser = browser_of(refuser)
        assert "Refuse it together" in text_of(browser.get(reverse("project", args=[project.pk])))
        if not number:
            assert "You are not a member yet." in text_of(browser.get(address))
            kept = browser.post(address, {"ground": "other", "words": "Kept as typed"})
            assert (kept.status_code, "Kept as typed" in text_of(kept)) == (409, True)
        admitted(refuser, at=clock.now())
        assert browser.post(address, {"ground": "other", "words": ""}).status_code == 422
        assert browser.post(address, {"ground": "other", "words": f"Reason {number}"}).status_code == 302
    assert ProjectOpening.objects.filter(project=project).count() == 3
    assert Withdrawal.objects.get().refused_by_workers == 3
    own = browser_of(requester)
    told = reverse("withdrawal", args=[project.pk])
    page = text_of(own.get(told))
    assert all(f"Reason {number}" in page for number in range(3))
    assert "efuser" not in page
    assert own.post(told, {"words": "It was paid well."}).status_code == 302
    case = Case.objects.get()
    assert reverse("case", args=[case.pk]) in own.get(told).content.decode()
    heard(case, overturn=True, reason="It was.", at=clock.now())
    assert "The withdrawal is overturned" in text_of(own.get(told))
    assert own.post(reverse("reinstate_project", args=[project.pk])).status_code == 302
    discard = reverse("discard_revision", args=[project.pk])
    assert "the project is closed again" in text_of(own.get(discard))
    assert own.post(discard, follow=True).status_code == 200
    assert Project.objects.get().state == "closed"
    assert browser_of(worker).get(told).status_code == 404


def test_earnings_say_what_a_session_was_and_the_studio_leads_to_hours(requester, worker):
    project = running(requester)
    session = open_session(project_id=project.pk, by=worker, at=clock.now())
    browser_of(worker).post(reverse("close_session", args=[session.pk]))
    page = text_of(browser_of(worker).get(reverse("earnings")))
    assert "Session of work by the hour" in page
    assert project.title in page
    own = text_of(browser_of(requester).get(reverse("studio_project", args=[project.pk])))
    assert reverse("project_hours", args=[project.pk]) in own


def test_a_task_names_what_it_may_show_and_when_a_break_is_due(requester, worker):
    at = clock.now()
    accept_risks(by=worker, risks=["hate"], at=at)
    project = a_project(owner=requester, at=at, risks=["hate"], reward_minor=90, lease_seconds=7200)
    held = taken(worker=worker, project=project, at=at - timedelta(minutes=51))
    page = text_of(browser_of(worker).get(reverse("task", args=[held.pk])))
    assert "It may show: hatred or harassment." in page
    assert "Look away for 10\u00a0min" in page
    assert "Paid breaks" in page
