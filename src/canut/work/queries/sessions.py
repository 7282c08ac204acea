"""Work by the hour, read: what the rules know of a session, and what its worker and its requester see."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery, Sum

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.work.access import latest_revision, own_project
from canut.work.models import Assignment, Project, Revision, Round, WorkBreak, WorkSession
from canut.work.rules_hours import (
    Pause,
    Session,
    Spent,
    hours_minor,
    paid_break_left_seconds,
    reserved_seconds,
    spent,
)
from canut.work.states import AssignmentState, PayBasis, SessionEnd

FLOOR = "pay.floor_hourly_minor"
SESSIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class AtWork:
    """A session as its worker has it in view on every page; amounts in minor units.

    `paid_seconds` is what they would be paid for if they closed it now, and `counted_seconds` the part of
    it that was worked or a paid break: it is less while the least has not been reached. `is_ticking` tells
    that the clock runs; `break_left_seconds` is how long a paid break could last from now, or still
    lasts; `break_is_due` that one should be offered.
    """

    id: int
    project_id: int
    title: str
    currency: str
    hourly_minor: int
    opened_at: datetime
    ends_at: datetime
    least_seconds: int
    reserved_seconds: int
    counted_seconds: int
    paid_seconds: int
    amount_minor: int
    is_sensitive: bool
    on_break: bool
    break_is_paid: bool
    break_began_at: datetime | None
    break_left_seconds: int
    break_is_due: bool
    in_hand_id: int | None

    @property
    def is_ticking(self) -> bool:
        return not self.on_break or (self.break_is_paid and self.break_left_seconds > 0)

    @property
    def stops_in_seconds(self) -> int:
        """For how long the clock can still run: to the end of the hours, or of the paid break."""
        left = self.reserved_seconds - self.counted_seconds
        return min(left, self.break_left_seconds) if self.on_break else left


@dataclass(frozen=True, slots=True)
class SessionOffer:
    """What a session of a project would be to one worker now; `seconds` is zero where none can be opened.

    `least_seconds` is zero for whoever has just had a session there that was paid for the least.
    """

    hourly_minor: int
    least_seconds: int
    least_minor: int
    most_seconds: int
    seconds: int


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One session in its worker's history or its requester's list.

    `worker` is None in the worker's own, and where the session was part of a prototype round.
    """

    id: int
    project_id: int
    title: str
    worker: WhoIs | None
    currency: str
    hourly_minor: int
    opened_at: datetime
    closed_at: datetime | None
    end: str
    paid_seconds: int | None
    paid_minor: int | None
    reserved_seconds: int
    handed_in: int
    on_break: bool

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class HoursOfProject:
    """A project's hours as its requester sees them, all in seconds: paid for, used, reserved, left.

    `waiting_seconds` are asked for and not paid for yet, because a prototype round comes first.
    """

    hourly_minor: int
    session_most_seconds: int
    asked_seconds: int
    paid_for_seconds: int
    used_seconds: int
    reserved_seconds: int
    left_seconds: int
    waiting_seconds: int
    spent_minor: int
    lines: Sequence[SessionLine]
    next_cursor: int | None

    @property
    def open_sessions(self) -> Sequence[SessionLine]:
        return [line for line in self.lines if line.is_open]


def known(session: WorkSession, *, at: datetime) -> Session:
    """Return what the rules look at of a session, as it is at `at`."""
    idle = in_force("pay.session_idle_seconds", at=at)
    work = Assignment.objects.filter(session=session)
    last = work.aggregate(taken=Max("taken_at"), handed_in=Max("submitted_at"), kept=Max("draft__saved_at"))
    signs = [session.last_seen_at, *(sign for sign in last.values() if sign is not None)]
    held = work.filter(state=AssignmentState.HELD).select_related("revision").first()
    expected, lease = (held.revision.expected_seconds, held.revision.lease_seconds) if held else (0, 0)
    return Session(
        hourly_minor=session.hourly_minor,
        least_seconds=session.least_seconds,
        reserved_seconds=session.reserved_seconds,
        opened_at=session.opened_at,
        ends_at=session.ends_at,
        last_sign_at=max(sign for sign in signs if sign <= max(at, session.last_seen_at)),
        pauses=[
            Pause(pause.began_at, pause.ended_at, pause.is_paid)
            for pause in WorkBreak.objects.filter(session=session).order_by("began_at")
        ],
        credit_seconds=max(idle, expected),
        patience_seconds=max(idle, lease),
        longest_break_seconds=in_force("pay.session_break_seconds", at=at),
        break_share=break_share(session.project, at=session.opened_at),
    )


