"""What happens by the passing of time alone: silence, missed rework, rejected places, scheduled launches."""

from datetime import datetime, timedelta

from django.db import transaction

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.people.notices.words import as_read_by
from canut.work.models import Appeal, Assignment, Project
from canut.work.states import AppealState, AssignmentState, ProjectState
from canut.work.usecases.approve_submission import approve_by_silence
from canut.work.usecases.publish_project import publish_project
from canut.work.usecases.refund_unused import refund_unused
from canut.work.usecases.reopen_places import reopen_places


def approve_what_nobody_decided(*, at: datetime) -> int:
    """Approve everything that has waited for longer than the charter lets silence last; return how many.

    Each project's batch is a transaction of its own, so one that fails holds up no other's pay.
    """
    before = at - timedelta(hours=int(in_force("deciding.silence_hours", at=at)))
    waiting = Assignment.objects.filter(state=AssignmentState.SUBMITTED, submitted_at__lte=before)
    approved = 0
    for project_id in waiting.order_by("project_id").values_list("project_id", flat=True).distinct():
        while batch := approve_by_silence(project_id=project_id, before=before, at=at):
            approved += batch
    return approved


@transaction.atomic
def close_missed_rework(*, at: datetime, most: int = 500) -> int:
    """Close returned work whose deadline has passed: unpaid, and its place opens again (MECHANISMS 5.1)."""
    overdue = Assignment.objects.filter(state=AssignmentState.RETURNED, lease_until__lte=at).order_by("pk")
    closed = list(overdue.select_for_update(no_key=True, skip_locked=True)[:most])
    for assignment in closed:
        assignment.state, assignment.ended_at = AssignmentState.CLOSED, at
        assignment.save(update_fields=["state", "ended_at"])
        record(None, "assignment.closed", assignment, at=at, project_id=assignment.project_id)
    reopen_places([assignment.pk for assignment in closed])
    return len(closed)


@transaction.atomic
def release_rejected_places(*, at: datetime, most: int = 500) -> int:
    """Reopen the places of rejected work whose hold has ended while no appeal runs (MECHANISMS 5.4)."""
    due = Assignment.objects.filter(state=AssignmentState.REJECTED, place_released=False, held_until__lte=at)
    due = due.exclude(appeal__state=AppealState.OPEN).order_by("pk")
    locked = list(due.select_for_update(no_key=True, skip_locked=True, of=("self",))[:most])
    # Asked again under the locks: an appeal may have been committed since the list was read
    appealed = set(
        Appeal.objects.filter(assignment__in=locked, state=AppealState.OPEN).values_list(
            "assignment", flat=True
        )
    )
    released = [assignment for assignment in locked if assignment.pk not in appealed]
    for assignment in released:
        assignment.place_released = True
        assignment.save(update_fields=["place_released"])
        record(None, "assignment.place_released", assignment, at=at, project_id=assignment.project_id)
    reopen_places([assignment.pk for assignment in released])
    return len(released)


def refund_closed_projects(*, at: datetime) -> int:
    """Give back what closed projects no longer need; return how many got something."""
    refunded = 0
    for project_id in Project.objects.filter(
        state=ProjectState.CLOSED, published_at__isnull=False
    ).values_list("pk", flat=True):
        with transaction.atomic():
            project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
            refunded += bool(refund_unused(project, at=at))
    return refunded


def publish_what_is_due(*, at: datetime) -> int:
    """Publish the drafts whose time has come; one that is refused stays a draft and its owner is told why."""
    published = 0
    for project in Project.objects.filter(state=ProjectState.DRAFT, publish_at__lte=at).order_by(
        "publish_at"
    ):
        owner = Person.objects.get(pk=project.owner_id)
        try:
            with as_read_by(owner):  # a refusal's sentence is mailed to them
                publish_project(project_id=project.pk, by=owner, at=at)
            published += 1
        except Refusal as refusal:
            with transaction.atomic():
                Project.objects.filter(pk=project.pk, state=ProjectState.DRAFT).update(publish_at=None)
                record(None, "project.publication_failed", project, at=at, code=refusal.code)
                later(
                    "work.tell_owner_publication_failed",
                    project_id=project.pk,
                    code=refusal.code,
                    why=str(refusal),
                )
    return published
