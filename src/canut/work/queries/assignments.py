"""A worker's own work: the page of one task, what is in hand, and what has become of the rest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.discussion.hiding.queries import is_hidden
from canut.people.models import Person
from canut.people.queries import WhoIs, told_about_block, who_are
from canut.reputation.queries import own_regards
from canut.work.access import own_assignment
from canut.work.designs.displays import Image
from canut.work.designs.schema import Design
from canut.work.models import Appeal, Assignment, Decision, Project, Revision, Submission, WorkerChoice
from canut.work.queries.broken import ReportSeen, own_report
from canut.work.queries.sessions import Rest, open_session_of, rest_due
from canut.work.queries.showing import HandedIn, Offer, handed_in, offer_of
from canut.work.queries.shown_work import ShownToJudge, seen, works_for_judge
from canut.work.rules import payable_at
from canut.work.states import (
    IN_HAND,
    AssignmentState,
    Outcome,
    PlaceState,
    ProjectKind,
    ProjectState,
)
from canut.work.usecases.keep_draft import draft_for
from canut.work.validators import design_of, row_shown

LINES_A_PAGE = 20

SHOWN_STATES: Mapping[str, Collection[str]] = {
    "all": tuple(state for state in AssignmentState if state not in IN_HAND),
    "handed_in": (AssignmentState.SUBMITTED,),
    "approved": (AssignmentState.APPROVED,),
    "rejected": (AssignmentState.REJECTED, AssignmentState.CLOSED),
    "put_back": (AssignmentState.GIVEN_BACK, AssignmentState.SKIPPED, AssignmentState.EXPIRED),
    "broken": (AssignmentState.BROKEN,),
}
"""What the history can be narrowed to, and the states that each shows."""


@dataclass(frozen=True, slots=True)
class AppealSeen:
    """An appeal as both sides see it. `ended_by` says who ended it, as AppealBy does."""

    state: str
    opened_at: datetime
    words: str
    reason: str
    decided_at: datetime | None
    ended_by: str

    @classmethod
    def of(cls, appeal: Appeal | None) -> "AppealSeen | None":
        if appeal is None:
            return None
        return cls(
            state=appeal.state,
            opened_at=appeal.opened_at,
            words=appeal.words,
            reason=appeal.reason,
            decided_at=appeal.decided_at,
            ended_by=appeal.decided_by,
        )


@dataclass(frozen=True, slots=True)
class TaskPage:
    """One assignment as its worker sees it.

    `is_open` tells that it can be handed in now; `has_run_out` that its lease or its rework's deadline
    is over. `draft` fills the form: what was kept, else the answer that came back. `approves_itself_at`
    is set while it waits, `payable_at` once it is approved, `appeal_until` while a rejection can be
    appealed. `is_off_the_clock` tells that it is work by the hour in hand with no session of the project
    open any more, so that no time on it is paid. `works` is the work of others that the task shows to be
    judged. `fund` is which one pays it, of a duty: there is no requester then who would be rated.
    `pictures_hidden` tells that members have flagged its pictures: whoever wants to opens them. `report` is
    what was said of a task that its worker reported as broken.
    """

    assignment_id: int
    project_id: int
    task_id: int
    revision_id: int
    position: int
    state: str
    attempt: int
    seed: int
    offer: Offer
    design: Design
    shown: Mapping[str, object]
    draft: Mapping[str, object]
    taken_at: datetime
    lease_until: datetime
    is_open: bool
    has_run_out: bool
    can_be_taken_again: bool
    project_is_live: bool
    submissions: Sequence[HandedIn]
    appeal: AppealSeen | None
    appeal_until: datetime | None
    approves_itself_at: datetime | None
    payable_at: datetime | None
    told: str | None
    takes_next: bool
    rest: Rest | None
    is_off_the_clock: bool
    works: Sequence[ShownToJudge] = ()
    fund: str = ""
    has_pictures: bool = False
    pictures_hidden: bool = False
    report: ReportSeen | None = None

    @property
    def is_returned(self) -> bool:
        return self.state == AssignmentState.RETURNED

    @property
    def returned(self) -> HandedIn | None:
        """The submission that came back, with its reason; also after the second was handed in."""
        return next((one for one in self.submissions if one.returned), None)

    @property
    def pays_minor(self) -> int:
        """What approval pays: the reward, and the rework if some was asked for."""
        ruling = self.returned.returned if self.returned else None
        return self.offer.reward_minor + (ruling.rework_minor if ruling else 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment in a list of the worker's own.

    `hour_minor` is what an hour of a session pays, and zero for work by the piece. `regard` is what the
    worker has said of the requester last. `is_automatic` tells that nobody decided in time; of a duty, which
    `fund` pays, nobody has to.
    """

    assignment_id: int
    project_id: int
    position: int
    title: str
    requester: WhoIs
    is_volunteer: bool
    currency: str
    reward_minor: int
    hour_minor: int
    state: str
    attempt: int
    taken_at: datetime
    lease_until: datetime
    submitted_at: datetime | None
    ended_at: datetime | None
    has_run_out: bool
    approves_itself_at: datetime | None
    payable_at: datetime | None
    is_automatic: bool
    appeal_state: str
    appeal_until: datetime | None
    return_reason: str
    regard: Decimal | None
    fund: str

    @property
    def is_returned(self) -> bool:
        return self.state == AssignmentState.RETURNED