def break_share(project: Project, *, at: datetime) -> Decimal:
    """Return which share of the time worked paid breaks may take in this project; zero without risks."""
    return in_force("pay.risk_break_share", at=at) if project.risks else Decimal(0)


def open_session_of(worker_id: int) -> WorkSession | None:
    """Return the session that a worker has open, of whatever project."""
    rows = WorkSession.objects.filter(worker_id=worker_id, closed_at__isnull=True)
    return rows.select_related("project").first()


def at_work(worker_id: int, *, at: datetime) -> AtWork | None:
    """Return the open session of a worker as the bar on every page shows it, or None."""
    session = open_session_of(worker_id)
    return None if session is None else seen_at_work(session, at=at)


def seen_at_work(session: WorkSession, *, at: datetime) -> AtWork:
    """Return an open session as its worker sees it."""
    facts = known(session, at=at)
    now: Spent = spent(facts, until=at)
    pause = facts.pause
    left = paid_break_left_seconds(facts, at=at)
    due_after = in_force("pay.risk_break_after_seconds", at=at)
    held = Assignment.objects.filter(session=session, state=AssignmentState.HELD).values_list("pk", flat=True)
    return AtWork(
        id=session.pk,
        project_id=session.project_id,
        title=session.project.title,
        currency=session.project.currency,
        hourly_minor=session.hourly_minor,
        opened_at=session.opened_at,
        ends_at=session.ends_at,
        least_seconds=session.least_seconds,
        reserved_seconds=session.reserved_seconds,
        counted_seconds=min(now.worked_seconds + now.break_seconds, session.reserved_seconds),
        paid_seconds=now.paid_seconds,
        amount_minor=now.amount_minor,
        is_sensitive=bool(facts.break_share),
        on_break=pause is not None,
        break_is_paid=pause is not None and pause.is_paid,
        break_began_at=pause.began_at if pause else None,
        break_left_seconds=left,
        break_is_due=pause is None and left >= int(due_after * facts.break_share) > 0,
        in_hand_id=held.first(),
    )


@dataclass(frozen=True, slots=True)
class Rest:
    """That a break is due from sensitive work by the piece: after how much work, and how long it is."""

    worked_seconds: int
    break_seconds: int


def rest_due(worker_id: int, *, at: datetime) -> Rest | None:
    """Return the break that a worker has earned by sensitive work by the piece, or None while none is due.

    Looks at the work of the last hours: what lies closer together than a break lasts is one stretch.
    """
    after = in_force("pay.risk_break_after_seconds", at=at)
    length = int(after * in_force("pay.risk_break_share", at=at))
    since = at - timedelta(seconds=8 * after)
    rows = Assignment.objects.filter(
        worker_id=worker_id, taken_at__gte=since, session__isnull=True, project__risks__len__gt=0
    )
    spans = [
        (taken_at, submitted_at or (at if state == AssignmentState.HELD else ended_at) or taken_at)
        for taken_at, submitted_at, ended_at, state in rows.order_by("-taken_at").values_list(
            "taken_at", "submitted_at", "ended_at", "state"
        )
    ]
    began = at
    for taken_at, until in spans:
        if (began - until).total_seconds() >= length:
            break
        began = min(began, taken_at)
    worked = int((at - began).total_seconds())
    return Rest(worked, length) if length and worked >= after else None


