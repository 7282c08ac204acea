"""Work by the hour, sensitive work, and refusing a project together."""

from django.utils.translation import gettext as _

from canut.api.doors.work import ADMISSION
from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page, Party, amount, minor_of
from canut.api.shapes.hours import (
    Break,
    Hours,
    HoursAdded,
    ProjectRefusal,
    ProjectRefused,
    Risks,
    RisksAccepted,
    SessionLine,
    Withdrawal,
    WithdrawalAppeal,
    WorkSession,
)
from canut.api.shapes.projects import Project
from canut.api.shapes.said import project_said
from canut.justice.usecases.appeal_withdrawal import appeal_withdrawal
from canut.kernel.money import AmountRefused
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.access import Restricted
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing, WorkerRoleMissing
from canut.work.queries.feed import accepted_risks
from canut.work.queries.own_projects import one_of_own
from canut.work.queries.refusals import withdrawal_of
from canut.work.queries.sessions import (
    HoursOfProject,
    hours_of_project,
    own_session,
    own_sessions,
    seen_at_work,
)
from canut.work.refusals import (
    AppealDecided,
    AppealTooLate,
    NothingToAppeal,
    NotOpenToYouYet,
    OwnProject,
    ProjectClosed,
    ProjectNotFound,
    RiskNotAccepted,
    StandingNotMet,
    WorkerBlocked,
    WorkerNotOnList,
)
from canut.work.usecases.accept_risks import choose_risks
from canut.work.usecases.add_hours import HoursChanged, add_hours
from canut.work.usecases.add_tasks import NotPublishedYet
from canut.work.usecases.close_session import WorkSessionNotFound, close_session
from canut.work.usecases.open_session import HoursUsedUp, NotByTheHour, SessionOpenElsewhere, open_session
from canut.work.usecases.publish_project import TotalChanged
from canut.work.usecases.refuse_project import DutyNotRefused, MembersRefuse, NotOpened, refuse_project
from canut.work.usecases.reinstate_project import WithdrawalStands, reinstate_project
from canut.work.usecases.take_break import NoPaidBreakLeft, SessionOver, end_break, note_seen, take_break

doors = Doors("hours")

RUNNING = (WorkSessionNotFound, SessionOver)
ADMITTED = (
    OwnProject,
    WorkerBlocked,
    WorkerNotOnList,
    StandingNotMet,
    RiskNotAccepted,
    NotOpenToYouYet,
)


