"""The lines of a history, each with what came of it and what was paid for it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from canut.ledger.models import Reason
from canut.ledger.queries_about import Booked, OtherEntry, booked_about, read_others
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.reputation.models import Side
from canut.reputation.queries import own_ratings
from canut.work.history.asked import LineKind, Role
from canut.work.history.streams import SUBJECT
from canut.work.models import (
    Appeal,
    Assignment,
    BrokenReport,
    Decision,
    Project,
    Submission,
    TopUp,
    WorkSession,
)
from canut.work.queries.pricing import rates
from canut.work.queries.sessions import rounds_of_sessions
from canut.work.round_names import name_in_round
from canut.work.states import (
    AppealState,
    AssignmentState,
    BrokenKind,
    Ground,
    Outcome,
    ProjectKind,
    SessionEnd,
    TopUpState,
)

BEARS_CHARGES = (Reason.REWARD, Reason.SESSION, Reason.BREAK)
"""The pay on which a requester pays levies and the fee."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that somebody did, or that was done for them.

    `id` is the assignment's, the session's, the top-up's or the ledger entry's, as `kind` says; `at` is when
    it was taken, opened, settled or booked. `who` is the other side: the requester of a worker's line, the
    worker of a requester's. Who worked in a prototype round has a name there that leads to nobody, and id 0.

    `state` is a word of AssignmentState, "open" or "closed" of a session, a word of TopUpState, or empty;
    `ended_by` is what ended a session, a word of SessionEnd.
    Of a task that was reported as broken `broken_kind` says as what, and `note` what was said of it.
    `decided_by` is "requester", "operator", "peers", or "software" where silence approved. `pay` is what came
    into the worker's earnings by reason, in minor units. `charges` are the exact parts of the levies and
    the fee on it, on a requester's lines alone. `rating` is what the reader said of the other side about
    this work. `count` is of how many tasks a top-up is, or how many were handed in within a session.
    """

    kind: LineKind
    id: int
    at: datetime
    currency: str
    project_id: int | None = None
    title: str = ""
    who: WhoIs | None = None
    is_of_a_round: bool = False
    is_volunteer: bool = False
    fund: str = ""
    task_id: int | None = None
    task_key: str = ""
    position: int | None = None
    state: str = ""
    attempt: int | None = None
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""
    ground: str = ""
    evidence: str = ""
    reason: str = ""
    broken_kind: str = ""
    appeal_state: str = ""
    appeal_decided_by: str = ""
    active_seconds: int | None = None
    pay: Mapping[str, int] = field(default_factory=dict)
    charges: Mapping[str, Decimal] = field(default_factory=dict)
    rating: Decimal | None = None
    count: int | None = None
    ended_by: str = ""
    note: str = ""

    @property
    def pay_minor(self) -> int:
        return sum(self.pay.values())

    @property
    def charges_minor(self) -> Decimal:
        return sum(self.charges.values(), Decimal(0))

    @property
    def state_said(self) -> str:
        """What became of it, in the active language; empty of a session and of other pay."""
        match self.kind:
            case LineKind.TASK:
                return str(AssignmentState(self.state).label)
            case LineKind.TOP_UP:
                return str(TopUpState(self.state).label)
            case _:
                return str(SessionEnd(self.ended_by).label) if self.ended_by else ""

    @property
    def appeal_said(self) -> str:
        return str(AppealState(self.appeal_state).label) if self.appeal_state else ""

    @property
    def broken_said(self) -> str:
        return str(BrokenKind(self.broken_kind).label) if self.broken_kind else ""

    @property
    def ground_said(self) -> str:
        return str(Ground(self.ground).label) if self.ground else ""


def read_lines(
    kind: LineKind, ids: Collection[int], *, by: Person, role: Role, at: datetime
) -> Mapping[int, Line]:
    """Return the lines of one kind by their ids, which the caller has found to be of `by`."""
    match kind:
        case LineKind.TASK:
            lines = _tasks(ids, by=by, role=role, at=at)
        case LineKind.SESSION:
            lines = _sessions(ids, role=role, at=at)
        case LineKind.TOP_UP:
            lines = _top_ups(ids, role=role)
        case LineKind.OTHER:
            lines = [_other(one) for one in read_others(ids, party_id=by.pk).values()]
    return {line.id: line for line in lines}


def _tasks(ids: Collection[int], *, by: Person, role: Role, at: datetime) -> Iterable[Line]:
    rows = list(
        Assignment.objects.filter(pk__in=ids).select_related("task").defer("task__row", "task__shown")
    )
    projects = Project.objects.in_bulk({one.project_id for one in rows})
    submissions: dict[int, list[Submission]] = {}
    handed_in = Submission.objects.filter(assignment__in=ids).defer("answer").order_by("attempt")
    for submission in handed_in:
        submissions.setdefault(submission.assignment_id, []).append(submission)
    decisions: dict[int, list[Decision]] = {}
    assignment_of = {one.pk: pk for pk, those in submissions.items() for one in those}
    for decision in Decision.objects.filter(submission__in=assignment_of):
        decisions.setdefault(assignment_of[decision.submission_id], []).append(decision)
    appeals = {one.assignment_id: one for one in Appeal.objects.filter(assignment__in=ids)}
    broken = BrokenReport.objects.filter(assignment__in=ids).in_bulk()
    pay = _pay_of(booked_about(SUBJECT[LineKind.TASK], ids))
    side = Side.REQUESTER if role == Role.WORKER else Side.WORKER
    ratings = own_ratings(by.pk, side=side, assignment_ids=ids)
    who = _who(role, {one.pk: (projects[one.project_id], one.worker_id, one.round_id) for one in rows})
    charged = _Charged(role, at)
    for one in rows:
        project = projects[one.project_id]
        decided = _decided(project, decisions.get(one.pk, ()))
        appeal, report = appeals.get(one.pk), broken.get(one.pk)
        yield Line(
            kind=LineKind.TASK,
            id=one.pk,
            at=one.taken_at,
            currency=project.currency,
            project_id=project.pk,
            title=project.title,
            who=who[one.pk],
            is_of_a_round=one.round_id is not None,
            is_volunteer=project.kind == ProjectKind.VOLUNTEER,
            fund=project.fund,
            task_id=one.task_id,
            task_key=one.task.key if role == Role.REQUESTER else "",
            position=one.task.position,
            state=one.state,
            attempt=one.attempt,
            submitted_at=one.submitted_at,
            ended_at=one.ended_at,
            decided_at=decided.at,
            decided_by=decided.by,
            returned_at=decided.returned_at,
            return_reason=decided.return_reason,
            ground=decided.ground,
            evidence=decided.evidence,
            reason=decided.reason,
            broken_kind=report.kind if report else "",
            note=report.words if report else "",
            appeal_state=appeal.state if appeal else "",
            appeal_decided_by=appeal.decided_by if appeal else "",
            active_seconds=_active_seconds(submissions.get(one.pk, ())),
            pay=pay.get(one.pk, {}),
            charges=charged.on(project, pay.get(one.pk, {})),
            rating=ratings.get(one.pk),
        )


def _sessions(ids: Collection[int], *, role: Role, at: datetime) -> Iterable[Line]:
    rows = list(WorkSession.objects.filter(pk__in=ids).select_related("project"))
    within = Assignment.objects.filter(session__in=ids, submitted_at__isnull=False)
    handed_in: dict[int, int] = {}
    for session_id in within.values_list("session_id", flat=True):
        handed_in[session_id] = handed_in.get(session_id, 0) + 1
    rounds = rounds_of_sessions(ids)
    pay = _pay_of(booked_about(SUBJECT[LineKind.SESSION], ids))
    who = _who(role, {one.pk: (one.project, one.worker_id, rounds.get(one.pk)) for one in rows})
    charged = _Charged(role, at)
    for one in rows:
        yield Line(
            kind=LineKind.SESSION,
            id=one.pk,
            at=one.opened_at,
            currency=one.project.currency,
            project_id=one.project_id,
            title=one.project.title,
            who=who[one.pk],
            is_of_a_round=one.pk in rounds,
            state="open" if one.closed_at is None else "closed",
            ended_at=one.closed_at,
            active_seconds=one.paid_seconds,
            pay=pay.get(one.pk, {}),
            charges=charged.on(one.project, pay.get(one.pk, {})),
            count=handed_in.get(one.pk, 0),
            ended_by=one.ended_by,
        )


def _top_ups(ids: Collection[int], *, role: Role) -> Iterable[Line]:
    rows = list(TopUp.objects.filter(pk__in=ids).select_related("settlement__project", "contest"))
    paid_for = {
        one.pk: [int(assignment) for line in one.lines for assignment in line["assignments"]] for one in rows
    }
    rounds = dict(
        Assignment.objects.filter(
            pk__in=[pk for paid in paid_for.values() for pk in paid], round__isnull=False
        ).values_list("pk", "round_id")
    )
    round_of = {
        pk: next((rounds[one] for one in paid if one in rounds), None) for pk, paid in paid_for.items()
    }
    pay = _pay_of(booked_about(SUBJECT[LineKind.TOP_UP], ids))
    who = _who(role, {one.pk: (one.settlement.project, one.worker_id, round_of[one.pk]) for one in rows})
    for one in rows:
        contest = getattr(one, "contest", None)
        yield Line(
            kind=LineKind.TOP_UP,
            id=one.pk,
            at=one.settlement.settled_at,
            currency=one.settlement.project.currency,
            project_id=one.settlement.project_id,
            title=one.settlement.project.title,
            who=who[one.pk],
            is_of_a_round=round_of[one.pk] is not None,
            state=one.state,
            ended_at=one.paid_at or (contest.decided_at if contest else None),
            decided_at=contest.decided_at if contest else None,
            reason=contest.reason if contest and one.state != TopUpState.ANNOUNCED else "",
            pay=pay.get(one.pk, {}),
            count=len(paid_for[one.pk]),
        )


def _other(entry: OtherEntry) -> Line:
    return Line(
        kind=LineKind.OTHER,
        id=entry.id,
        at=entry.at,
        currency=entry.currency,
        pay={entry.reason: entry.amount_minor},
        note=entry.note,
    )


def _who(role: Role, rows: Mapping[int, tuple[Project, int, int | None]]) -> dict[int, WhoIs]:
    """Return the other side of each row; a requester is not told who worked in a round (MECHANISMS 3.7)."""
    if role == Role.WORKER:
        owners = who_are({project.owner_id for project, _worker, _round in rows.values()})
        return {pk: owners[project.owner_id] for pk, (project, _worker, _round) in rows.items()}
    workers = who_are({worker for _project, worker, _round in rows.values()})
    found = {}
    for pk, (_project, worker_id, round_id) in rows.items():
        found[pk] = workers[worker_id]
        if round_id is not None:
            name = name_in_round(round_id=round_id, worker_id=worker_id)
            found[pk] = WhoIs(0, name, found[pk].simulated, is_closed=False)
    return found


def _pay_of(booked: Sequence[Booked]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for one in booked:
        found.setdefault(one.subject_id, {})[one.reason] = one.amount_minor
    return found


def _active_seconds(submissions: Sequence[Submission]) -> int | None:
    """Return the active time of all attempts together, where all of it is known."""
    seconds = [one.active_seconds for one in submissions if one.active_seconds is not None]
    return sum(seconds) if submissions and len(seconds) == len(submissions) else None


@dataclass(frozen=True, slots=True)
class _Decided:
    at: datetime | None = None
    by: str = ""
    returned_at: datetime | None = None
    return_reason: str = ""
    ground: str = ""
    evidence: str = ""
    reason: str = ""


def _decided(project: Project, decisions: Sequence[Decision]) -> _Decided:
    """Return what the last word on a task was, and what was asked of its worker before."""
    by_outcome = {decision.outcome: decision for decision in decisions}
    returned, rejected = by_outcome.get(Outcome.RETURNED), by_outcome.get(Outcome.REJECTED)
    last = max(decisions, key=lambda one: one.pk, default=None)
    return _Decided(
        at=last.decided_at if last else None,
        by=_by(last, project) if last else "",
        returned_at=returned.decided_at if returned else None,
        return_reason=returned.reason if returned else "",
        ground=rejected.ground if rejected else "",
        evidence=rejected.evidence if rejected else "",
        reason=rejected.reason if rejected else "",
    )


def _by(decision: Decision, project: Project) -> str:
    """Return as what somebody decided: nobody is named but by what they are in the matter."""
    if decision.decided_by_id is None:
        return "software" if decision.automatic else "peers"
    return "requester" if decision.decided_by_id == project.owner_id else "operator"


class _Charged:
    """The exact parts of the levies and the fee on pay, with each project's rates read once."""

    def __init__(self, role: Role, at: datetime) -> None:
        self._is_shown, self._at = role == Role.REQUESTER, at
        self._rates: dict[int, Mapping[str, Decimal]] = {}

    def on(self, project: Project, pay: Mapping[str, int]) -> Mapping[str, Decimal]:
        base = sum(minor for reason, minor in pay.items() if reason in BEARS_CHARGES)
        if not (self._is_shown and base):
            return {}
        if project.pk not in self._rates:
            self._rates[project.pk] = rates(project, at=self._at)
        return {name: base * rate for name, rate in self._rates[project.pk].items()}