@dataclass(frozen=True, slots=True)
class WorkPage:
    """What is in hand (on the first page), and a page of the rest, newest first."""

    in_hand: Sequence[Line]
    lines: Sequence[Line]
    shows: str
    counts: Mapping[str, int]
    next_cursor: int | None


def task_page(assignment_id: int, *, by: Person, at: datetime) -> TaskPage:
    """Return the page of an assignment of `by`, in whatever state it is.

    Raises:
        AssignmentNotFound: there is none of `by`.
    """
    assignment = own_assignment(assignment_id, by=by)
    project = Project.objects.get(pk=assignment.project_id)
    revision = Revision.objects.get(pk=assignment.revision_id)
    design = design_of(revision.pk)
    submissions = Submission.objects.filter(assignment=assignment).prefetch_related("decisions")
    shown = dict(row_shown(assignment))
    works = works_for_judge(assignment)
    pictures_hidden = is_hidden("picture", assignment.task_id, at)
    handed = handed_in(
        list(submissions),
        design=design,
        row=shown,
        seed=assignment.seed,
        works=seen(works),
        covers_pictures=pictures_hidden,
    )
    in_hand = assignment.state in IN_HAND
    has_run_out = assignment.state == AssignmentState.EXPIRED or (in_hand and assignment.lease_until <= at)
    facts = _Facts.read([assignment])
    return TaskPage(
        assignment_id=assignment.pk,
        project_id=project.pk,
        task_id=assignment.task_id,
        revision_id=revision.pk,
        position=assignment.task.position,
        state=assignment.state,
        attempt=assignment.attempt,
        seed=assignment.seed,
        offer=offer_of(project, revision, who_are([project.owner_id])[project.owner_id]),
        design=design,
        shown=shown,
        draft=_filled_in(assignment, by=by) if in_hand else {},
        taken_at=assignment.taken_at,
        lease_until=assignment.lease_until,
        is_open=in_hand and not has_run_out,
        has_run_out=has_run_out,
        can_be_taken_again=_can_be_taken_again(assignment, project, has_run_out=has_run_out),
        project_is_live=project.state == ProjectState.LIVE,
        submissions=handed,
        appeal=facts.appeal(assignment),
        appeal_until=facts.appeal_until(assignment, at=at),
        approves_itself_at=approves_itself_at(assignment, at=at),
        payable_at=facts.payable_at(assignment, by=by),
        told=told_about_block(owner_id=project.owner_id, person_id=by.pk),
        takes_next=takes_next(by.pk),
        rest=rest_due(by.pk, at=at) if in_hand and project.risks and not assignment.session_id else None,
        is_off_the_clock=_is_off_the_clock(assignment),
        fund=project.fund,
        works=works,
        has_pictures=any(isinstance(item, Image) for item in design.items),
        pictures_hidden=pictures_hidden,
        report=own_report(assignment, at=at),
    )


