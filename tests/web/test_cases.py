"""Appeals on pages: one click, files, where a case stands, how it ended, and who must not get in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.api.calls import Call
from tests.builders import a_project, a_worker
from tests.justice.cases import heard, lapsed
from tests.justice.jury.panels import Dispute, votes
from tests.told import mailed
from tests.web.pages import browser_of, text_of
from tests.work.decided import EVIDENCE, WHY_REJECTED, WHY_RETURNED, a_rejected_submission

from canut.justice.models import Case, CaseFile
from canut.kernel import clock
from canut.kernel.money import format_money
from canut.web.cases import urls
from canut.work.models import Appeal, Decision
from canut.work.queries.rework import rework_promised
from canut.work.usecases.approve_submission import approve_submission
from canut.work.usecases.tell_worker import tell_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]

HOSTILE = "<script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def rejected(requester, worker):
    began = clock.now() - timedelta(hours=6)
    project = a_project(owner=requester, title="Cats & dogs", at=began)
    return a_rejected_submission(worker=worker, project=project, at=began)


def shot(content: bytes = PNG, name: str = "Ann Worker's shot.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_from_the_click_to_the_outcome(requester, worker, rejected):
    mine, theirs = browser_of(worker), browser_of(requester)
    address = reverse("appeal", args=[rejected.assignment_id])
    assert WHY_REJECTED in text_of(mine.get(address))  # where the mail leads
    refused = mine.post(address, {"words": "It barks.", "file": shot(b"<html>", "a.html")})
    assert refused.status_code == 422
    assert "It barks." in text_of(refused)
    assert not Case.objects.exists()
    for _click in range(2):
        opened = mine.post(address, {"words": f"It barks. {HOSTILE}", "file": shot()}, follow=True)
    case, file = Case.objects.get(), CaseFile.objects.get()
    page = text_of(opened)
    assert "Your appeal is open." in page
    assert "Peers are being looked for." in page
    assert HOSTILE not in page
    for words in (
        WHY_RETURNED,
        EVIDENCE,
        WHY_REJECTED,
        "It barks.",
        "First attempt",
        "Second attempt",
        "A cat",
    ):
        assert words in page
    assert "Ann Worker&#x27;s shot.png" in page

    # The other side reads the same, and no name of the file
    seen = text_of(theirs.get(reverse("rejection_case", args=[rejected.assignment_id]), follow=True))
    assert "file-1.png" in seen
    assert "Ann" not in seen
    assert reverse("remove_case_file", args=[file.pk]) not in seen
    fetched = theirs.get(reverse("case_file", args=[file.pk]))
    assert b"".join(fetched.streaming_content) == PNG
    assert 'filename="file-1.png"' in fetched.headers["Content-Disposition"]
    review = reverse("review", args=[case_project(case)]) + "?state=rejected"
    assert reverse("rejection_case", args=[rejected.assignment_id]) in text_of(theirs.get(review))

    # Files come and go while it is open
    add = reverse("add_case_file", args=[case.pk])
    assert mine.post(add, {}).status_code == 422
    assert "none of them" in text_of(mine.post(add, {"file": shot(b"\x00\x01", "x.bin")}))
    mine.post(add, {"file": shot(PNG + b"2")})
    mine.post(reverse("remove_case_file", args=[file.pk]))
    assert CaseFile.objects.get().number == 2

    # Peers have said; nothing can be changed any more
    heard(case, overturn=True, reason=f"A dog it is. {HOSTILE}", at=clock.now())
    for browser in (mine, theirs):
        page = text_of(browser.get(reverse("case", args=[case.pk])))
        assert "It was not right: the work counts as approved, and is paid." in page
        assert "A dog it is." in page
        assert HOSTILE not in page
    assert mine.post(add, {"file": shot(PNG + b"3")}).status_code == 409
    assert mine.post(reverse("remove_case_file", args=[CaseFile.objects.get().pk])).status_code == 409
    assert "peers say that it does not stand" in text_of(mine.get(reverse("cases")))
    assert "the rejection is overturned" in text_of(mine.get(reverse("task", args=[rejected.assignment_id])))


def case_project(case: Case) -> int:
    return Appeal.objects.values_list("assignment__project", flat=True).get(assignment=case.subject_id)


@pytest.mark.parametrize("how", ["taken back", "no peers", "stands", "the requester gives in"])
def test_each_side_reads_how_it_ended(requester, worker, rejected, how):
    mine, theirs = browser_of(worker), browser_of(requester)
    mine.post(reverse("appeal", args=[rejected.assignment_id]))
    case = Case.objects.get()
    match how:
        case "taken back":
            asked = text_of(mine.get(reverse("take_back_case", args=[case.pk])))
            assert "cannot appeal it again" in asked
            mine.post(reverse("take_back_case", args=[case.pk]))
            says = ("You took this appeal back.", "The appeal was taken back.")
        case "no peers":
            lapsed(case, at=clock.now())
            says = ("No peers were found in time.",) * 2
        case "stands":
            heard(case, overturn=False, reason="It is a cat.", at=clock.now())
            says = ("It was right: the rejection stands",) * 2
        case _:
            approve_submission(submission_id=rejected.pk, by=requester, at=clock.now())
            heard(case, overturn=False, reason="It is a cat.", at=clock.now())  # a vote that came too late
            says = ("The other side gave in", "You settled this yourself")
    pages = [text_of(one.get(reverse("case", args=[case.pk]))) for one in (mine, theirs)]
    assert [say in page for say, page in zip(says, pages, strict=True)] == [True, True]
    assert "Your appeal" in text_of(mine.get(reverse("task", args=[rejected.assignment_id])))
    review = reverse("review", args=[case_project(case)])
    for state in ("rejected", "approved"):
        assert theirs.get(f"{review}?state={state}").status_code == 200
    # Appealing again changes nothing, and asking to take it back neither
    mine.post(reverse("appeal", args=[rejected.assignment_id]))
    mine.post(reverse("take_back_case", args=[case.pk]))
    before = (case.state, case.decided_by)
    case.refresh_from_db()
    assert Case.objects.count() == 1
    assert (case.state, case.decided_by) != before


def test_how_far_the_peers_are_is_told_and_who_they_are_or_how_they_vote_is_not():
    dispute = Dispute(names=("Ruth", "Will"))
    panel = dispute.drawn()
    mine, theirs = browser_of(dispute.worker), browser_of(dispute.requester)
    address = reverse("case", args=[panel.case_id])
    assert "0 votes of 3 are in; 2 alike decide." in text_of(mine.get(address))
    votes(panel, "falls")
    for browser in (mine, theirs):
        page = text_of(browser.get(address))
        assert "1 vote of 3 is in; 2 alike decide." in page
        assert "25 November 2026" in page
        assert "To me it" not in page
    votes(panel, "stands", "falls")
    for browser, other in ((mine, dispute.requester), (theirs, dispute.worker)):
        page = text_of(browser.get(address))
        assert "It was not right: the work counts as approved, and is paid." in page
        assert "To me it falls." in page
        for name in (other.party.screen_name, *(one.party.screen_name for one in dispute.members)):
            assert name not in page
    said = Call(dispute.requester, "GET", f"/cases/{panel.case_id}").answered()
    assert said.json["is_mine"] is False
    assert [one["falls"] for one in said.json["votes"]] in ([True, True], [True, True, False])


def test_only_the_two_sides_get_in(requester, worker, stranger, operator, rejected):
    browser_of(worker).post(reverse("appeal", args=[rejected.assignment_id]), {"file": shot()})
    case, file = Case.objects.get(), CaseFile.objects.get()
    about = {
        "appeal": rejected.assignment_id,
        "rejection_case": rejected.assignment_id,
        "case_file": file.pk,
        "remove_case_file": file.pk,
    }
    lists = {"cases": "appealed nothing", "cases_against": "Nobody has contested anything"}
    changes = {"appeal", "add_case_file", "take_back_case", "remove_case_file"}
    state = list(Case.objects.values()), list(CaseFile.objects.values())
    others = {
        "visitor": Client(),
        **{p.username: browser_of(p) for p in (stranger, operator, a_worker("other"))},
    }
    for pattern in urls.urlpatterns:
        address = reverse(
            pattern.name, args=[] if pattern.name in lists else [about.get(pattern.name, case.pk)]
        )
        for name, browser in others.items():
            answers = [browser.get(address), browser.post(address, {"file": shot()})]
            if name == "visitor":
                assert {one.status_code for one in answers} == {302}, address
            elif pattern.name in lists:
                assert lists[pattern.name] in text_of(answers[0])
            else:
                assert {one.status_code for one in answers} <= {404, 405}, (name, address)
        # The other side reads and changes nothing
        if pattern.name in changes:
            assert browser_of(requester).post(address, {"file": shot()}).status_code == 404, address
    assert (list(Case.objects.values()), list(CaseFile.objects.values())) == state
    for nothing in ("case", "take_back_case", "rejection_case", "appeal"):
        assert browser_of(worker).get(reverse(nothing, args=[2**70])).status_code == 404


def test_what_approval_pays_holds_the_rework_too(requester, worker, rejected):
    promised = Decision.objects.get(submission__assignment=rejected.assignment, outcome="returned")
    assert promised.rework_minor > 0
    pays = rejected.assignment.reward_minor + promised.rework_minor
    assert rework_promised([rejected.assignment_id]) == {rejected.assignment_id: promised.rework_minor}
    mine = browser_of(worker)
    mine.post(reverse("appeal", args=[rejected.assignment_id]))
    said = format_money(pays, "EUR")
    assert said in text_of(mine.get(reverse("case", args=[Case.objects.get().pk])))
    approve_submission(submission_id=rejected.pk, by=requester, at=clock.now())
    tell_worker(submission_id=rejected.pk, outcome="overturned", at=clock.now())
    assert f"{said} are in your earnings." in mailed(worker)[-1].text
