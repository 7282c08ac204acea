"""What an appeal against a rejection is about, for the room that hears it and for the two sides.

A hearing is blind: neither the worker's nor the requester's name is in it (MECHANISMS 6.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from canut.people.queries_lists import who_block_or_are_blocked
from canut.reputation.models import ScaleKind
from canut.work.models import Appeal, Assignment, Decision, Requirement, Submission
from canut.work.queries.near import near_to
from canut.work.queries.rework import rework_promised
from canut.work.queries.showing import HandedIn, handed_in
from canut.work.queries.shown_work import seen, works_shown
from canut.work.states import AppealState, Ground, Outcome, ProjectKind
from canut.work.validators import design_of, row_shown


@dataclass(frozen=True, slots=True)
class WorkAppealed:
    """Rejected work with everything that was said about it, laid side by side for the two sides.

    It holds no name. `position` is the task's number in its project, `reward_minor` what is set aside.
    """

    assignment_id: int
    title: str
    position: int
    instructions: str
    reward_minor: int
    currency: str
    is_volunteer: bool
    handed_in: Sequence[HandedIn]


def work_appealed(assignment_id: int) -> WorkAppealed:
    """Return the work that an appeal is about, both attempts, for those who may read it."""
    rows = Assignment.objects.select_related("project", "task")
    assignment = rows.get(pk=assignment_id)
    design = design_of(assignment.revision_id)
    submissions = Submission.objects.filter(assignment=assignment).prefetch_related("decisions")
    works = works_shown([assignment], with_files=False).get(assignment.pk, ())
    shown = handed_in(
        list(submissions),
        design=design,
        row=row_shown(assignment),
        seed=assignment.seed,
        works=seen(works),
    )
    return WorkAppealed(
        assignment_id=assignment.pk,
        title=assignment.project.title,
        position=assignment.task.position,
        instructions=design.instructions,
        reward_minor=assignment.reward_minor + rework_promised([assignment.pk]).get(assignment.pk, 0),
        currency=assignment.project.currency,
        is_volunteer=assignment.project.kind == ProjectKind.VOLUNTEER,
        handed_in=shown,
    )


@dataclass(frozen=True, slots=True)
class AppealedWork:
    """What an appeal is about, for the room that hears it. `submissions` are both attempts, the first first.

    Texts are as they were written, and empty where there are none; `ground` is in the reader's language, and
    `language` is what workers of its project need, empty if none.
    """

    assignment_id: int
    title: str
    language: str
    worker_id: int
    requester_id: int
    submissions: Sequence[int]
    returned: str
    ground: str
    evidence: str
    reason: str
    words: str


def appealed_work(assignment_id: int) -> AppealedWork:
    """Return what the appeal of an assignment is about; there must be one."""
    appeal = Appeal.objects.select_related("assignment__project").get(assignment=assignment_id)
    submissions = Submission.objects.filter(assignment=assignment_id).order_by("attempt")
    decisions = {
        one.outcome: one
        for one in Decision.objects.filter(submission__assignment=assignment_id).order_by("pk")
    }
    returned, rejected = decisions.get(Outcome.RETURNED), decisions.get(Outcome.REJECTED)
    return AppealedWork(
        assignment_id=assignment_id,
        title=appeal.assignment.project.title,
        language=appeal.assignment.project.language,
        worker_id=appeal.assignment.worker_id,
        requester_id=appeal.assignment.project.owner_id,
        submissions=list(submissions.values_list("pk", flat=True)),
        returned=returned.reason if returned else "",
        ground=str(Ground(rejected.ground).label) if rejected else "",
        evidence=rejected.evidence if rejected else "",
        reason=rejected.reason if rejected else "",
        words=appeal.words,
    )


def appeals_against(owner_id: int) -> "QuerySet[Any, Any]":
    """Return the assignments of somebody's projects that have an appeal, as a query to run where used."""
    return Appeal.objects.filter(assignment__project__owner_id=owner_id).values("assignment_id")


def is_under_appeal(assignment_id: int) -> bool:
    """Tell whether the rejection of an assignment is appealed and nobody has ended that yet."""
    return Appeal.objects.filter(assignment=assignment_id, state=AppealState.OPEN).exists()


def guild_asked_of(assignment_id: int) -> tuple[int, int] | None:
    """Return the guild that an assignment asks for, and the least level; None if it asks for none."""
    asked = Requirement.objects.filter(project__assignments=assignment_id, scale=ScaleKind.GUILD).first()
    return (asked.scale_id, int(asked.value or 1)) if asked else None


def who_had_a_part(assignment_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge the rejection of an assignment, because they had a part in it or a tie to it.

    They are its worker, its requester and who decided on it; who judged this work in a task that showed it;
    who took a task of this project, and would gain or lose by it; whoever the worker has worked for, or who
    has worked for the worker, in the last 90 days; and whom either side has blocked, or who has blocked one.
    """
    assignment = Assignment.objects.select_related("project").get(pk=assignment_id)
    worker_id, requester_id = assignment.worker_id, assignment.project.owner_id
    decided = Decision.objects.filter(submission__assignment=assignment, decided_by__isnull=False)
    judged = Assignment.objects.filter(task__shown_work__submission__assignment=assignment)
    return {
        worker_id,
        requester_id,
        *decided.values_list("decided_by", flat=True),
        *judged.values_list("worker", flat=True),
        *Assignment.objects.filter(project=assignment.project_id).values_list("worker", flat=True).distinct(),
        *near_to(worker_id, at=at),
        *who_block_or_are_blocked([requester_id]),
    }
