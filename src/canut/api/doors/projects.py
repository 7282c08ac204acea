"""Projects as their owner makes, prices, publishes and ends them."""

from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page, amount, minor_of
from canut.api.shapes.projects import (
    Agreed,
    Closed,
    Deadline,
    DeviceSaid,
    DraftChange,
    Duplicate,
    NewProject,
    Price,
    Project,
    Quote,
    Schedule,
    State,
)
from canut.api.shapes.said import price_said, project_said, quote_said
from canut.kernel.money import AmountRefused
from canut.kernel.refusals import BadInput
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.access import Restricted
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing
from canut.work.designs.problems import DesignRefused
from canut.work.designs.starting import STARTING_DESIGNS
from canut.work.queries.own_projects import one_of_own, own_projects
from canut.work.queries.studio import priced_project
from canut.work.refusals import (
    ProjectClosed,
    ProjectDeadlinePassed,
    ProjectNotFound,
    RevisionUnfinished,
)
from canut.work.usecases.add_tasks import NothingToAdd, NotPublishedYet, add_tasks
from canut.work.usecases.change_deadline import change_deadline
from canut.work.usecases.change_device import change_device
from canut.work.usecases.change_draft import DraftChangedMeanwhile, change_draft
from canut.work.usecases.close_project import close_project
from canut.work.usecases.create_project import create_project
from canut.work.usecases.duplicate_project import duplicate_project
from canut.work.usecases.fit_rows import RowsUnderWay
from canut.work.usecases.keep_design_version import DesignUnfinished
from canut.work.usecases.open_round import DesignNotRevised, RoundRunning
from canut.work.usecases.pause_project import NotRunning, pause_project, resume_project
from canut.work.usecases.publish_project import (
    DeadlineTooSoon,
    NothingToPublish,
    ProjectNotDraft,
    RewardMissing,
    RewardUnderFloor,
    TotalChanged,
    publish_project,
)
from canut.work.usecases.schedule_project import TimeIsOver, schedule_project

doors = Doors("projects")

MINE = (RequesterRoleMissing, ProjectNotFound)
UNREADY = (
    RowsUnderWay,
    DesignUnfinished,
    NothingToPublish,
    DesignRefused,
    RewardMissing,
    RewardUnderFloor,
    DeadlineTooSoon,
)

StateAsked = Annotated[State | None, Query(description="Only projects in this state.")]


@doors.get("/projects", scope=Scope.PROJECTS, answers=Page[Project])
def list_projects(
    request: Asked, state: StateAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Project]:
    """The caller's own projects, newest first."""
    rows = own_projects(
        by=request.auth.by, state=state or "", before_id=after(cursor, "projects"), most=limit + 1
    )
    shown, following = cut(rows, limit=limit, listing="projects", row_id=lambda row: row.project.pk)
    return Page[Project](items=[project_said(row) for row in shown], next_cursor=following)


@doors.post(
    "/projects",
    scope=Scope.PROJECTS,
    answers=Project,
    status=201,
    refuses=(RequesterRoleMissing, DesignRefused, AmountRefused),
)
def create_draft(request: Asked, body: NewProject) -> Project:
    """Begin a project: a draft with a design and one blank task, which rows replace.

    Send either `design`, whole, or `starting_design`.
    """
    plain = body.model_dump(exclude={"design", "starting_design", "reward", "hourly"})
    project = create_project(
        by=request.auth.by,
        at=request.auth.at,
        design=_design(body),
        reward_minor=0 if body.reward is None else minor_of(body.reward, body.currency),
        hourly_minor=0 if body.hourly is None else minor_of(body.hourly, body.currency),
        **plain,
    )
    return project_said(one_of_own(project.pk, by=request.auth.by))


@doors.get("/projects/{project_id}", scope=Scope.PROJECTS, answers=Project, refuses=(ProjectNotFound,))
def get_project(request: Asked, project_id: Id) -> Project:
    """One of the caller's own projects."""
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.patch(
    "/projects/{project_id}",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(
        *MINE,
        ProjectNotDraft,
        DraftChangedMeanwhile,
        DesignRefused,
        RewardMissing,
        RowsUnderWay,
        AmountRefused,
    ),
)
def change_a_draft(request: Asked, project_id: Id, body: DraftChange) -> Project:
    """Change what is sent of a draft, and leave the rest. What was published is never edited.

    Of a published project with a revision begun, that revision's design and price are changed so.
    """
    currency = one_of_own(project_id, by=request.auth.by).project.currency
    change_draft(
        project_id=project_id,
        by=request.auth.by,
        at=request.auth.at,
        reward_minor=None if body.reward is None else minor_of(body.reward, currency),
        hourly_minor=None if body.hourly is None else minor_of(body.hourly, currency),
        **body.model_dump(exclude={"reward", "hourly"}),
    )
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.get("/projects/{project_id}/quote", scope=Scope.PROJECTS, answers=Price, refuses=(ProjectNotFound,))
def quote_project(request: Asked, project_id: Id) -> Price:
    """What publishing a draft costs as it is now; of a published project, what its waiting rows cost."""
    priced = priced_project(project_id, by=request.auth.by, at=request.auth.at)
    return price_said(priced, one_of_own(project_id, by=request.auth.by).project.currency)