def takes_next(worker_id: int) -> bool:
    """Return whether handing in should bring the worker the next task at once; yes until they say no."""
    chosen = WorkerChoice.objects.filter(worker_id=worker_id).values_list("takes_next", flat=True).first()
    return True if chosen is None else chosen


def in_hand(*, by: Person, at: datetime) -> Sequence[Line]:
    """Return what `by` has in hand: returned work first, then what runs out soonest."""
    rows = _own(by).filter(state__in=IN_HAND).order_by("lease_until", "pk")
    return sorted(_lines(list(rows), by=by, at=at), key=lambda line: not line.is_returned)


def returned_count(worker_id: int) -> int:
    """Return how much of a worker's work waits for rework; one look at the index of what is in hand."""
    return Assignment.objects.filter(worker_id=worker_id, state=AssignmentState.RETURNED).count()


def work_page(
    *, by: Person, at: datetime, shows: str = "all", before_id: int | None = None, most: int = LINES_A_PAGE
) -> WorkPage:
    """Return what `by` has in hand, and a page of the rest before `before_id`.

    `shows` is a key of SHOWN_STATES; anything else means all.
    """
    shows = shows if shows in SHOWN_STATES else "all"
    rows = _own(by).filter(state__in=SHOWN_STATES[shows]).order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    page = list(rows[: most + 1])
    return WorkPage(
        in_hand=in_hand(by=by, at=at) if before_id is None else (),
        lines=_lines(page[:most], by=by, at=at),
        shows=shows,
        counts=_counts(by),
        next_cursor=page[most - 1].pk if len(page) > most else None,
    )


def approves_itself_at(assignment: Assignment, *, at: datetime) -> datetime | None:
    """Return when silence approves a submission that waits; None if it does not wait."""
    if assignment.state != AssignmentState.SUBMITTED or assignment.submitted_at is None:
        return None
    return assignment.submitted_at + timedelta(hours=in_force("deciding.silence_hours", at=at))


def payable_times(assignments: Collection[Assignment], *, by: Person) -> dict[int, datetime]:
    """Return when the pay of each of these assignments of `by` falls due at the latest, if handed in."""
    facts = _Facts.read(assignments)
    found = {one.pk: facts.payable_at(one, by=by, if_approved=True) for one in assignments}
    return {pk: moment for pk, moment in found.items() if moment is not None}


@dataclass(frozen=True, slots=True)
class _Facts:
    """What belongs to some assignments, read at once for all of them."""

    submitted_at: Mapping[tuple[int, int], datetime]
    decisions: Mapping[int, Sequence[Decision]]
    appeals: Mapping[int, Appeal]

    @classmethod
    def read(cls, assignments: Collection[Assignment]) -> "_Facts":
        ids = [one.pk for one in assignments if one.submitted_at is not None]
        submissions = Submission.objects.filter(assignment__in=ids)
        decisions: dict[int, list[Decision]] = {}
        of_these = Decision.objects.filter(submission__assignment__in=ids).select_related("submission")
        for decision in of_these.order_by("pk"):
            decisions.setdefault(decision.submission.assignment_id, []).append(decision)
        return cls(
            submitted_at={
                (assignment_id, attempt): at
                for assignment_id, attempt, at in submissions.values_list(
                    "assignment_id", "attempt", "submitted_at"
                )
            },
            decisions=decisions,
            appeals={appeal.assignment_id: appeal for appeal in Appeal.objects.filter(assignment__in=ids)},
        )

    def decided(self, assignment: Assignment, outcome: Outcome) -> Decision | None:
        of_this = self.decisions.get(assignment.pk, ())
        return next((decision for decision in of_this if decision.outcome == outcome), None)

    def payable_at(self, assignment: Assignment, *, by: Person, if_approved: bool = False) -> datetime | None:
        first = self.submitted_at.get((assignment.pk, 1))
        if first is None or (assignment.state != AssignmentState.APPROVED and not if_approved):
            return None
        second, returned = (
            self.submitted_at.get((assignment.pk, 2)),
            self.decided(assignment, Outcome.RETURNED),
        )
        return payable_at(
            first_submitted_at=first,
            rework_took=second - returned.decided_at if second and returned else timedelta(),
            payable_days=in_force("deciding.payable_days", at=first, scope=Scope(country=by.country)),
        )

    def appeal(self, assignment: Assignment) -> AppealSeen | None:
        return AppealSeen.of(self.appeals.get(assignment.pk))

    def appeal_until(self, assignment: Assignment, *, at: datetime) -> datetime | None:
        can = (
            assignment.state == AssignmentState.REJECTED
            and assignment.pk not in self.appeals
            and not assignment.place_released
        )
        until = assignment.held_until if can else None
        return until if until is not None and until > at else None


