"""How projects open: watched and chosen by their requester, and what opens soon to a worker."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, cursor_to, text_after
from canut.api.shapes.common import Page
from canut.api.shapes.opening import Cascade, OpeningSoon, PolicyChosen
from canut.api.shapes.said_opening import cascade_said, soon_said
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing, WorkerRoleMissing
from canut.work.queries.cascade_seen import cascade_seen
from canut.work.queries.opening import opening_soon
from canut.work.refusals import ProjectClosed, ProjectNotFound
from canut.work.usecases.choose_cascade import OpenAlready, choose_cascade

doors = Doors("opening")


@doors.get(
    "/projects/{project_id}/cascade", scope=Scope.PROJECTS, answers=Cascade, refuses=(ProjectNotFound,)
)
def watch_cascade(request: Asked, project_id: Id) -> Cascade:
    """How a project of the caller opens: who may come in now, what the next beat brings, and what was."""
    return cascade_said(cascade_seen(project_id, by=request.auth.by, at=request.auth.at))


@doors.put(
    "/projects/{project_id}/cascade",
    scope=Scope.PROJECTS,
    answers=Cascade,
    refuses=(RequesterRoleMissing, ProjectNotFound, ProjectClosed, OpenAlready),
)
def choose_a_cascade(request: Asked, project_id: Id, body: PolicyChosen) -> Cascade:
    """Have a project open by another policy, from its next beat on; by `open` to everybody at once.

    What is open to everybody is not closed again. Twice is safe.
    """
    choose_cascade(project_id=project_id, by=request.auth.by, policy=body.policy, at=request.auth.at)
    return cascade_said(cascade_seen(project_id, by=request.auth.by, at=request.auth.at))


@doors.get("/opening-soon", scope=Scope.WORK, answers=Page[OpeningSoon], refuses=(WorkerRoleMissing,))
def list_opening_soon(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[OpeningSoon]:
    """Projects that only the cascade keeps from the caller, those that open first first.

    A beat may open any of them between two pages: then it is in the feed.
    """
    place = text_after(cursor, "opening-soon")
    page = opening_soon(by=request.auth.by, at=request.auth.at, cursor=place, most=limit)
    following = cursor_to("opening-soon", page.next_cursor) if page.next_cursor else None
    return Page[OpeningSoon](items=[soon_said(line) for line in page.lines], next_cursor=following)
