"""What was handed in to a project, as its requester reviews it: what waits, and what became of the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from canut.charter.queries import in_force
from canut.kernel.working_days import add_working_days
from canut.people.models import Person
from canut.people.queries import WhoIs, blocks_of, person_named, who_are
from canut.reputation.models import Side
from canut.reputation.queries import counting, own_ratings
from canut.work.access import own_project
from canut.work.models import Appeal, Assignment, Decision, Project, Revision, Submission
from canut.work.queries.assignments import AppealSeen, approves_itself_at
from canut.work.queries.earnings import promised_rework_minor
from canut.work.queries.pricing import rework_minor
from canut.work.queries.showing import HandedIn, handed_in
from canut.work.queries.shown_work import ShownToJudge, seen, works_shown
from canut.work.queries.worked_with import unrated_workers
from canut.work.round_names import nameless
from canut.work.states import AppealState, AssignmentState, Outcome, ProjectKind
from canut.work.validators import design_of, row_shown

WORKS_A_PAGE = 20

REVIEWED_STATES = (
    AssignmentState.SUBMITTED,
    AssignmentState.RETURNED,
    AssignmentState.APPROVED,
    AssignmentState.REJECTED,
    AssignmentState.CLOSED,
)

EVERY_STATE = "every"
"""Asked for in place of a state: all that one worker, or all that workers of one task, have handed in."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which work the page is to show: one state, perhaps one worker's or one task's, or the unrated alone.

    Of one worker or task, `EVERY_STATE` shows all of it; of a whole project that is not asked for.
    """

    state: str = AssignmentState.SUBMITTED
    worker: str = ""
    task: str = ""
    unrated: bool = False


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker as a requester sees them, and how much of theirs waits in this project.

    `up_to_id` bounds what "all of this worker's" means: what is handed in later is not among it.
    """

    who: WhoIs
    waiting: int
    waiting_minor: int
    up_to_id: int
    is_blocked: bool
    told: str


@dataclass(frozen=True, slots=True)
class Work:
    """One assignment under review, with every submission of it; `submission_id` is the one to decide."""

    assignment_id: int
    submission_id: int
    state: str
    attempt: int
    worker: WorkerSeen
    task_id: int
    task_key: str
    position: int
    handed_in: Sequence[HandedIn]
    reward_minor: int
    rework_minor: int
    approves_itself_at: datetime | None
    lease_until: datetime
    held_until: datetime | None
    place_released: bool
    appeal: AppealSeen | None
    is_of_a_round: bool
    rating: Decimal | None = None

    @property
    def latest(self) -> HandedIn:
        return self.handed_in[-1]

    @property
    def pays_minor(self) -> int:
        """What approving pays: the reward, and the rework that was asked for."""
        return self.reward_minor + self.rework_minor

    @property
    def may_be_returned(self) -> bool:
        return self.state == AssignmentState.SUBMITTED and self.attempt == 1 and not self.is_of_a_round

    @property
    def may_be_rejected(self) -> bool:
        return self.state == AssignmentState.SUBMITTED and self.attempt == 2 and not self.is_of_a_round

    @property
    def may_be_approved(self) -> bool:
        return self.state == AssignmentState.SUBMITTED

    @property
    def may_be_approved_after_all(self) -> bool:
        return self.state == AssignmentState.REJECTED

    @property
    def lacks_rating(self) -> bool:
        """Whether it is decided and not rated: then the page reminds of that, and asks for nothing."""
        return self.rating is None and self.state != AssignmentState.SUBMITTED

    @property
    def is_under_appeal(self) -> bool:
        return self.appeal is not None and self.appeal.state == AppealState.OPEN


