"""One more task of a duty: it opens when its fund has paid for it, or is not made at all."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.work.access import latest_revision
from canut.work.models import Project, Revision, Task
from canut.work.queries.pricing import quote_for
from canut.work.queries.settling import fund_owes_minor, owed_minor
from canut.work.refusals import admission_refusal
from canut.work.states import ProjectState
from canut.work.usecases.fund_project import set_aside
from canut.work.usecases.open_places import open_places
from canut.work.usecases.pay_top_ups import pay_top_ups_of_project
from canut.work.usecases.put_tasks_to_judge import ToJudge, put_tasks_to_judge

OVERDUE = timedelta(hours=1)
"""How long after it was due a top-up of another project counts as one that the fund lacks the money for."""


@transaction.atomic
def add_duty(*, project_id: int, asked: ToJudge, at: datetime) -> Task:
    """Make one task of a project that a fund pays, set its pay and its reserve aside, and open its place.

    What the fund owes workers comes first: while it lacks that, it pays nothing new.

    Raises:
        ProjectNotFound: there is no such duty. ProjectClosed: it has ended.
        InsufficientFunds: the fund holds less than the task costs. Nothing is done.
    """
    project = duty_to_change(project_id)
    if project.state == ProjectState.CLOSED:
        raise admission_refusal("project_closed")
    _refuse_while_owing(project, at=at)
    revision = Revision.objects.select_for_update(no_key=True).get(pk=latest_revision(project).pk)
    price = quote_for(project, revision, places=1, at=at)
    task = put_tasks_to_judge(project, revision, [asked], at=at)[0]
    set_aside(project, price, key=f"duty-{task.pk}", at=at)
    revision.paid_upto = task.position
    revision.save(update_fields=["paid_upto"])
    open_places(revision_id=revision.pk, at=at)
    return task


def duty_to_change(project_id: int) -> Project:
    """Return a project that a fund pays, its row locked.

    Raises:
        ProjectNotFound: there is no such duty.
    """
    duties = Project.objects.exclude(fund="").select_for_update(no_key=True)
    found = duties.filter(pk=project_id).first()
    if found is None:
        raise admission_refusal("project_not_found")
    return found


def _refuse_while_owing(project: Project, *, at: datetime) -> None:
    if owed_minor(project, at=at):
        pay_top_ups_of_project(project_id=project.pk, at=at)
        project.refresh_from_db(fields=["state"])
    if owed := owed_minor(project, at=at) or fund_owes_minor(project.fund, at=at - OVERDUE):
        raise InsufficientFunds(
            _("The fund owes top-ups to workers and lacks the money for them. They come first."),
            needed_minor=owed,
            available_minor=0,
            currency=project.currency,
        )
