"""Designs: worked on step by step, brought in from elsewhere, and compared from revision to revision."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.common import amount
from canut.api.shapes.designs import (
    Design,
    DesignProblem,
    DesignRead,
    DesignText,
    DesignVersion,
    RevisionOfProject,
    Revisions,
    RoundOfRevision,
    TermChanged,
)
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing, require_requester
from canut.work.designs.importing import ImportRefused, read_import
from canut.work.designs.problems import DesignRefused
from canut.work.queries.designing import designing_of
from canut.work.queries.revisions import RevisionLine, revision_chain
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.fit_rows import RowsUnderWay
from canut.work.usecases.publish_project import ProjectNotDraft
from canut.work.usecases.restore_design import (
    DesignVersionNotFound,
    NothingToUndo,
    go_back_to_design,
    redo_design,
    undo_design,
)

doors = Doors("designs")

MINE = (RequesterRoleMissing, ProjectNotFound, ProjectNotDraft, RowsUnderWay)


@doors.post(
    "/designs/read",
    scope=Scope.PROJECTS,
    answers=DesignRead,
    refuses=(RequesterRoleMissing, ImportRefused, DesignRefused),
)
def read_a_design(request: Asked, body: DesignText) -> DesignRead:
    """Read a form of SurveyJS, a labelling configuration of Label Studio, or a design of this site.

    The answer is a design for `POST /projects`, with all that has no counterpart here named.
    """
    require_requester(request.auth.by)
    imported = read_import(body.text)
    return DesignRead(origin=imported.origin, design=imported.as_json(), left_out=imported.left_out)


@doors.get("/projects/{project_id}/design", scope=Scope.PROJECTS, answers=Design, refuses=(ProjectNotFound,))
def get_design(request: Asked, project_id: Id) -> Design:
    """The design of the caller's project as it was left, with the versions on the way to it."""
    return _design(request, project_id)


@doors.post(
    "/projects/{project_id}/design/undo",
    scope=Scope.PROJECTS,
    answers=Design,
    refuses=(*MINE, NothingToUndo),
)
def undo_a_design(request: Asked, project_id: Id) -> Design:
    """Make the version before the present one the design again."""
    undo_design(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return _design(request, project_id)


@doors.post(
    "/projects/{project_id}/design/redo",
    scope=Scope.PROJECTS,
    answers=Design,
    refuses=(*MINE, NothingToUndo),
)
def redo_a_design(request: Asked, project_id: Id) -> Design:
    """Make the version that was undone last the design again."""
    redo_design(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return _design(request, project_id)


@doors.post(
    "/projects/{project_id}/design/versions/{number}/restore",
    scope=Scope.PROJECTS,
    answers=Design,
    refuses=(*MINE, DesignVersionNotFound),
)
def restore_a_design(request: Asked, project_id: Id, number: Id) -> Design:
    """Make an earlier version the design again, as a new step; those after it stay among the versions."""
    go_back_to_design(project_id=project_id, number=number, by=request.auth.by, at=request.auth.at)
    return _design(request, project_id)


@doors.get(
    "/projects/{project_id}/revisions", scope=Scope.PROJECTS, answers=Revisions, refuses=(ProjectNotFound,)
)
def list_revisions(request: Asked, project_id: Id) -> Revisions:
    """The revisions of the caller's project, newest first: what each changed, and how its rounds went."""
    chain = revision_chain(project_id, by=request.auth.by)
    return Revisions(
        project_id=chain.project_id, items=[_revision(line, chain.currency) for line in chain.lines]
    )


def _design(request: Asked, project_id: int) -> Design:
    found = designing_of(project_id, by=request.auth.by, at=request.auth.at)
    same = ("project_id", "is_editable", "changed_at", "design", "can_undo", "can_redo", "columns", "lacking")
    return Design(
        **{name: getattr(found, name) for name in same},
        problems=[DesignProblem.model_validate(problem) for problem in found.problems],
        versions=[DesignVersion.model_validate(version) for version in found.versions],
        suggested_seconds=found.effort.seconds,
    )


def _revision(line: RevisionLine, currency: str) -> RevisionOfProject:
    same = ("number", "created_at", "published_at", "expected_seconds", "answers", "keeps_answers")
    changes = line.changes
    return RevisionOfProject(
        **{name: getattr(line, name) for name in same},
        reward=amount(line.reward_minor, currency),
        changes=[] if changes is None else changes.sentences,
        terms_changed=[TermChanged.model_validate(term) for term in changes.terms] if changes else [],
        rounds=[RoundOfRevision.model_validate(round_) for round_ in line.rounds],
    )