@dataclass(frozen=True, slots=True)
class Terms:
    """What each choice leads to, by the charter in force: shown beside it, before it is made."""

    silence_seconds: int
    rework_until: datetime
    rework_minor: int
    hold_days: int


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of work under review. "All shown" means `shown_ids`: the submissions on it that wait.

    `unrated_workers` counts those who have handed in and of whom no work in this project is rated.
    """

    project_id: int
    title: str
    currency: str
    is_volunteer: bool
    asked: Asked
    worker_unknown: bool
    counts: Mapping[str, int]
    works: Sequence[Work]
    terms: Terms
    next_cursor: str
    unrated_workers: int

    @property
    def rateable_ids(self) -> Sequence[int]:
        """The submissions shown, each of which may be rated whatever was decided."""
        return [work.submission_id for work in self.works]

    @property
    def shows_every_state(self) -> bool:
        return self.asked.state == EVERY_STATE

    @property
    def waiting(self) -> int:
        return self.counts[AssignmentState.SUBMITTED]

    @property
    def shown_ids(self) -> Sequence[int]:
        return [work.submission_id for work in self.works if work.may_be_approved]

    @property
    def shown_minor(self) -> int:
        return sum(work.pays_minor for work in self.works if work.may_be_approved)


@dataclass(frozen=True, slots=True)
class Approved:
    """What one approval of several booked: how many, and rewards with rework in minor units."""

    count: int
    pays_minor: int
    currency: str
    is_volunteer: bool


def review_page(
    project_id: int, *, by: Person, at: datetime, asked: Asked, cursor: str = "", most: int = WORKS_A_PAGE
) -> ReviewPage:
    """Return a page of what was handed in to a project of `by`, after `cursor`.

    What waits comes longest waiting first, the rest newest first. A screen name that nobody has finds
    nothing; a spoilt cursor begins anew.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    asked = replace(asked, worker=asked.worker.strip(), task=asked.task.strip())
    known = (*REVIEWED_STATES, *([EVERY_STATE] if asked.worker or asked.task else []))
    state = asked.state if asked.state in known else AssignmentState.SUBMITTED
    asked = replace(asked, state=state)
    rows, worker_unknown = _asked_for(project, asked)
    ascending = state in (AssignmentState.SUBMITTED, AssignmentState.RETURNED)
    page = list(_after(rows, cursor, ascending=ascending)[: most + 1])
    return ReviewPage(
        project_id=project.pk,
        title=project.title,
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
        asked=asked,
        worker_unknown=worker_unknown,
        counts=_counts(project),
        works=_works(project, page[:most], at=at),
        terms=_terms(project, at=at),
        next_cursor=_cursor_of(page[most - 1]) if len(page) > most else "",
        unrated_workers=unrated_workers(project.pk, owner_id=project.owner_id),
    )


def work_under_review(assignment_id: int, *, project_id: int, by: Person, at: datetime) -> Work | None:
    """Return one assignment of a project of `by` as the review page shows it; None if nothing was handed in.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = _reviewed(project).filter(pk=assignment_id, state__in=REVIEWED_STATES)
    return next(iter(_works(project, list(rows), at=at)), None)


def waiting_count(project_id: int, *, by: Person) -> int:
    """Return how many submissions wait for a decision of `by`: the figure that a page asks for every second.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    return Assignment.objects.filter(project=project, state=AssignmentState.SUBMITTED).count()