@doors.post(
    "/projects/{project_id}/session",
    scope=Scope.WORK,
    answers=WorkSession,
    status=201,
    refuses=(*ADMISSION, ProjectNotFound, NotByTheHour, SessionOpenElsewhere, HoursUsedUp),
)
def open_a_session(request: Asked, project_id: Id) -> WorkSession:
    """Open a paid session in a project that pays by the hour: from now on the caller's time is paid.

    Whoever has it open already gets that same one. Tasks are then taken as in any other project.
    """
    session = open_session(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return _said(request, session.pk)


@doors.get("/sessions", scope=Scope.WORK, answers=Page[WorkSession])
def list_sessions(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[WorkSession]:
    """The caller's own sessions, newest first; one that is open is the first."""
    ids, following = own_sessions(by=request.auth.by, before_id=after(cursor, "sessions"), most=limit)
    return Page[WorkSession](
        items=[_said(request, session_id) for session_id in ids],
        next_cursor=cursor_to("sessions", following) if following else None,
    )


@doors.get("/sessions/{session_id}", scope=Scope.WORK, answers=WorkSession, refuses=(WorkSessionNotFound,))
def get_session(request: Asked, session_id: Id) -> WorkSession:
    """One of the caller's own sessions, with what it comes to."""
    return _said(request, session_id)


@doors.post(
    "/sessions/{session_id}/close", scope=Scope.WORK, answers=WorkSession, refuses=(WorkSessionNotFound,)
)
def close_a_session(request: Asked, session_id: Id) -> WorkSession:
    """Close a session: its time is in the caller's earnings at once. Twice is safe."""
    close_session(session_id=session_id, by=request.auth.by, at=request.auth.at)
    return _said(request, session_id)


@doors.post(
    "/sessions/{session_id}/break",
    scope=Scope.WORK,
    answers=WorkSession,
    refuses=(*RUNNING, NoPaidBreakLeft),
)
def begin_a_break(request: Asked, session_id: Id, body: Break | None = None) -> WorkSession:
    """Begin a break: the clock stands still, unless it is a paid one. Nothing can be taken meanwhile."""
    is_paid = body is not None and body.paid
    take_break(session_id=session_id, by=request.auth.by, at=request.auth.at, paid=is_paid)
    return _said(request, session_id)


@doors.post("/sessions/{session_id}/back", scope=Scope.WORK, answers=WorkSession, refuses=RUNNING)
def end_a_break(request: Asked, session_id: Id) -> WorkSession:
    """End the break; the clock runs again."""
    end_break(session_id=session_id, by=request.auth.by, at=request.auth.at)
    return _said(request, session_id)


@doors.post("/sessions/{session_id}/seen", scope=Scope.WORK, answers=WorkSession, refuses=RUNNING)
def give_a_sign(request: Asked, session_id: Id) -> WorkSession:
    """Say that the caller is at work. Without a sign for the charter's idle time, a session ends.

    Taking a task, keeping a draft and handing in are signs too.
    """
    note_seen(session_id=session_id, by=request.auth.by, at=request.auth.at)
    return _said(request, session_id)


@doors.get("/accepted-risks", scope=Scope.WORK, answers=RisksAccepted)
def read_accepted_risks(request: Asked) -> RisksAccepted:
    """The kinds of sensitive work that the caller has said they will see; none by default."""
    return RisksAccepted.model_validate({"risks": accepted_risks(request.auth.by.pk)})


@doors.put("/accepted-risks", scope=Scope.WORK, answers=RisksAccepted, refuses=(WorkerRoleMissing,))
def choose_accepted_risks(request: Asked, body: Risks) -> RisksAccepted:
    """Accept exactly these kinds of sensitive work from now on."""
    choose_risks(by=request.auth.by, risks=body.risks, at=request.auth.at)
    return read_accepted_risks(request)


@doors.post(
    "/projects/{project_id}/refuse",
    scope=Scope.WORK,
    answers=ProjectRefusal,
    status=201,
    refuses=(
        WorkerRoleMissing,
        ProjectNotFound,
        ProjectClosed,
        NotOpened,
        MembersRefuse,
        DutyNotRefused,
        *ADMITTED,
    ),
)
def refuse_a_project(request: Asked, project_id: Id, body: ProjectRefused) -> ProjectRefusal:
    """Refuse a project that the caller has looked at, once and for good.

    If enough workers do, it is withdrawn: it closes, and what is not used of its money goes back.
    """
    done = refuse_project(
        project_id=project_id,
        by=request.auth.by,
        ground=body.ground,
        words=body.words,
        at=request.auth.at,
    )
    refusal = done.refusal
    return ProjectRefusal.model_validate(
        {
            "project_id": project_id,
            "ground": refusal.ground,
            "words": refusal.words,
            "refused_at": refusal.refused_at,
            "is_withdrawn": done.is_withdrawn,
        }
    )


@doors.get(
    "/projects/{project_id}/hours",
    scope=Scope.PROJECTS,
    answers=Hours,
    refuses=(ProjectNotFound, NotByTheHour),
)
def read_hours(request: Asked, project_id: Id) -> Hours:
    """A project's hours: paid for, used, reserved for open sessions, left; and its latest sessions."""
    return _hours(request, project_id)


@doors.post(
    "/projects/{project_id}/hours",
    scope=Scope.PROJECTS,
    answers=Hours,
    refuses=(
        Restricted,
        RequesterRoleMissing,
        ProjectNotFound,
        NotByTheHour,
        NotPublishedYet,
        ProjectClosed,
        HoursChanged,
        TotalChanged,
        InsufficientFunds,
        AmountRefused,
    ),
)
def add_some_hours(request: Asked, project_id: Id, body: HoursAdded) -> Hours:
    """Add hours to a published project; their money is set aside first."""
    currency = one_of_own(project_id, by=request.auth.by).project.currency
    add_hours(
        project_id=project_id,
        by=request.auth.by,
        seconds=body.seconds,
        agreed_minor=None if body.agreed_total is None else minor_of(body.agreed_total, currency),
        hours_before_seconds=body.hours_before_seconds,
        at=request.auth.at,
    )
    return _hours(request, project_id)


@doors.get(
    "/projects/{project_id}/withdrawal",
    scope=Scope.PROJECTS,
    answers=Withdrawal,
    refuses=(ProjectNotFound, NothingToAppeal),
)
def read_withdrawal(request: Asked, project_id: Id) -> Withdrawal:
    """Why workers withdrew a project of the caller, without their names."""
    return _withdrawal(request, project_id)


@doors.post(
    "/projects/{project_id}/withdrawal/appeal",
    scope=Scope.PROJECTS,
    answers=Withdrawal,
    status=201,
    refuses=(ProjectNotFound, NothingToAppeal, AppealTooLate, AppealDecided),
)
def appeal_a_withdrawal(request: Asked, project_id: Id, body: WithdrawalAppeal) -> Withdrawal:
    """Appeal the withdrawal of a project, once; members who had no part in it decide."""
    appeal_withdrawal(project_id=project_id, by=request.auth.by, words=body.words, at=request.auth.at)
    return _withdrawal(request, project_id)


@doors.post(
    "/projects/{project_id}/reinstate",
    scope=Scope.PROJECTS,
    answers=Project,
    refuses=(RequesterRoleMissing, ProjectNotFound, WithdrawalStands),
)
def reinstate_a_project(request: Asked, project_id: Id) -> Project:
    """Take up a project again whose withdrawal was overturned: it comes back paused, as a revision."""
    reinstate_project(project_id=project_id, by=request.auth.by, at=request.auth.at)
    return project_said(one_of_own(project_id, by=request.auth.by))


def _said(request: Asked, session_id: int) -> WorkSession:
    session = own_session(session_id, by=request.auth.by)
    if session is None:
        raise WorkSessionNotFound(_("There is no such session of yours."))
    now = None if session.closed_at else seen_at_work(session, at=request.auth.at)
    state = "closed" if now is None else "open"
    if now is not None and now.on_break:
        state = "on_paid_break" if now.break_is_paid else "on_break"
    currency = session.project.currency
    return WorkSession.model_validate(
        {
            "id": session.pk,
            "project_id": session.project_id,
            "state": state,
            "hourly": amount(session.hourly_minor, currency),
            "opened_at": session.opened_at,
            "ends_at": session.ends_at,
            "closed_at": session.closed_at,
            "ended_by": session.ended_by,
            "paid_seconds": now.paid_seconds if now else session.paid_seconds,
            "pay": amount(now.amount_minor if now else session.paid_minor or 0, currency),
            "least_seconds": session.least_seconds,
            "reserved_seconds": session.reserved_seconds,
            "paid_break_left_seconds": now.break_left_seconds if now else 0,
            "break_is_due": now.break_is_due if now else False,
            "in_hand_id": now.in_hand_id if now else None,
        }
    )


def _hours(request: Asked, project_id: int) -> Hours:
    found: HoursOfProject | None = hours_of_project(project_id, by=request.auth.by)
    if found is None:
        raise NotByTheHour(_("This project pays for each task."))
    currency = one_of_own(project_id, by=request.auth.by).project.currency
    plain = {name: getattr(found, name) for name in Hours.model_fields if name.endswith("_seconds")}
    return Hours(
        **plain,
        hourly=amount(found.hourly_minor, currency),
        spent=amount(found.spent_minor, currency),
        sessions=[
            SessionLine(
                id=line.id,
                worker=None if line.worker is None else Party.model_validate(line.worker),
                hourly=amount(line.hourly_minor, currency),
                opened_at=line.opened_at,
                closed_at=line.closed_at,
                end=line.end,
                paid_seconds=line.paid_seconds,
                pay=None if line.paid_minor is None else amount(line.paid_minor, currency),
                reserved_seconds=line.reserved_seconds,
                handed_in=line.handed_in,
                on_break=line.on_break,
            )
            for line in found.lines
        ],
    )


def _withdrawal(request: Asked, project_id: int) -> Withdrawal:
    seen = withdrawal_of(project_id, by=request.auth.by, at=request.auth.at)
    if seen is None:
        raise NothingToAppeal(_("This project was not withdrawn."))
    return Withdrawal.model_validate(seen)
