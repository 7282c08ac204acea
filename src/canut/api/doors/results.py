"""What came of the work: how far a project is, finished results to follow, figures, and files."""

from typing import Annotated, Literal

from django.core.files.storage import default_storage
from django.http import FileResponse
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page
from canut.api.shapes.projects import Progress
from canut.api.shapes.results import Export, ExportWanted, Order, Statistics, TaskLabels, Wanted
from canut.api.shapes.review import Results
from canut.api.shapes.said import progress_said
from canut.api.shapes.said_work import result_said
from canut.people.models import Scope
from canut.work.queries import results
from canut.work.queries.answered import finished
from canut.work.queries.progress import progress_of
from canut.work.queries.results_wanted import ALL_REVISIONS
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.compute_results import compute_results
from canut.work.usecases.export_results import export_results

doors = Doors("results")

OrderAsked = Annotated[
    Order, Query(description="What tasks are sorted by, rising; falling with - before it.")
]


def _number(revision: int | Literal["all"] | None) -> int | None:
    return ALL_REVISIONS if revision == "all" else revision


@doors.get(
    "/projects/{project_id}/progress", scope=Scope.RESULTS, answers=Progress, refuses=(ProjectNotFound,)
)
def watch_progress(request: Asked, project_id: Id) -> Progress:
    """How far a project has come: counts of tasks and answers, and its money, all of one moment."""
    return progress_said(progress_of(project_id, by=request.auth.by))


@doors.get("/projects/{project_id}/results", scope=Scope.RESULTS, answers=Results, refuses=(ProjectNotFound,))
def list_results(request: Asked, project_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Results:
    """Approved work in the order of its approval, each piece once and for good.

    Keep `cursor` with what you have stored, and go on from it after a break of any length: nothing is
    lost and nothing comes twice, however many people approve at once.
    """
    after_id = after(cursor, "results") or 0
    rows = finished(project_id, by=request.auth.by, after_id=after_id, most=limit + 1)
    items = [result_said(row, cursor_to("results", row.decision_id)) for row in rows[:limit]]
    following = items[-1].cursor if items else cursor_to("results", after_id)
    return Results(items=items, cursor=following, more=len(rows) > limit)


@doors.post(
    "/projects/{project_id}/statistics",
    scope=Scope.RESULTS,
    answers=Statistics,
    status=201,
    refuses=(ProjectNotFound,),
)
def work_out_statistics(request: Asked, project_id: Id, body: Wanted | None = None) -> Statistics:
    """Have the answers to one question summed up: agreement, aggregated labels, accuracy, ranking.

    A little is worked out at once, more by a job whose progress `get_statistics` tells. Asking for the
    same again gives the same, until new work has come in.
    """
    wanted = body or Wanted.model_validate({})
    made = compute_results(
        project_id=project_id,
        by=request.auth.by,
        at=request.auth.at,
        revision=_number(wanted.revision),
        **wanted.model_dump(exclude={"revision"}),
    )
    return Statistics.model_validate(results.results_of(made))


@doors.get("/statistics/{statistics_id}", scope=Scope.RESULTS, answers=Statistics, refuses=(ProjectNotFound,))
def get_statistics(request: Asked, statistics_id: Id) -> Statistics:
    """Results that were asked for: their figures, or how far they are."""
    return Statistics.model_validate(results.results(statistics_id, by=request.auth.by))


@doors.get(
    "/statistics/{statistics_id}/tasks",
    scope=Scope.RESULTS,
    answers=Page[TaskLabels],
    refuses=(ProjectNotFound,),
)
def list_aggregated(
    request: Asked,
    statistics_id: Id,
    order: OrderAsked = "position",
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Page[TaskLabels]:
    """What each method says of each task, of results that are done."""
    listing = f"statistics-{statistics_id}-{order}-{limit}"
    page = after(cursor, listing) or 1
    found = results.results(statistics_id, by=request.auth.by)
    rows = results.tasks_page(statistics_id, by=request.auth.by, order=order, page=page, most=limit)
    following = cursor_to(listing, page + 1) if page * limit < found.rows else None
    return Page[TaskLabels](items=[TaskLabels.model_validate(row) for row in rows], next_cursor=following)


@doors.post(
    "/projects/{project_id}/exports",
    scope=Scope.RESULTS,
    answers=Export,
    status=201,
    refuses=(ProjectNotFound,),
)
def ask_for_export(request: Asked, project_id: Id, body: ExportWanted | None = None) -> Export:
    """Have a file written: a row for each assignment with its provenance, or the aggregated answers.

    A job writes it; `get_export` tells how far it is. Asking again while nothing has come in gives the
    same file.
    """
    wanted = body or ExportWanted.model_validate({})
    made = export_results(
        project_id=project_id,
        by=request.auth.by,
        at=request.auth.at,
        file_format=wanted.format,
        revision=_number(wanted.revision),
        **wanted.model_dump(exclude={"format", "revision"}),
    )
    return Export.model_validate(results.export(made.pk, by=request.auth.by))


@doors.get(
    "/projects/{project_id}/exports", scope=Scope.RESULTS, answers=Page[Export], refuses=(ProjectNotFound,)
)
def list_exports(request: Asked, project_id: Id) -> Page[Export]:
    """The newest files asked for, at most twenty; they are kept a week."""
    found = results.exports(project_id, by=request.auth.by)
    return Page[Export](items=[Export.model_validate(export) for export in found], next_cursor=None)


@doors.get("/exports/{export_id}", scope=Scope.RESULTS, answers=Export, refuses=(ProjectNotFound,))
def get_export(request: Asked, export_id: Id) -> Export:
    """One file that was asked for: done, or how far it is."""
    return Export.model_validate(results.export(export_id, by=request.auth.by))


@doors.get(
    "/exports/{export_id}/file",
    scope=Scope.RESULTS,
    answers="application/octet-stream",
    refuses=(ProjectNotFound,),
)
def download_export(request: Asked, export_id: Id) -> FileResponse:
    """A finished file."""
    stored_as, name, _format = results.exported_file(export_id, by=request.auth.by)
    return FileResponse(
        default_storage.open(stored_as),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