def approved_at(
    project_id: int,
    *,
    by: Person,
    at: datetime,
    submission_ids: Collection[int] | None = None,
    worker_id: int | None = None,
) -> Approved:
    """Return what `by` approved at the moment `at` of these submissions, or of this worker's.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = Submission.objects.filter(
        project=project,
        decisions__decided_at=at,
        decisions__decided_by=by,
        decisions__outcome=Outcome.APPROVED,
    )
    if submission_ids is not None:
        rows = rows.filter(pk__in=list(submission_ids))
    if worker_id is not None:
        rows = rows.filter(assignment__worker_id=worker_id)
    rewards = dict(rows.values_list("assignment_id", "assignment__reward_minor"))
    rework = promised_rework_minor(rewards.keys())
    return Approved(
        count=len(rewards),
        pays_minor=sum(rewards.values()) + sum(rework.values()),
        currency=project.currency,
        is_volunteer=project.kind == ProjectKind.VOLUNTEER,
    )


def _asked_for(project: Project, asked: Asked) -> "tuple[QuerySet[Assignment], bool]":
    states = REVIEWED_STATES if asked.state == EVERY_STATE else (asked.state,)
    rows = _reviewed(project).filter(state__in=states)
    worker_unknown = False
    if asked.worker:
        named = person_named(asked.worker)
        worker_unknown = named is None
        rows = rows.filter(worker_id=named.id, round=None) if named else rows.none()
    if asked.task:
        rows = rows.filter(task__key=asked.task)
    if asked.unrated:
        given = counting(Side.WORKER).filter(rater_id=project.owner_id, assignment_id=OuterRef("pk"))
        rows = rows.filter(~Exists(given))
    return rows, worker_unknown


def _reviewed(project: Project) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(project=project).select_related("task")


def _after(rows: "QuerySet[Assignment]", cursor: str, *, ascending: bool) -> "QuerySet[Assignment]":
    """Order by the time of handing in, which the index of the review has, and go on after the cursor."""
    written, _dot, last = cursor.rpartition("_")
    try:
        place = datetime.fromisoformat(written), int(last)
    except ValueError:
        place = None
    if place is not None and place[0].tzinfo is not None and abs(place[1]) < 2**63:
        beyond = "gt" if ascending else "lt"
        rows = rows.filter(
            Q(**{f"submitted_at__{beyond}": place[0]})
            | Q(submitted_at=place[0], **{f"pk__{beyond}": place[1]})
        )
    return rows.order_by("submitted_at", "pk") if ascending else rows.order_by("-submitted_at", "-pk")


def _cursor_of(assignment: Assignment) -> str:
    assert assignment.submitted_at is not None
    return f"{assignment.submitted_at.isoformat()}_{assignment.pk}"


def _counts(project: Project) -> dict[str, int]:
    rows = Assignment.objects.filter(project=project, state__in=REVIEWED_STATES).values_list("state")
    found = dict(rows.annotate(count=Count("pk")))
    return {state.value: found.get(state, 0) for state in REVIEWED_STATES}


def _terms(project: Project, *, at: datetime) -> Terms:
    revision = Revision.objects.filter(project=project).order_by("-number")[0]
    return Terms(
        silence_seconds=in_force("deciding.silence_hours", at=at) * 3600,
        rework_until=add_working_days(at, in_force("deciding.rework_working_days", at=at)),
        rework_minor=rework_minor(project, revision.pk, at=at),
        hold_days=in_force("deciding.rejection_hold_days", at=at),
    )


def _works(project: Project, assignments: Sequence[Assignment], *, at: datetime) -> list[Work]:
    ids = [one.pk for one in assignments]
    submissions: dict[int, list[Submission]] = {}
    for submission in Submission.objects.filter(assignment__in=ids).prefetch_related("decisions"):
        submissions.setdefault(submission.assignment_id, []).append(submission)
    appeals = {one.assignment_id: one for one in Appeal.objects.filter(assignment__in=ids)}
    rework = promised_rework_minor(ids)
    workers = _workers(project, {one.worker_id for one in assignments})
    works = works_shown(assignments)
    ratings = own_ratings(project.owner_id, side=Side.WORKER, assignment_ids=ids)
    return [
        replace(
            _work(
                one,
                submissions[one.pk],
                workers[one.worker_id],
                appeals.get(one.pk),
                rework.get(one.pk, 0),
                works.get(one.pk, ()),
                at=at,
            ),
            rating=ratings.get(one.pk),
        )
        for one in assignments
    ]


def _work(
    one: Assignment,
    submissions: Sequence[Submission],
    worker: WorkerSeen,
    appeal: Appeal | None,
    promised_minor: int,
    works: Sequence[ShownToJudge],
    *,
    at: datetime,
) -> Work:
    shown = handed_in(
        submissions,
        design=design_of(one.revision_id),
        row=row_shown(one),
        seed=one.seed,
        works=seen(works),
    )
    return Work(
        assignment_id=one.pk,
        submission_id=shown[-1].id,
        state=one.state,
        attempt=one.attempt,
        worker=worker if one.round_id is None else _nameless(worker),
        task_id=one.task_id,
        task_key=one.task.key,
        position=one.task.position,
        handed_in=shown,
        reward_minor=one.reward_minor,
        rework_minor=promised_minor,
        approves_itself_at=approves_itself_at(one, at=at),
        lease_until=one.lease_until,
        held_until=one.held_until,
        place_released=one.place_released,
        appeal=AppealSeen.of(appeal),
        is_of_a_round=one.round_id is not None,
    )


def _nameless(worker: WorkerSeen) -> WorkerSeen:
    """Return a worker of a prototype round: requesters see what they did, and not who (MECHANISMS 3.7)."""
    return WorkerSeen(nameless(simulated=worker.who.simulated), 0, 0, 0, is_blocked=False, told="")


def _workers(project: Project, worker_ids: Collection[int]) -> dict[int, WorkerSeen]:
    waiting = Submission.objects.filter(
        project=project,
        assignment__project=project,
        assignment__state=AssignmentState.SUBMITTED,
        assignment__worker__in=worker_ids,
        assignment__round=None,
        attempt=F("assignment__attempt"),
    )
    sums = waiting.values_list("assignment__worker_id").annotate(
        count=Count("pk"), pay=Sum("assignment__reward_minor"), newest=Max("pk")
    )
    promised = Decision.objects.filter(
        outcome=Outcome.RETURNED,
        submission__assignment__project=project,
        submission__assignment__state=AssignmentState.SUBMITTED,
        submission__assignment__worker__in=worker_ids,
    ).values_list("submission__assignment__worker_id")
    rework = dict(promised.annotate(pay=Sum("rework_minor")))
    found = {who: (count, int(pay) + int(rework.get(who, 0)), newest) for who, count, pay, newest in sums}
    people = who_are(worker_ids)
    blocked = blocks_of(project.owner_id, worker_ids)
    return {
        worker_id: WorkerSeen(
            people[worker_id],
            *found.get(worker_id, (0, 0, 0)),
            is_blocked=worker_id in blocked,
            told=blocked.get(worker_id, ""),
        )
        for worker_id in worker_ids
    }
