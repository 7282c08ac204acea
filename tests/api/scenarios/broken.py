"""Situations of broken tasks: reporting one, and what its requester makes of the row."""

from collections.abc import Callable
from datetime import timedelta

from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import says
from tests.builders import a_project, a_submission, a_worker, taken
from tests.work.duties import a_duty, a_duty_task, fill_fund

from canut.work.models import Assignment, BrokenReport, Revision, Upload
from canut.work.usecases.close_project import close_project
from canut.work.usecases.end_broken_rows import put_back_rows
from canut.work.usecases.leave_task import skip_task
from canut.work.usecases.report_broken import report_broken

SAID = {"kind": "missing", "words": "There is no picture."}
NOWHERE = 987654321


def held(cast: Cast) -> Assignment:
    project = a_project(owner=cast.requester, rows=2, at=cast.at)
    return taken(worker=cast.worker, project=project, at=cast.at - timedelta(minutes=2))


def reported(cast: Cast) -> BrokenReport:
    return report_broken(assignment_id=held(cast).pk, by=cast.worker, at=cast.at, **SAID)


def report(cast: Cast, assignment_id: int, **said: object) -> Call:
    return cast.post(cast.worker, f"/assignments/{assignment_id}/broken", {**SAID, **said})


says("report_a_broken_task", "200")(lambda cast: report(cast, held(cast).pk, next=True))
says("report_a_broken_task", "assignment_not_found")(lambda cast: report(cast, NOWHERE))


@says("report_a_broken_task", "not_in_hand")
def _(cast: Cast) -> Call:
    one = held(cast)
    skip_task(assignment_id=one.pk, by=cast.worker, at=cast.at)
    return report(cast, one.pk)


@says("report_a_broken_task", "lease_ran_out")
def _(cast: Cast) -> Call:
    one = held(cast)
    Assignment.objects.filter(pk=one.pk).update(lease_until=one.taken_at + timedelta(seconds=1))
    return report(cast, one.pk)


@says("report_a_broken_task", "not_reportable")
def _(cast: Cast) -> Call:
    fill_fund(1_000)
    duty = a_duty()
    a_duty_task(duty, offered_to=[cast.worker.pk])
    return report(cast, taken(worker=cast.worker, project=duty, at=cast.at).pk)


@says("list_broken_rows", "200")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/projects/{reported(cast).project_id}/broken-rows?shows=all")


@says("list_broken_rows", "project_not_found")
def _(cast: Cast) -> Call:
    return cast.get(cast.requester, f"/projects/{NOWHERE}/broken-rows")


def put_back(cast: Cast, project_id: int, row_id: int) -> Call:
    path = f"/projects/{project_id}/broken-rows/put-back"
    return cast.post(cast.requester, path, {"rows": [row_id], "words": "It loads."})


def withdraw(cast: Cast, project_id: int, row_id: int) -> Call:
    return cast.post(cast.requester, f"/projects/{project_id}/broken-rows/withdraw", {"rows": [row_id]})


def mend(cast: Cast, project_id: int, row_id: int) -> Call:
    body = {"row": {"text": "A picture of a cat"}, "words": "Thank you."}
    return cast.put(cast.requester, f"/projects/{project_id}/broken-rows/{row_id}/data", body)


def _closed(cast: Cast) -> BrokenReport:
    one = reported(cast)
    close_project(project_id=one.project_id, by=cast.requester, at=cast.at)
    return one


def _still_opening(cast: Cast) -> BrokenReport:
    one = reported(cast)
    Revision.objects.filter(project=one.project_id).update(places_opened_to=0)
    return one


def _on_each(operation: str, ask: Callable[[Cast, int, int], Call]) -> None:
    def about(make: Callable[[Cast], BrokenReport]) -> Callable[[Cast], Call]:
        def call(cast: Cast) -> Call:
            one = make(cast)
            return ask(cast, one.project_id, one.row_id)

        return call

    says(operation, "200")(about(reported))
    says(operation, "project_closed")(about(_closed))
    says(operation, "places_still_opening")(about(_still_opening))
    says(operation, "project_not_found")(lambda cast: ask(cast, NOWHERE, 1))
    says(operation, "broken_row_not_found")(lambda cast: ask(cast, reported(cast).project_id, NOWHERE))


_on_each("put_broken_rows_back", put_back)
_on_each("withdraw_broken_rows", withdraw)
_on_each("mend_a_broken_row", mend)


@says("mend_a_broken_row", "row_decided_already")
def _(cast: Cast) -> Call:
    one = reported(cast)
    put_back_rows(project_id=one.project_id, row_ids=[one.row_id], by=cast.requester, at=cast.at)
    return mend(cast, one.project_id, one.row_id)


@says("mend_a_broken_row", "row_has_answers")
def _(cast: Cast) -> Call:
    project = a_project(owner=cast.requester, rows=1, answers=2, at=cast.at)
    a_submission(worker=a_worker(), project=project, at=cast.at)
    one = taken(worker=cast.worker, project=project, at=cast.at)
    report = report_broken(assignment_id=one.pk, by=cast.worker, at=cast.at, **SAID)
    return mend(cast, project.pk, report.row_id)


@says("mend_a_broken_row", "rows_under_way")
def _(cast: Cast) -> Call:
    one = reported(cast)
    Upload.objects.create(
        project_id=one.project_id,
        uploaded_by=cast.requester,
        stored_as=f"uploads/{one.project_id}",
        filename="more.csv",
        format="csv",
        size_bytes=1,
        state="adding",
        received_at=cast.at,
    )
    return mend(cast, one.project_id, one.row_id)


def contest(cast: Cast, project_id: int, assignment_id: int) -> Call:
    path = f"/projects/{project_id}/broken-reports/{assignment_id}/contest"
    return cast.post(cast.requester, path, {"reason": "It loads in every browser."})


@says("contest_a_broken_report", "200")
def _(cast: Cast) -> Call:
    one = reported(cast)
    return contest(cast, one.project_id, one.pk)


@says("contest_a_broken_report", "project_not_found")
def _(cast: Cast) -> Call:
    return contest(cast, NOWHERE, 1)


@says("contest_a_broken_report", "broken_report_not_found")
def _(cast: Cast) -> Call:
    return contest(cast, reported(cast).project_id, NOWHERE)


@says("contest_a_broken_report", "contest_too_late")
def _(cast: Cast) -> Call:
    one = reported(cast)
    BrokenReport.objects.filter(pk=one.pk).update(due_at=cast.at - timedelta(minutes=1))
    return contest(cast, one.project_id, one.pk)