def session_offer(project: Project, revision: Revision, *, by: Person, at: datetime) -> SessionOffer:
    """Return what a session that `by` opens now would pay, and how long it could be.

    The rate is never under the floor of the worker, however long ago the project was published. Who closes
    a session before its least time is over and opens another is paid that time once: the second one is
    paid for what it lasts.
    """
    hourly = max(revision.hourly_minor, worker_floor_minor(by, at=at))
    least = in_force("pay.session_least_seconds", at=at)
    seconds = reserved_seconds(
        most_seconds=revision.session_most_seconds,
        hours_left_seconds=revision.hours_paid_seconds - revision.hours_reserved_seconds,
        money_left_minor=project_total_minor(project.pk, Kind.ESCROW) - reserved_minor(project.pk),
        hourly_minor=hourly,
    )
    just_before = WorkSession.objects.filter(
        project=project,
        worker=by,
        least_seconds__gt=0,
        opened_at__gt=at - timedelta(seconds=least),
        ended_by__in=[SessionEnd.WORKER, SessionEnd.IDLE],
    )
    granted = 0 if just_before.exists() else least
    return SessionOffer(
        hourly_minor=hourly,
        least_seconds=granted,
        least_minor=hours_minor(seconds=granted, hourly_minor=hourly),
        most_seconds=revision.session_most_seconds,
        seconds=seconds if seconds >= least else 0,
    )


def worker_floor_minor(worker: Person, *, at: datetime) -> int:
    """Return the floor of one worker, by their country and working status, in minor units an hour."""
    return in_force(FLOOR, at=at, scope=Scope(country=worker.country, status=worker.working_status))


def reserved_minor(project_id: int) -> int:
    """Return what the open sessions of a project may still be paid, in minor units."""
    rows = WorkSession.objects.filter(project_id=project_id, closed_at__isnull=True)
    return sum(
        hours_minor(seconds=seconds, hourly_minor=hourly)
        for seconds, hourly in rows.values_list("reserved_seconds", "hourly_minor")
    )


def sessions_to_look_at(*, at: datetime, most: int = 500) -> list[int]:
    """Return the open sessions that may have ended by themselves by `at`: overdue, quiet, or left alone."""
    quiet_since = at - timedelta(seconds=in_force("pay.session_idle_seconds", at=at))
    may_have_ended = (
        Q(ends_at__lte=at)
        | Q(last_seen_at__lte=quiet_since)
        | Q(breaks__ended_at__isnull=True, breaks__isnull=False)
        | ~Q(project__state="live")
    )
    rows = WorkSession.objects.filter(may_have_ended, closed_at__isnull=True)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct()[:most])


def own_session(session_id: int, *, by: Person) -> WorkSession | None:
    """Return a session of `by`, or None if there is none."""
    return WorkSession.objects.select_related("project").filter(pk=session_id, worker_id=by.pk).first()


def own_sessions(
    *, by: Person, before_id: int | None = None, most: int = SESSIONS_A_PAGE
) -> tuple[Sequence[int], int | None]:
    """Return the ids of a worker's own sessions, newest first, and where the list goes on."""
    rows = WorkSession.objects.filter(worker_id=by.pk)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.order_by("-pk").values_list("pk", flat=True)[: most + 1])
    return found[:most], found[most - 1] if len(found) > most else None


def sessions_of_worker(
    *, by: Person, before_id: int | None = None, most: int = SESSIONS_A_PAGE
) -> tuple[Sequence[SessionLine], int | None]:
    """Return a worker's own sessions, newest first, and the id before which the list goes on."""
    rows = WorkSession.objects.filter(worker_id=by.pk)
    return _page(rows, before_id=before_id, most=most, with_workers=False)


