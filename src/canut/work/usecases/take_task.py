"""A worker takes a task: the reward is theirs if the work is good, and nobody else can have the place."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from canut.discussion.hiding.queries import is_hidden
from canut.people.models import Person
from canut.reputation.usecases.record_rating import lock_rated
from canut.work.access import require_worker
from canut.work.hot.statements import claim, claim_kept, limits_in_force
from canut.work.models import Assignment, Task
from canut.work.queries.admission import asking, done_already, has_reported, task_is_for
from canut.work.queries.opening import refusal_for
from canut.work.refusals import (
    AlreadyDone,
    NoneLeft,
    TaskHidden,
    TaskNotForYou,
    TaskNotFound,
    none_left,
)
from canut.work.rules import Asking, may_take, way_in
from canut.work.states import AssignmentState
from canut.work.usecases.expire_leases import expire_leases_of
from canut.work.usecases.note_admission import note_admission
from canut.work.usecases.note_opening import note_opening


@transaction.atomic
def take_task(
    *, by: Person, project_id: int, at: datetime, task_id: int | None = None, returned_first: bool = True
) -> Assignment:
    """Take an open task of the project, or the one named, and return the assignment.

    Who holds a task of this project gets that same one. Without `task_id`, work that came back for
    rework comes first, unless `returned_first` is false; what was skipped before comes last.

    Raises:
        WorkerRoleMissing: `by` is no worker.
        ProjectNotFound, ProjectPaused, ProjectClosed, ProjectHidden, ProjectDeadlinePassed,
        WorkerMayNotWork, OwnProject, WorkerBlocked, WorkerNotOnList, StandingNotMet, NotOpenToYouYet,
        TooManyInHand: admission (`rules.may_take`).
        HoldsOneHere: a task is named, and another one of this project is in hand.
        TaskNotFound: the project has no such task.
        TaskHidden: the named task is hidden, because members have flagged it.
        AlreadyDone: this worker has handed in the named task.
        TaskNotForYou: the named task is kept from this worker, such as a review of their own work.
        NoneLeft: every place is taken, or this worker has done all that is open.
    """
    require_worker(by)
    _one_at_a_time(by)
    expire_leases_of(by, at=at)
    held = Assignment.objects.filter(worker=by, project_id=project_id, state=AssignmentState.HELD).first()
    if held is not None and task_id in (None, held.task_id):
        return held
    facts = asking(worker_id=by.pk, project_id=project_id, at=at)
    if (code := may_take(facts)) is not None and code not in ("too_many_in_hand",):
        raise refusal_for(code, project_id=project_id, worker_id=by.pk)
    if task_id is None and returned_first:
        returned = Assignment.objects.filter(worker=by, project_id=project_id, state=AssignmentState.RETURNED)
        if (first := returned.filter(lease_until__gt=at).order_by("lease_until").first()) is not None:
            return first
    if code is not None:
        raise refusal_for(code, project_id=project_id, worker_id=by.pk)
    note_opening(project_id=project_id, by=by, at=at)
    assignment_id = _claimed(by, project_id=project_id, task_id=task_id, facts=facts, at=at)
    if assignment_id is None and facts.threshold is not None:  # its cascade may have moved or ended meanwhile
        facts = asking(worker_id=by.pk, project_id=project_id, at=at)
        if (code := may_take(facts)) is not None:
            raise refusal_for(code, project_id=project_id, worker_id=by.pk)
        assignment_id = _claimed(by, project_id=project_id, task_id=task_id, facts=facts, at=at)
    if assignment_id is None and _takes_kept(facts):  # theirs is gone, and the others are not open to them
        raise refusal_for("not_open_to_you_yet", project_id=project_id, worker_id=by.pk)
    if assignment_id is None:
        raise _why_none(by, project_id=project_id, task_id=task_id, at=at)
    assignment = Assignment.objects.get(pk=assignment_id)
    if facts.threshold is not None and facts.round_most is None:
        note_admission(assignment, facts, at=at)
    return assignment


def _one_at_a_time(worker: Person) -> None:
    """Let one person's requests take turns, so that two at once cannot pass the cap together.

    A judgement of their work waits too: what is kept of how they came in is what they were let in by.
    """
    lock_rated({worker.pk})
    Person.objects.select_for_update(no_key=True).get(pk=worker.pk)


def _claimed(by: Person, *, project_id: int, task_id: int | None, facts: Asking, at: datetime) -> int | None:
    take = claim_kept if _takes_kept(facts) else claim
    asked: dict[str, Any] = {"worker_id": by.pk, "project_id": project_id, "task_id": task_id, "at": at}
    asked["limits"] = limits_in_force(at=at)
    try:
        with transaction.atomic():
            return take(**asked)
    except IntegrityError:  # a submit on the fast lane took one for the same worker meanwhile
        return take(**asked)


def _takes_kept(facts: Asking) -> bool:
    """Tell whether only a place kept for newcomers is open to this worker."""
    return facts.threshold is not None and facts.round_most is None and way_in(facts) == "newcomer"


def _why_none(by: Person, *, project_id: int, task_id: int | None, at: datetime) -> Exception:
    if task_id is None:
        return none_left()
    if not Task.objects.filter(pk=task_id, project_id=project_id).exists():
        return TaskNotFound(_("This project has no such task."))
    if is_hidden("task", task_id, at):
        return TaskHidden(
            _("This task is hidden at present, because members have flagged it. Take another one.")
        )
    if has_reported(worker_id=by.pk, task_id=task_id):
        return AlreadyDone(_("You have reported this task as broken, so you are not asked again."))
    if done_already(worker_id=by.pk, task_id=task_id):
        return AlreadyDone(_("You have done this task already; each worker does a task once."))
    if not task_is_for(worker_id=by.pk, task_id=task_id):
        return TaskNotForYou(
            _("This task goes by who did the work it is about, and is kept from you. Take another one.")
        )
    return NoneLeft(_("Every place in this task is taken. If somebody gives it back, it opens again."))
