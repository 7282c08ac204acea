"""Pages of broken tasks: reporting one with scripts off, and what its requester does in the studio."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.builders import a_project, a_worker, taken
from tests.web.pages import browser_of, text_of

from canut.justice.models import Case
from canut.kernel import clock
from canut.work.models import Assignment, BrokenRow, Draft, Task
from canut.work.usecases.pay_top_ups import pay_top_ups
from canut.work.usecases.report_broken import report_broken

pytestmark = pytest.mark.django_db

HOSTILE = "</textarea><script>alert(1)</script>"
SAID = {"kind": "missing", "words": f"There is no picture. {HOSTILE}"}


@pytest.fixture
def at():
    return clock.now()


def reported(requester, worker, at, *, rows=2, **details):
    project = a_project(owner=requester, rows=rows, at=at, **details)
    held = taken(worker=worker, project=project, at=at - timedelta(minutes=2))
    return report_broken(assignment_id=held.pk, by=worker, at=at, **SAID)


def test_a_task_is_reported_from_its_page_and_what_was_typed_is_kept(requester, worker, at):
    project = a_project(owner=requester, rows=2, at=at)
    held = taken(worker=worker, project=project, at=at - timedelta(minutes=2))
    browser, address = browser_of(worker), reverse("report_broken", args=[held.pk])
    assert address in text_of(browser.get(reverse("task", args=[held.pk])))
    went = browser.post(address, {"from_task": "1", "answer-label": "cat"})
    assert (went.status_code, went.url) == (302, address)
    assert Draft.objects.get().answer == {"label": "cat"}
    page = text_of(browser.get(address))
    for words in ("Something does not load.", "€15.00 an hour", "2\xa0min", "€0.50"):
        assert words in page
    # What is missing is said, with what was typed
    wrong = browser.post(address, {"kind": "ugly", "words": HOSTILE[:9]})
    assert wrong.status_code == 422
    assert "&lt;/textar" in wrong.content.decode()
    # Then it is reported, and the next task is there
    done = browser.post(address, SAID)
    following = Assignment.objects.get(worker=worker, state="held")
    assert (done.status_code, done.url) == (302, reverse("task", args=[following.pk]))
    page = text_of(browser.get(reverse("task", args=[held.pk])))
    for words in ("Reported as broken", "There is no picture.", "€0.50 for 2\xa0min", "is paid"):
        assert words in page
    assert "<script>alert" not in page
    assert browser.get(address).url == reverse("task", args=[held.pk])
    # After the last one, the page says why no other follows, and the list of work has it
    over = browser.post(reverse("report_broken", args=[following.pk]), SAID, follow=True)
    assert "Reported." in text_of(over)
    assert text_of(browser.get(reverse("my_work") + "?show=broken")).count("reported as broken") == 2


def test_who_may_not_is_told_the_same_as_if_there_were_nothing(requester, worker, stranger, at):
    report = reported(requester, worker, at)
    rows, row = reverse("broken_rows", args=[report.project_id]), [report.project_id, report.row_id]
    for by in (stranger, worker):
        browser = browser_of(by)
        for address in (
            rows,
            reverse("broken_row", args=row),
            reverse("contest_report", args=[*row, report.pk]),
        ):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code in (404, 405)
        decide = {"rows": [report.row_id], "do": "withdraw", "sure": "1"}
        assert (
            browser.post(reverse("decide_broken_rows", args=[report.project_id]), decide).status_code == 404
        )
    assert browser_of(stranger).get(reverse("report_broken", args=[report.pk])).status_code == 404
    assert BrokenRow.objects.get().state == "paused"
    owner = browser_of(requester)
    for address in (
        reverse("broken_row", args=[report.project_id, 2**62]),
        reverse("contest_report", args=[*row, 2**62]),
    ):
        assert owner.get(address).status_code == 404


def test_a_requester_decides_on_several_rows_after_being_asked_once_more(requester, worker, at):
    project = a_project(owner=requester, rows=3, at=at)
    reports = []
    for _each in range(3):
        held = taken(worker=worker, project=project, at=at - timedelta(minutes=2))
        reports.append(report_broken(assignment_id=held.pk, by=worker, at=at, **SAID))
    browser, address = browser_of(requester), reverse("broken_rows", args=[project.pk])
    studio = text_of(browser.get(reverse("studio_project", args=[project.pk])))
    assert "3 rows were reported as broken" in studio
    page = text_of(browser.get(address))
    assert page.count("There is no picture.") == 3
    assert "<script>alert" not in page
    decide = reverse("decide_broken_rows", args=[project.pk])
    assert "Tick the rows" in text_of(browser.post(decide, {"do": "withdraw"}, follow=True))
    assert "Tick the rows" in text_of(browser.post(decide, {"rows": ["x", "-1"]}, follow=True))
    first, second, third = (one.row_id for one in reports)
    asked = text_of(browser.post(decide, {"rows": [first, second], "do": "withdraw"}))
    assert "Withdraw 2 rows?" in asked
    for wrong in ({}, {"do": ""}, {"do": "burn"}, {"do": "burn", "sure": "1"}):
        assert browser.post(decide, {"rows": [first], **wrong}).status_code == 422
    assert BrokenRow.objects.filter(state="paused").count() == 3
    sure = {"rows": [first, second], "do": "withdraw", "sure": "1", "words": "Thank you."}
    assert browser.post(decide, sure | {"words": "x" * 2001}).status_code == 422
    assert "2 rows are withdrawn" in text_of(browser.post(decide, sure, follow=True))
    back = {"rows": [third], "do": "put_back", "sure": "1"}
    assert "1 row is back in the feed" in text_of(browser.post(decide, back, follow=True))
    assert "No row waits for you." in text_of(browser.get(address))
    assert "Thank you." in text_of(browser.get(address + "?show=withdrawn&before=nonsense"))
    assert text_of(browser.get(address + "?show=rubbish")).count("Row ") >= 3
    assert "Thank you." in text_of(browser_of(worker).get(reverse("task", args=[reports[0].pk])))


def test_who_decides_on_rows_of_volunteer_work_reads_nothing_of_money(requester, worker, at):
    project = a_project(owner=requester, rows=1, kind="volunteer", at=at)
    held = taken(worker=worker, project=project, at=at - timedelta(minutes=2))
    row = report_broken(assignment_id=held.pk, by=worker, at=at, **SAID).row
    browser, decide = browser_of(requester), reverse("decide_broken_rows", args=[project.pk])
    given = {"rows": [row.pk], "do": "withdraw"}
    read = [text_of(browser.get(reverse("broken_rows", args=[project.pk])))]
    read.append(text_of(browser.post(decide, {**given, "do": "put_back"})))
    read.append(text_of(browser.post(decide, given)))
    read.append(text_of(browser.post(decide, {**given, "sure": "1"}, follow=True)))
    assert "1 row is withdrawn." in read[-1]
    assert not any("set aside" in page or "paid all the same" in page for page in read)


def test_a_row_is_mended_cell_by_cell_and_keeps_what_is_no_text(requester, worker, at):
    lines = "One\r\nTwo"
    rows = [{"text": "Picture", "n": 3, "tags": ["a", "b"], "items": lines}]
    report = reported(requester, worker, at, rows=rows, answers=2)
    browser = browser_of(requester)
    address = reverse("broken_row", args=[report.project_id, report.row_id])
    page = text_of(browser.get(address))
    assert "[&quot;a&quot;, &quot;b&quot;]" in page
    cells = {f"cell_{number}": value for number, value in enumerate(report.row.task.row)}
    typed = {"text": "A cat", "n": "3", "tags": '["a", "c"]', "items": lines}
    sent = {name: typed[column] for name, column in cells.items()}
    wrong = browser.post(address, sent | {"words": "x" * 2001})
    assert (wrong.status_code, "A cat" in text_of(wrong)) == (422, True)
    assert browser.post(address, sent).url == reverse("broken_rows", args=[report.project_id])
    assert Task.objects.get().row == {"text": "A cat", "n": 3, "tags": ["a", "c"], "items": lines}
    assert "As it was when it was reported" in text_of(browser.get(address))
    assert browser.post(address, sent).status_code in (302, 409)
    # Of a row that somebody has answered, the page says so instead
    peer = a_worker()
    held = taken(worker=peer, project=report.project, at=at)
    other = report_broken(assignment_id=held.pk, by=peer, at=at + timedelta(minutes=2), **SAID)
    again = reverse("broken_row", args=[report.project_id, other.row_id])
    assert "Mend its data" in text_of(browser.get(again))


def test_a_report_is_contested_from_its_row_until_it_is_due(requester, worker, at):
    report = reported(requester, worker, at)
    browser = browser_of(requester)
    row = reverse("broken_row", args=[report.project_id, report.row_id])
    address = reverse("contest_report", args=[report.project_id, report.row_id, report.pk])
    assert address in text_of(browser.get(row))
    assert browser.post(address, {"reason": " "}).status_code == 422
    assert "Contested." in text_of(browser.post(address, {"reason": f"It loads. {HOSTILE}"}, follow=True))
    page = text_of(browser.get(address))
    assert "How far it is" in page
    assert "<script>alert" not in page
    case = reverse("case", args=[Case.objects.get().pk])
    for by in (requester, worker):
        assert "There is no picture." in text_of(browser_of(by).get(case))
    assert "It loads." in text_of(browser_of(worker).get(reverse("task", args=[report.pk])))
    other = reported(requester, worker, at + timedelta(minutes=5))
    pay_top_ups(at=at + timedelta(days=1))
    late = reverse("contest_report", args=[other.project_id, other.row_id, other.pk])
    assert browser.post(late, {"reason": "It loads."}).status_code == 409
    earned = text_of(browser_of(worker).get(reverse("earnings")))
    assert "Time spent on a broken task" in earned