def hours_of_project(
    project_id: int, *, by: Person, before_id: int | None = None, most: int = SESSIONS_A_PAGE
) -> HoursOfProject | None:
    """Return the hours of a project of `by` and its sessions, open ones first; None if it pays by the piece.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    if project.pay_basis != PayBasis.HOUR:
        return None
    revision = published_revision(project) or latest_revision(project)
    sessions = WorkSession.objects.filter(project=project)
    closed = sessions.filter(revision=revision, closed_at__isnull=False).aggregate(s=Sum("paid_seconds"))
    used = int(closed["s"] or 0)
    lines, following = _page(sessions, before_id=before_id, most=most, with_workers=True)
    return HoursOfProject(
        hourly_minor=revision.hourly_minor,
        session_most_seconds=revision.session_most_seconds,
        asked_seconds=revision.hours_seconds,
        paid_for_seconds=revision.hours_paid_seconds,
        used_seconds=used,
        reserved_seconds=max(0, revision.hours_reserved_seconds - used),
        left_seconds=revision.hours_paid_seconds - revision.hours_reserved_seconds,
        waiting_seconds=revision.hours_seconds - revision.hours_paid_seconds,
        spent_minor=int(sessions.aggregate(s=Sum("paid_minor"))["s"] or 0),
        lines=sorted(lines, key=lambda line: not line.is_open),
        next_cursor=following,
    )


def published_revision(project: Project) -> Revision | None:
    """Return the newest published revision: the one that sessions are opened in."""
    rows = Revision.objects.filter(project=project, published_at__isnull=False)
    return rows.order_by("-number").first()


def sessions_by_id(ids: Collection[int]) -> Mapping[int, WorkSession]:
    """Return these sessions with their projects, for lines that are about them."""
    return {one.pk: one for one in WorkSession.objects.filter(pk__in=ids).select_related("project")}


def rounds_of_sessions(ids: Collection[int]) -> Mapping[int, int]:
    """Return the prototype round that each of these sessions was part of, by session; the others lack.

    That is one of which its worker took a task in it, or one that ran when it was opened: who comes to a
    round is as little told to its requester before they take a task as afterwards.
    """
    ran = Round.objects.filter(
        Q(decided_at__isnull=True) | Q(decided_at__gt=OuterRef("opened_at")),
        project=OuterRef("project"),
        opened_at__lte=OuterRef("opened_at"),
    )
    opened_in = WorkSession.objects.filter(pk__in=ids).annotate(
        ran=Subquery(ran.order_by("pk").values("pk")[:1])
    )
    tried = Assignment.objects.filter(session__in=ids, round__isnull=False)
    return {
        **dict(opened_in.filter(ran__isnull=False).values_list("pk", "ran")),
        **dict(tried.values_list("session_id", "round_id")),
    }


def _page(
    rows: QuerySet[WorkSession], *, before_id: int | None, most: int, with_workers: bool
) -> tuple[Sequence[SessionLine], int | None]:
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows.select_related("project").order_by("-pk")[: most + 1])
    page = found[:most]
    ids = [session.pk for session in page]
    hidden = set(rounds_of_sessions(ids))  # who takes part in a round is not shown to its requester
    workers = who_are({one.worker_id for one in page if one.pk not in hidden}) if with_workers else {}
    handed_in: dict[int, int] = {}
    for session_id in Assignment.objects.filter(session__in=ids, submitted_at__isnull=False).values_list(
        "session_id", flat=True
    ):
        handed_in[session_id] = handed_in.get(session_id, 0) + 1
    resting = set(
        WorkBreak.objects.filter(session__in=ids, ended_at__isnull=True).values_list("session_id", flat=True)
    )
    lines = [
        SessionLine(
            id=session.pk,
            project_id=session.project_id,
            title=session.project.title,
            worker=None if session.pk in hidden else workers.get(session.worker_id),
            currency=session.project.currency,
            hourly_minor=session.hourly_minor,
            opened_at=session.opened_at,
            closed_at=session.closed_at,
            end=str(SessionEnd(session.ended_by).label) if session.ended_by else "",
            paid_seconds=session.paid_seconds,
            paid_minor=session.paid_minor,
            reserved_seconds=session.reserved_seconds,
            handed_in=handed_in.get(session.pk, 0),
            on_break=session.pk in resting,
        )
        for session in page
    ]
    return lines, page[-1].pk if len(found) > most else None
