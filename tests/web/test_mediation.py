"""Disputes in pages: from a project's page to a published summary; and what others are told."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.justice.mediation.disputing import (
    BEGUN,
    COMPLAINED,
    MEDIATED,
    REPLIED,
    SUMMARY,
    Quarrel,
    mediator_of,
    told,
)
from tests.web.pages import browser_of, text_of

from canut.justice.mediation.models import Dispute, DisputeFile, Mediator, Precedent
from canut.justice.mediation.usecases.follow_disputes import follow_disputes
from canut.kernel import clock

pytestmark = pytest.mark.django_db

WRITTEN = {
    f"{part}_{language}": SUMMARY[f"{part}s"][language]
    for part in ("title", "text")
    for language in ("en", "fr")
}


@pytest.fixture
def quarrel(monkeypatch: pytest.MonkeyPatch) -> Quarrel:
    at(monkeypatch, BEGUN)
    return Quarrel()


def at(monkeypatch: pytest.MonkeyPatch, moment) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_a_dispute_goes_its_whole_way_through_pages(quarrel, monkeypatch, uploads):
    worker, requester, operator = map(browser_of, (quarrel.worker, quarrel.requester, quarrel.operator))
    assert "You have no disputes" in text_of(worker.get(reverse("disputes")))
    begin = reverse("begin_dispute")
    opened = worker.get(begin, {"project": quarrel.project.pk})
    assert "Name the birds" in text_of(opened)
    assert 'value="Rita"' in text_of(opened)
    given = {
        "project_id": quarrel.project.pk,
        "topic": "pay",
        "happened_on": "2026-11-20",
        "words": "It took twice the time.",
        "wish": "Half.",
    }
    # What is typed is kept when something is wrong with it
    for wrong, said in (
        ({"happened_on": "2027-11-20"}, "has not come yet"),
        ({"happened_on": "1999-11-20"}, "too long for a complaint"),
        ({"screen_name": "Nobody\0"}, "Null characters"),
        ({"screen_name": "Nobody"}, "no work between you and anybody"),
        ({"project_id": "99999999999999999999999"}, ""),
    ):
        answer = worker.post(begin, given | wrong)
        assert answer.status_code == 422, wrong
        assert "It took twice the time." in text_of(answer)
        assert said in text_of(answer)
    here = worker.post(begin, given).headers["Location"]
    dispute = Dispute.objects.get()
    assert here == reverse("dispute", args=[dispute.pk])

    def act(browser, name, **fields):
        return browser.post(f"{here}{name}/", fields)

    assert "Begun by" in text_of(requester.get(reverse("disputes")))
    assert act(requester, "say", text=" ").status_code == 422
    assert act(requester, "say", text="Let me <b>look</b>.").status_code == 302
    assert "new messages" in text_of(worker.get(reverse("disputes")))
    assert "Let me &lt;b&gt;look&lt;/b&gt;." in text_of(worker.get(here))
    assert "new messages" not in text_of(worker.get(reverse("disputes")))
    assert act(worker, "complain", text="x", sure="on").status_code == 409  # too early, with what was typed
    assert act(requester, "end-direct").status_code == 422  # not sure
    assert act(requester, "end-direct", sure="on").status_code == 302
    at(monkeypatch, COMPLAINED)
    assert act(worker, "complain", text="No agreement.", sure="on").status_code == 302
    at(monkeypatch, REPLIED)
    assert act(requester, "reply", text="It was fair.", sure="on").status_code == 302
    mediator = browser_of(mediator_of(dispute))
    assert "Between" in text_of(mediator.get(reverse("disputes")))
    # A file for the mediator alone
    sent = SimpleUploadedFile("times.txt", b"12 minutes")
    assert act(worker, "send", file=sent, audience="complainant").status_code == 302
    assert act(worker, "send", file=SimpleUploadedFile("x.html", b"<html>")).status_code == 422
    address = reverse("dispute_file", args=[dispute.pk, DisputeFile.objects.get().pk])
    assert "times.txt" not in text_of(requester.get(here))
    assert [one.get(address).status_code for one in (worker, mediator, requester, operator)] == [
        200,
        200,
        404,
        404,
    ]
    assert "sandbox" in worker.get(address).headers["Content-Security-Policy"]
    # A wording that was replaced since cannot be agreed to by mistake
    assert act(mediator, "propose", text="Half of it.").status_code == 302
    assert act(worker, "agree", number="1", sure="on").status_code == 302
    act(requester, "propose", text="A third of it.")
    assert act(worker, "agree", number="1", sure="on").status_code == 409
    at(monkeypatch, MEDIATED)
    assert act(mediator, "recommend", text="Pay half of it.", sure="on").status_code == 302
    assert act(worker, "follow", follows="yes").status_code == 302
    assert act(mediator, "sum-up", **WRITTEN | {"text_en": "Willa was right."}).status_code == 422
    assert act(mediator, "sum-up", **WRITTEN).status_code == 302
    assert act(worker, "answer-summary", version="1", answer="fine").status_code == 302
    assert act(requester, "answer-summary", version="1", answer="objects").status_code == 422
    assert act(requester, "answer-summary", version="1", answer="fine").status_code == 302
    shown = text_of(worker.get(here))
    assert "It ended on" in shown
    assert "As everybody reads it" in shown
    # Everybody else: the list, in both languages, by words of both
    assert told(MEDIATED)
    visitor = Client()
    for words in ("twice time", "tâches longues", "différence -moitié OR half"):
        assert "Pay for a task" in text_of(visitor.get(reverse("summaries"), {"words": words})), words
    assert "No summary" in text_of(visitor.get(reverse("summaries"), {"words": "zebra\0", "topic": "pay"}))
    one = reverse("summary", args=[Precedent.objects.get().pk])
    assert "La tâche a duré" in text_of(visitor.get(one, {"language": "fr"}))
    page = text_of(visitor.get(one))
    assert not any(name in page for name in ("Willa", "Rita", "Name the birds", "mediator1"))


def test_others_are_told_that_there_is_none(quarrel, stranger, uploads):
    dispute = quarrel.mediated()
    outside = browser_of(stranger)
    here = reverse("dispute", args=[dispute.pk])
    for name in ("say", "send", "agree", "complain", "reply", "recommend", "withdraw", "sum-up", "another"):
        answer = outside.post(f"{here}{name}/", {"text": "x", "sure": "on"})
        assert answer.status_code == 404, name
    assert outside.get(here).status_code == 404
    assert outside.get(reverse("dispute", args=[2**70])).status_code == 404
    assert browser_of(quarrel.worker).post(f"{here}nonsense/").status_code == 404
    assert (
        browser_of(quarrel.worker).post(f"{here}recommend/", {"text": "x", "sure": "on"}).status_code == 403
    )
    visitor = Client()
    for name in ("disputes", "begin_dispute", "appoint_mediators"):
        assert "/login/" in visitor.get(reverse(name)).headers["Location"]
    assert "/login/" in visitor.get(here).headers["Location"]
    assert outside.get(reverse("appoint_mediators")).status_code == 403
    assert outside.post(reverse("dismiss_mediator", args=[1])).status_code == 403


def test_mediators_are_appointed_in_public_and_end_it_themselves(quarrel):
    operator = browser_of(quarrel.operator)
    page = reverse("appoint_mediators")
    assert operator.post(page, {"screen_name": "Nobody"}).status_code == 422
    assert operator.post(page, {"screen_name": "Odette"}).status_code == 422
    assert operator.post(page, {"screen_name": "willa"}).status_code == 302
    assert "Odette" in text_of(operator.get(page))
    shown = text_of(Client().get(reverse("mediators")))
    assert "Willa" in shown
    assert "End my appointment" not in shown
    mine = browser_of(quarrel.worker)
    assert "End my appointment" in text_of(mine.get(reverse("mediators")))
    held = Mediator.objects.get(person=quarrel.worker)
    assert mine.post(reverse("dismiss_mediator", args=[held.pk])).status_code == 302
    assert "Willa" not in text_of(Client().get(reverse("mediators")))


def test_a_report_tells_nothing_of_few(quarrel):
    follow_disputes(at=BEGUN)
    quarrel.recommended()
    visitor = Client()
    assert "Too few disputes have ended" in text_of(visitor.get(reverse("mediation_reports")))
    found = json.loads(visitor.get(reverse("mediation_report_json", args=[2026])).content)
    assert found["ended"] is None
    assert visitor.get(reverse("mediation_report_csv", args=[2026])).content.decode().splitlines()[1] == (
        "all,,,,"
    )
    for year in (2025, 2027, 10**12):
        assert visitor.get(reverse("mediation_report", args=[year])).status_code == 404
