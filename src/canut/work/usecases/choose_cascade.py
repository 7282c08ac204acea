"""A requester chooses how a project opens to workers, before it is published or while it opens."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput, Refusal
from canut.people.models import Person
from canut.work.access import own_project, published_revision, require_requester
from canut.work.models import CascadeBeat, Project
from canut.work.queries.cascade_seen import is_open_already
from canut.work.refusals import ProjectClosed
from canut.work.states import CascadePolicy, CascadeWhy, ProjectState
from canut.work.usecases.change_draft import mark_changed
from canut.work.usecases.end_cascade import end_cascades


class OpenAlready(Refusal):
    """The project is open to everybody, and what is open is not closed again."""

    code = "open_already"


@transaction.atomic
def choose_cascade(*, project_id: int, by: Person, at: datetime, policy: str) -> Project:
    """Have a project open by this policy: a running cascade goes on by it from its next beat.

    `open` opens it to everybody at once. Nothing closes again what is open: once everybody may come, another
    policy can be chosen only for a revision that is being made. Choosing the same again changes nothing.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to choose.
        BadInput: there is no such policy.
        ProjectClosed: it has ended.
        OpenAlready: it is open to everybody already.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if policy not in CascadePolicy.values:
        sentence = _("A project opens by ladder, throughput or share, or it is open at once.")
        raise BadInput(sentence, errors={"policy": sentence})
    ends = policy == CascadePolicy.OPEN and project.threshold is not None
    if project.cascade_policy == policy and not ends:
        return project
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it."))
    if policy != CascadePolicy.OPEN and is_open_already(project):
        raise OpenAlready(
            _(
                "This project is open to everybody, and what is open is not closed again. "
                "You can choose how it opens when you revise it, or in a copy."
            )
        )
    before, project.cascade_policy = project.cascade_policy, policy
    project.save(update_fields=["cascade_policy"])
    if project.state == ProjectState.DRAFT:
        mark_changed(project, at=at)
    record(by, "cascade.chosen", project, at=at, policy=policy, before=before)
    if ends:
        _open_to_everybody(project, by=by, at=at)
    return project


def _open_to_everybody(project: Project, *, by: Person, at: datetime) -> None:
    CascadeBeat.objects.create(
        project=project,
        revision=published_revision(project),
        beat=project.cascade_beat,
        at=at,
        policy=project.cascade_policy,
        why=CascadeWhy.CHOSEN,
        threshold_before=project.threshold,
        threshold=None,
    )
    end_cascades([project], by=by, at=at)
