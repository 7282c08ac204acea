"""A requester begins to revise a published project: what was published stays, a copy of it is edited."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.work.access import latest_revision, own_project, require_requester
from canut.work.models import Project, Revision, ShownWork
from canut.work.queries.refusals import withdrawn_since_published
from canut.work.refusals import ProjectClosed
from canut.work.states import ProjectState
from canut.work.usecases.add_tasks import NotPublishedYet
from canut.work.usecases.end_session import end_sessions_of
from canut.work.usecases.fit_rows import refuse_while_rows_move
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock


@transaction.atomic
def begin_revision(*, project_id: int, by: Person, at: datetime, keeps_answers: bool = True) -> Revision:
    """Make an unpublished copy of a project's latest revision, for its owner to change and publish.

    The project is paused until then; work in hand can still be handed in, and is paid. With
    `keeps_answers`, rows that are answered are not asked again; without, everybody may do them anew.
    Beginning one again returns the one that was begun, its choice about answers changed if it is another.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to revise.
        NotPublishedYet: a draft is changed as it is. ProjectClosed: it has ended.
        RowsUnderWay: a file is still becoming tasks.
        BadInput: its tasks show work of others, and are to be done anew.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    if project.state == ProjectState.DRAFT:
        raise NotPublishedYet(_("This is a draft: change it as it is."))
    if project.state == ProjectState.CLOSED:
        raise ProjectClosed(_("This project is closed; there is no more work in it. Duplicate it to go on."))
    if not keeps_answers and ShownWork.objects.filter(task__project=project).exists():
        sentence = _("Tasks about work of others are not asked anew. Keep the answers that have been given.")
        raise BadInput(sentence, errors={"keeps_answers": sentence})
    last = latest_revision(project)
    if last.published_at is None:
        if last.keeps_answers != keeps_answers:
            last.keeps_answers = keeps_answers
            last.save(update_fields=["keeps_answers"])
        return last
    refuse_while_rows_move(project)
    revision = Revision.objects.create(
        project=project,
        number=last.number + 1,
        design=last.design,
        reward_minor=last.reward_minor,
        expected_seconds=last.expected_seconds,
        lease_seconds=last.lease_seconds,
        answers_per_task=last.answers_per_task,
        hourly_minor=last.hourly_minor,
        hours_seconds=max(0, last.hours_seconds - last.hours_reserved_seconds),
        session_most_seconds=last.session_most_seconds,
        keeps_answers=keeps_answers,
        created_at=at,
    )
    if project.state == ProjectState.LIVE:
        project.state = ProjectState.PAUSED
        project.save(update_fields=["state"])
        keep_cascade_clock(project, at=at)
        end_sessions_of(project, by=by, at=at)
    record(by, "revision.begun", project, at=at, revision=revision.number, keeps_answers=keeps_answers)
    return revision


@transaction.atomic
def discard_revision(*, project_id: int, by: Person, at: datetime) -> Project:
    """Throw a revision away that was begun and not published. The project is as before, and paused.

    One that was taken up again after its withdrawal, and not published since, is closed again: nothing is
    set aside for it. It can be taken up once more. Twice is safe: without a revision nothing is changed.

    Raises:
        RequesterRoleMissing, ProjectNotFound: not `by`'s to revise.
    """
    require_requester(by)
    project = own_project(project_id, by=by, lock=True)
    last = latest_revision(project)
    if project.published_at is None or last.published_at is not None:
        return project
    last.delete()
    project.risks = latest_revision(project).risks
    withdrawn_at = withdrawn_since_published(project)
    if withdrawn_at is not None:
        project.state, project.closed_at = ProjectState.CLOSED, withdrawn_at
    project.save(update_fields=["risks", "state", "closed_at"])
    record(by, "revision.discarded", project, at=at, revision=last.number)
    return project
