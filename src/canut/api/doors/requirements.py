"""What standings a project asks for: read and set by its requester."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.requirements import Requirements, RequirementsIn, requirement_said
from canut.kernel.refusals import BadInput
from canut.people.models import Scope
from canut.reputation.access import QualificationIsRetired, QualificationNotFound
from canut.work.access import RequesterRoleMissing, own_project
from canut.work.queries.requirements import requirements_of
from canut.work.refusals import ProjectClosed, ProjectNotFound
from canut.work.usecases.require_standings import (
    AskedGuildNotFound,
    SeveralGuildsAsked,
    Wanted,
    require_standings,
)

doors = Doors("requirements")


@doors.get(
    "/projects/{project_id}/requirements",
    scope=Scope.PROJECTS,
    answers=Requirements,
    refuses=(ProjectNotFound,),
)
def list_requirements(request: Asked, project_id: Id) -> Requirements:
    """What standings a project of the caller asks of whoever works for it."""
    project = own_project(project_id, by=request.auth.by)
    return _said(project.pk)


@doors.put(
    "/projects/{project_id}/requirements",
    scope=Scope.PROJECTS,
    answers=Requirements,
    refuses=(
        RequesterRoleMissing,
        ProjectNotFound,
        ProjectClosed,
        AskedGuildNotFound,
        SeveralGuildsAsked,
        QualificationNotFound,
        QualificationIsRetired,
        BadInput,
    ),
)
def set_requirements(request: Asked, project_id: Id, body: RequirementsIn) -> Requirements:
    """Have a project ask for exactly these standings: one guild's least level, and own qualifications.

    It holds at once, of a published project too; what somebody has in hand stays theirs. Twice is safe.
    """
    wanted = [Wanted(one.scale, one.scale_id, one.comparator, one.value) for one in body.requirements]
    project = require_standings(project_id=project_id, by=request.auth.by, wanted=wanted, at=request.auth.at)
    return _said(project.pk)


def _said(project_id: int) -> Requirements:
    return Requirements(
        project_id=project_id,
        requirements=[requirement_said(one) for one in requirements_of(project_id)],
    )