@doors.post(
    "/projects/{project_id}/publish",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(
        Restricted,
        *MINE,
        ProjectNotDraft,
        DesignNotRevised,
        *UNREADY,
        TotalChanged,
        InsufficientFunds,
        AmountRefused,
    ),
)
def publish_a_project(request: Asked, project_id: Id, body: Agreed | None = None) -> Project:
    """Publish a draft or a revision: its money is set aside and its tasks open, or nothing happens.

    What was not tried begins with a prototype round (`round` in the answer): then only its places open, and
    only they are paid for. Twice is safe.
    """
    publish_project(
        project_id=project_id,
        by=request.auth.by,
        at=request.auth.at,
        agreed_minor=_agreed(request, project_id, body),
    )
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.post(
    "/projects/{project_id}/publish-rows",
    scope=Scope.PROJECTS,
    answers=Quote,
    refuses=(
        Restricted,
        *MINE,
        NotPublishedYet,
        ProjectClosed,
        ProjectDeadlinePassed,
        RowsUnderWay,
        NothingToAdd,
        RevisionUnfinished,
        RoundRunning,
        DesignNotRevised,
        RewardUnderFloor,
        TotalChanged,
        InsufficientFunds,
        AmountRefused,
    ),
)
def publish_waiting_rows(request: Asked, project_id: Id, body: Agreed | None = None) -> Quote:
    """Pay for the rows that wait in a published project and open them; the answer is what was charged.

    What passed prototype rounds do not cover begins with a further round, and the rest goes on waiting.
    """
    agreed_minor = _agreed(request, project_id, body)
    charged = add_tasks(
        project_id=project_id, by=request.auth.by, at=request.auth.at, agreed_minor=agreed_minor
    )
    return quote_said(charged, one_of_own(project_id, by=request.auth.by).project.currency)


@doors.post(
    "/projects/{project_id}/pause",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(ProjectNotFound, NotRunning),
)
def pause_a_project(request: Asked, project_id: Id) -> Project:
    """Take a project out of the feed until it is resumed; work in hand may still be handed in."""
    pause_project(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.post(
    "/projects/{project_id}/resume",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(ProjectNotFound, NotRunning, RevisionUnfinished),
)
def resume_a_project(request: Asked, project_id: Id) -> Project:
    """Put a paused project back into the feed."""
    resume_project(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.post("/projects/{project_id}/close", scope=Scope.PROJECTS, answers=Closed, refuses=(ProjectNotFound,))
def close_a_project(request: Asked, project_id: Id) -> Closed:
    """End a project for good; what is not needed any more comes back. Work in hand is decided as ever."""
    closed = close_project(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return Closed(
        project=project_said(one_of_own(project_id, by=request.auth.by)),
        refunded=amount(closed.refunded_minor, closed.project.currency),
    )


@doors.post(
    "/projects/{project_id}/duplicate",
    scope=Scope.PROJECTS,
    answers=Project,
    status=201,
    refuses=(*MINE, RowsUnderWay),
)
def duplicate_a_project(request: Asked, project_id: Id, body: Duplicate | None = None) -> Project:
    """Make a draft that begins as the project is: texts, design, prices, files and rows."""
    title = body.title if body else None
    copy = duplicate_project(project_id=project_id, by=request.auth.by, at=request.auth.at, title=title)
    return project_said(one_of_own(copy.pk, by=request.auth.by))


@doors.put(
    "/projects/{project_id}/schedule",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(Restricted, *MINE, ProjectNotDraft, TimeIsOver, *UNREADY),
)
def schedule_a_project(request: Asked, project_id: Id, body: Schedule) -> Project:
    """Have a draft publish itself at a moment, or not any more. Its money is asked for at that moment."""
    schedule_project(
        project_id=project_id, by=request.auth.by, publish_at=body.publish_at, at=request.auth.at
    )
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.put(
    "/projects/{project_id}/deadline",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(*MINE, ProjectClosed, TimeIsOver),
)
def change_a_deadline(request: Asked, project_id: Id, body: Deadline) -> Project:
    """Set, move or lift the moment from which nothing can be taken any more."""
    change_deadline(
        project_id=project_id, by=request.auth.by, deadline_at=body.deadline_at, at=request.auth.at
    )
    return project_said(one_of_own(project_id, by=request.auth.by))


@doors.put(
    "/projects/{project_id}/device",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(*MINE, ProjectClosed),
)
def change_a_device(request: Asked, project_id: Id, body: DeviceSaid) -> Project:
    """Say what the work is best done with, also of a published project: a hint, by which workers search."""
    change_device(project_id=project_id, by=request.auth.by, device=body.device, at=request.auth.at)
    return project_said(one_of_own(project_id, by=request.auth.by))


def _design(body: NewProject) -> dict[str, Any]:
    """Return the whole design that was sent or named."""
    if (body.design is None) == (body.starting_design is None):
        sentence = _("Send either a whole design or one to begin with.")
        raise BadInput(sentence, errors={"design": sentence})
    if body.starting_design is None:
        return body.design or {}
    asked = body.starting_design
    options = {}
    if asked.choices is not None:
        if asked.name != "classification":
            sentence = _("Only a classification has choices.")
            raise BadInput(sentence, errors={"starting_design.choices": sentence})
        options["options"] = [(choice.value, choice.label) for choice in asked.choices]
    design = STARTING_DESIGNS[asked.name]
    try:
        return design.build(asked.columns, **options)
    except ValueError as wrong:
        names = ", ".join(column.parameter for column in design.columns)
        sentence = _(
            "This design has these columns: %(names)s. Say of each which of yours stands for it, by a name "
            "without braces."
        ) % {"names": names}
        raise BadInput(sentence, errors={"starting_design.columns": sentence}) from wrong


def _agreed(request: Asked, project_id: int, body: Agreed | None) -> int | None:
    """Return the total that was agreed to, in minor units, or None if none was sent."""
    if body is None or body.agreed_total is None:
        return None
    return minor_of(body.agreed_total, one_of_own(project_id, by=request.auth.by).project.currency)
