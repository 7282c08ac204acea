"""Prototype rounds and revisions: what a round's workers say, launching the rest, changing the design."""

from typing import Annotated

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.shapes.common import minor_of
from canut.api.shapes.projects import Agreed, NewRevision, Project, Round
from canut.api.shapes.said import project_said, round_said
from canut.kernel.money import AmountRefused
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.access import Restricted
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing
from canut.work.queries.own_projects import one_of_own
from canut.work.queries.rounds import own_round, round_page
from canut.work.refusals import ProjectClosed, ProjectNotFound, RevisionUnfinished
from canut.work.usecases.add_tasks import NotPublishedYet
from canut.work.usecases.begin_revision import begin_revision, discard_revision
from canut.work.usecases.fit_rows import RowsUnderWay
from canut.work.usecases.launch_project import NotTried, launch_project
from canut.work.usecases.open_round import DesignNotRevised, RoundRunning
from canut.work.usecases.publish_project import RewardUnderFloor, TotalChanged

doors = Doors("rounds")

MINE = (RequesterRoleMissing, ProjectNotFound)

RevisionAsked = Annotated[
    int | None, Query(ge=1, le=1_000_000, description="Of which revision; else the last.")
]
NumberAsked = Annotated[
    int | None, Query(ge=1, le=1_000_000, description="Which of its rounds; else the last.")
]


@doors.get("/projects/{project_id}/round", scope=Scope.PROJECTS, answers=Round, refuses=(ProjectNotFound,))
def get_round(
    request: Asked, project_id: Id, revision: RevisionAsked = None, number: NumberAsked = None
) -> Round:
    """A prototype round of the caller's project: its figures, votes and comments. Nobody's name is in it."""
    by, at = request.auth.by, request.auth.at
    page = round_page(project_id, by=by, at=at, revision=revision, number=number)
    return round_said(own_round(project_id, by=by, revision=revision, number=number), page)


@doors.post(
    "/projects/{project_id}/launch",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(
        Restricted,
        *MINE,
        ProjectClosed,
        RevisionUnfinished,
        RowsUnderWay,
        RoundRunning,
        DesignNotRevised,
        NotTried,
        RewardUnderFloor,
        TotalChanged,
        InsufficientFunds,
        AmountRefused,
    ),
)
def launch_a_project(request: Asked, project_id: Id, body: Agreed | None = None) -> Project:
    """Pay for and open what a passed prototype round covers. Twice is safe, and charges once."""
    agreed = None
    if body is not None and body.agreed_total is not None:
        agreed = minor_of(body.agreed_total, one_of_own(project_id, by=request.auth.by).project.currency)
    launch_project(project_id=project_id, by=request.auth.by, at=request.auth.at, agreed_minor=agreed)
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.post(
    "/projects/{project_id}/revision",
    scope=Scope.PROJECTS,
    answers=Project,
    replays=Replays.NATURAL,
    refuses=(*MINE, NotPublishedYet, ProjectClosed, RowsUnderWay),
)
def begin_a_revision(request: Asked, project_id: Id, body: NewRevision | None = None) -> Project:
    """Begin to revise a published project: it is paused, and a copy of its design can be changed.

    Change it as a draft is changed, then publish it. Work in hand may still be handed in, and is paid.
    Asking again gives the revision that was begun.
    """
    begin_revision(
        project_id=project_id,
        by=request.auth.by,
        at=request.auth.at,
        keeps_answers=body is None or body.keeps_answers,
    )
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.delete("/projects/{project_id}/revision", scope=Scope.PROJECTS, answers=Project, refuses=MINE)
def discard_a_revision(request: Asked, project_id: Id) -> Project:
    """Throw away a revision that is not published. The project is as before, and paused."""
    discard_revision(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return project_said(one_of_own(project_id, by=request.auth.by))
