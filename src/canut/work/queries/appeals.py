"""Appeals as a hearing reads them: what was asked, what was answered, and what was said about it.

A hearing is blind: neither the worker's nor the requester's name is in it (MECHANISMS 6.1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from canut.people.models import Person
from canut.people.queries_lists import who_block_or_are_blocked
from canut.reputation.models import ScaleKind
from canut.work.access import require_operator
from canut.work.models import Appeal, Assignment, Decision, Requirement, Submission
from canut.work.queries.showing import HandedIn, handed_in
from canut.work.queries.shown_work import seen, works_shown
from canut.work.refusals import AssignmentNotFound
from canut.work.states import AppealState, Ground, Outcome, ProjectKind
from canut.work.validators import design_of, row_shown

APPEALS_A_PAGE = 30
TIE = timedelta(days=90)
"""So long ago must two people have worked for each other, for one to judge about the other."""


@dataclass(frozen=True, slots=True)
class QueuedAppeal:
    """One appeal in the queue."""

    id: int
    title: str
    position: int
    ground: str
    opened_at: datetime
    state: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class AppealQueue:
    """A page of appeals: open ones longest open first, decided ones newest first."""

    state: str
    counts: Mapping[str, int]
    appeals: Sequence[QueuedAppeal]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """Everything that a hearing weighs. `has_conflict` tells that this person may not decide it."""

    id: int
    state: str
    title: str
    position: int
    instructions: str
    reward_minor: int
    currency: str
    is_volunteer: bool
    handed_in: Sequence[HandedIn]
    words: str
    opened_at: datetime
    reason: str
    decided_at: datetime | None
    has_conflict: bool

    @property
    def returned(self) -> HandedIn | None:
        return next((one for one in self.handed_in if one.returned), None)

    @property
    def rejected(self) -> HandedIn | None:
        return next((one for one in self.handed_in if one.rejected), None)


def open_appeals_count() -> int:
    """Return how many appeals wait for a hearing."""
    return Appeal.objects.filter(state=AppealState.OPEN).count()


def appeal_queue(
    *, by: Person, state: str = AppealState.OPEN, after_id: int | None = None, most: int = APPEALS_A_PAGE
) -> AppealQueue:
    """Return a page of appeals in one state, after the appeal `after_id`.

    Raises:
        OperatorRoleMissing: `by` is no operator.
    """
    require_operator(by)
    state = state if state in AppealState.values else AppealState.OPEN
    ascending = state == AppealState.OPEN
    rows = Appeal.objects.filter(state=state).select_related("assignment__project", "assignment__task")
    if after_id is not None:
        rows = rows.filter(pk__gt=after_id) if ascending else rows.filter(pk__lt=after_id)
    page = list(rows.order_by("pk" if ascending else "-pk")[: most + 1])
    grounds = _grounds([appeal.assignment_id for appeal in page])
    counts = dict(Appeal.objects.values_list("state").annotate(count=Count("pk")))
    return AppealQueue(
        state=state,
        counts={each: counts.get(each, 0) for each in AppealState.values},
        appeals=[
            QueuedAppeal(
                id=appeal.pk,
                title=appeal.assignment.project.title,
                position=appeal.assignment.task.position,
                ground=grounds.get(appeal.assignment_id, ""),
                opened_at=appeal.opened_at,
                state=appeal.state,
                decided_at=appeal.decided_at,
            )
            for appeal in page[:most]
        ],
        next_cursor=page[most - 1].pk if len(page) > most else None,
    )


def hearing(appeal_id: int, *, by: Person) -> Hearing:
    """Return one appeal with everything it is about.

    Raises:
        OperatorRoleMissing: `by` is no operator. AssignmentNotFound: there is no such appeal.
    """
    require_operator(by)
    rows = Appeal.objects.select_related("assignment__project", "assignment__task", "assignment__revision")
    appeal = rows.filter(pk=appeal_id).first()
    if appeal is None:
        raise AssignmentNotFound(_("There is no such appeal."))
    assignment: Assignment = appeal.assignment
    design = design_of(assignment.revision_id)
    submissions = Submission.objects.filter(assignment=assignment).prefetch_related("decisions")
    works = works_shown([assignment], with_files=appeal.state == AppealState.OPEN).get(assignment.pk, ())
    shown = handed_in(
        list(submissions),
        design=design,
        row=row_shown(assignment),
        seed=assignment.seed,
        works=seen(works),
    )
    return Hearing(
        id=appeal.pk,
        state=appeal.state,
        title=assignment.project.title,
        position=assignment.task.position,
        instructions=design.instructions,
        reward_minor=assignment.reward_minor,
        currency=assignment.project.currency,
        is_volunteer=assignment.project.kind == ProjectKind.VOLUNTEER,
        handed_in=shown,
        words=appeal.words,
        opened_at=appeal.opened_at,
        reason=appeal.reason,
        decided_at=appeal.decided_at,
        has_conflict=had_a_part(by.pk, assignment),
    )


def had_a_part(person_id: int, assignment: Assignment) -> bool:
    """Tell whether somebody did this work, owns its project or rejected it: not to hear its appeal."""
    rejected = Decision.objects.filter(submission__assignment=assignment, outcome=Outcome.REJECTED)
    deciders = rejected.values_list("decided_by", flat=True)
    return person_id in (assignment.worker_id, assignment.project.owner_id, *deciders)


@dataclass(frozen=True, slots=True)
class AppealedWork:
    """What an appeal is about, for the room that hears it. `submissions` are both attempts, the first first.

    Texts are as they were written, and empty where there are none; `ground` is in the reader's language.
    """

    assignment_id: int
    state: str
    title: str
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
        state=appeal.state,
        title=appeal.assignment.project.title,
        worker_id=appeal.assignment.worker_id,
        requester_id=appeal.assignment.project.owner_id,
        submissions=list(submissions.values_list("pk", flat=True)),
        returned=returned.reason if returned else "",
        ground=str(Ground(rejected.ground).label) if rejected else "",
        evidence=rejected.evidence if rejected else "",
        reason=rejected.reason if rejected else "",
        words=appeal.words,
    )


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
    lately = Assignment.objects.filter(taken_at__gt=at - TIE, submitted_at__isnull=False)
    return {
        worker_id,
        requester_id,
        *decided.values_list("decided_by", flat=True),
        *judged.values_list("worker", flat=True),
        *Assignment.objects.filter(project=assignment.project_id).values_list("worker", flat=True).distinct(),
        *lately.filter(worker=worker_id).values_list("project__owner", flat=True).distinct(),
        *lately.filter(project__owner=worker_id).values_list("worker", flat=True).distinct(),
        *who_block_or_are_blocked([worker_id, requester_id]),
    }


def _grounds(assignment_ids: Sequence[int]) -> dict[int, str]:
    rejected = Decision.objects.filter(
        submission__assignment__in=assignment_ids, outcome=Outcome.REJECTED
    ).values_list("submission__assignment_id", "ground")
    return {assignment_id: str(Ground(ground).label) for assignment_id, ground in rejected}
