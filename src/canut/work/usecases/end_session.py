"""A session of work by the hour ends, whoever or whatever ends it: its time is paid at once."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.kernel.later import later
from canut.ledger.models import Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.people.models import Person
from canut.work.models import Assignment, Project, Revision, WorkBreak, WorkSession
from canut.work.queries.sessions import known, sessions_to_look_at
from canut.work.rules_hours import Spent, ending, spent
from canut.work.states import AssignmentState, ProjectState, SessionEnd
from canut.work.usecases.fund_project import account_of
from canut.work.usecases.pay_reward import dues_on
from canut.work.usecases.refund_unused import refund_unused


def locked(session_id: int) -> tuple[Project, WorkSession]:
    """Return a session and its project, both rows locked, the project's first."""
    project_id = WorkSession.objects.values_list("project_id", flat=True).get(pk=session_id)
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    session = WorkSession.objects.select_for_update(no_key=True).get(pk=session_id)
    session.project = project
    return project, session


def end_session(
    project: Project, session: WorkSession, *, ended_by: SessionEnd, by: Person | None, at: datetime
) -> WorkSession:
    """End an open session, pay what it comes to out of escrow, and give back the hours it did not use.

    The caller holds the locks of `locked`. A session that has ended by itself before `at` is paid up to then,
    whoever comes to close it. Work in hand that the requester cut short is paid its expected time on top.
    """
    facts = known(session, at=at)
    ended = ending(facts, at=at)
    until, cut_short = at, 0
    if ended is not None:
        ended_by, until = SessionEnd(ended.ended_by), ended.at
    elif ended_by == SessionEnd.PROJECT:
        held = Assignment.objects.filter(session=session, state=AssignmentState.HELD)
        cut_short = held.values_list("revision__expected_seconds", flat=True).first() or 0
    paid = spent(facts, until=until, extra_seconds=cut_short)
    WorkBreak.objects.filter(session=session, ended_at__isnull=True).update(ended_at=until)
    session.closed_at, session.ended_by = max(until, session.opened_at), ended_by
    session.paid_seconds, session.paid_minor = paid.paid_seconds, paid.amount_minor
    session.save(update_fields=["closed_at", "ended_by", "paid_seconds", "paid_minor"])
    revision = Revision.objects.select_for_update(no_key=True).get(pk=session.revision_id)
    revision.hours_reserved_seconds -= session.reserved_seconds - paid.paid_seconds
    revision.save(update_fields=["hours_reserved_seconds"])
    _pay(project, session, paid, at=at)
    record(
        by,
        "session.closed",
        session,
        at=at,
        project_id=project.pk,
        owner_id=project.owner_id,
        currency=project.currency,
        ended_by=str(ended_by),
        paid_seconds=paid.paid_seconds,
        paid_minor=paid.amount_minor,
    )
    if by is None or by.pk != session.worker_id:
        later("work.tell_worker_session_ended", session_id=session.pk)
    refund_unused(project, at=at)
    return session


def end_sessions_of(project: Project, *, by: Person | None, at: datetime) -> int:
    """End every open session of a project that stops, and return how many. Its row must be locked."""
    rows = WorkSession.objects.select_for_update(no_key=True).filter(project=project, closed_at__isnull=True)
    sessions = list(rows.order_by("pk"))
    for session in sessions:
        session.project = project
        end_session(project, session, ended_by=SessionEnd.PROJECT, by=by, at=at)
    return len(sessions)


def close_overdue_sessions(*, at: datetime) -> int:
    """End the sessions that have ended by themselves, and those of projects that stopped; return how many.

    Each in a transaction of its own, so that one that fails holds up nobody else's pay. Running it on
    two nodes at once is safe.
    """
    return sum(_close_if_over(session_id, at=at) for session_id in sessions_to_look_at(at=at))


@transaction.atomic
def _close_if_over(session_id: int, *, at: datetime) -> bool:
    project, session = locked(session_id)
    stopped = project.state != ProjectState.LIVE
    if session.closed_at is not None or not (stopped or ending(known(session, at=at), at=at)):
        return False
    end_session(project, session, ended_by=SessionEnd.PROJECT, by=None, at=at)
    return True


def _pay(project: Project, session: WorkSession, paid: Spent, *, at: datetime) -> None:
    """Book the session's pay: time and paid breaks by their own reasons, levies and fee on top."""
    escrow, subject = account_of(project, Kind.ESCROW), ("session", session.pk)
    earnings = open_account(Kind.EARNINGS, currency=project.currency, party_id=session.worker_id)
    lines = (
        (Reason.SESSION, paid.amount_minor - paid.break_minor),
        (Reason.BREAK, paid.break_minor),
    )
    movements = [
        Movement(escrow, earnings, amount, reason, f"{reason}:{session.pk}", subject)
        for reason, amount in lines
        if amount
    ]
    dues = dues_on(project, account_of(project, Kind.DUES), paid.amount_minor, at=at)
    post_entries(movements + dues, at=at)
