"""What came of the work: how far a project is, and finished results to follow."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.projects import Progress
from canut.api.shapes.review import Results
from canut.api.shapes.said import progress_said
from canut.api.shapes.said_work import result_said
from canut.people.models import Scope
from canut.work.queries.answered import finished
from canut.work.queries.progress import progress_of
from canut.work.refusals import ProjectNotFound

doors = Doors("results")


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
    shown = rows[:limit]
    last_id = shown[-1].decision_id if shown else after_id
    items = [result_said(row) for row in shown]
    return Results(items=items, cursor=cursor_to("results", last_id), more=len(rows) > limit)