def _own(by: Person) -> "QuerySet[Assignment]":
    return Assignment.objects.filter(worker_id=by.pk).select_related("project", "task", "session")


def _lines(assignments: Sequence[Assignment], *, by: Person, at: datetime) -> list[Line]:
    facts = _Facts.read(assignments)
    requesters = who_are({one.project.owner_id for one in assignments})
    regards = own_regards(by.pk, requesters.keys())
    return [
        _line(one, facts, requesters[one.project.owner_id], regards.get(one.project.owner_id), by=by, at=at)
        for one in assignments
    ]


def _line(
    one: Assignment, facts: _Facts, requester: WhoIs, regard: Decimal | None, *, by: Person, at: datetime
) -> Line:
    appeal, returned = facts.appeal(one), facts.decided(one, Outcome.RETURNED)
    approved = facts.decided(one, Outcome.APPROVED)
    return Line(
        assignment_id=one.pk,
        project_id=one.project_id,
        position=one.task.position,
        title=one.project.title,
        requester=requester,
        is_volunteer=one.project.kind == ProjectKind.VOLUNTEER,
        currency=one.project.currency,
        reward_minor=one.reward_minor,
        hour_minor=one.session.hourly_minor if one.session else 0,
        state=one.state,
        attempt=one.attempt,
        taken_at=one.taken_at,
        lease_until=one.lease_until,
        submitted_at=one.submitted_at,
        ended_at=one.ended_at,
        has_run_out=one.state in IN_HAND and one.lease_until <= at,
        approves_itself_at=approves_itself_at(one, at=at),
        payable_at=facts.payable_at(one, by=by),
        is_automatic=approved is not None and approved.automatic and not one.project.fund,
        appeal_state=appeal.state if appeal else "",
        appeal_until=facts.appeal_until(one, at=at),
        return_reason=returned.reason if returned else "",
        regard=regard,
        fund=one.project.fund,
    )


def _counts(by: Person) -> dict[str, int]:
    rows = Assignment.objects.filter(worker_id=by.pk).values_list("state").annotate(count=Count("pk"))
    by_state = dict(rows)
    return {name: sum(by_state.get(state, 0) for state in states) for name, states in SHOWN_STATES.items()}


def _filled_in(assignment: Assignment, *, by: Person) -> Mapping[str, object]:
    kept = draft_for(assignment.pk, by=by)
    if kept or assignment.state != AssignmentState.RETURNED:
        return kept
    came_back = Submission.objects.filter(assignment=assignment, attempt=1).values_list("answer", flat=True)
    return dict(came_back.first() or {})


def _is_off_the_clock(assignment: Assignment) -> bool:
    if assignment.state != AssignmentState.HELD or assignment.session_id is None:
        return False
    session = open_session_of(assignment.worker_id)
    return session is None or session.project_id != assignment.project_id


def _can_be_taken_again(assignment: Assignment, project: Project, *, has_run_out: bool) -> bool:
    """Say whether offering to take the same task again makes sense; taking it decides."""
    left = (AssignmentState.GIVEN_BACK, AssignmentState.SKIPPED, AssignmentState.EXPIRED)
    if assignment.state not in left and not (assignment.state == AssignmentState.HELD and has_run_out):
        return False
    if project.state != ProjectState.LIVE:
        return False
    own_place = Q(number=assignment.place_number) if assignment.state == AssignmentState.HELD else Q()
    places = assignment.task.places.filter(Q(state=PlaceState.OPEN) | own_place)
    return places.exists()
