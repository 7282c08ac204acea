"""Breaks inside a session of work by the hour: the clock stops, or a break from sensitive work is paid."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.work.models import WorkBreak, WorkSession
from canut.work.queries.sessions import known
from canut.work.rules_hours import ending, ends_at, paid_break_left_seconds
from canut.work.usecases.close_session import WorkSessionNotFound

SIGN_EVERY_SECONDS = 20
"""Signs of life that come closer together than this are one."""


class SessionOver(Refusal):
    """The session has ended, and with it its clock."""

    code = "session_over"


class NoPaidBreakLeft(Refusal):
    """Paid breaks come with sensitive work, in proportion to the time worked."""

    code = "no_paid_break_left"


@transaction.atomic
def take_break(*, session_id: int, by: Person, at: datetime, paid: bool = False) -> WorkSession:
    """Begin a break. Nothing can be taken meanwhile; the time is not paid unless `paid` is true and granted.

    Beginning one twice is safe. A paid break lasts as long as the charter's share of the time worked;
    what goes on beyond it is unpaid.

    Raises:
        WorkSessionNotFound: there is none of `by`. SessionOver: it has ended.
        NoPaidBreakLeft: the work is not sensitive, or its breaks have been taken.
    """
    session = _own_open(session_id, by=by, at=at)
    if WorkBreak.objects.filter(session=session, ended_at__isnull=True).exists():
        return session
    if paid and not paid_break_left_seconds(known(session, at=at), at=at):
        raise NoPaidBreakLeft(
            _("No paid break is left now: a part of the time you work on sensitive content earns one.")
        )
    WorkBreak.objects.create(session=session, began_at=at, is_paid=paid)
    session.last_seen_at = at
    session.save(update_fields=["last_seen_at"])
    record(by, "session.break_began", session, at=at, paid=paid)
    return session


@transaction.atomic
def end_break(*, session_id: int, by: Person, at: datetime) -> WorkSession:
    """End the break and let the clock run again. Ending it twice is safe.

    Raises:
        WorkSessionNotFound: there is none of `by`. SessionOver: it has ended, maybe by a long break.
    """
    session = _own_open(session_id, by=by, at=at)
    ended = WorkBreak.objects.filter(session=session, ended_at__isnull=True).update(ended_at=at)
    if not ended:
        return session
    session.last_seen_at = at
    session.ends_at = ends_at(known(session, at=at), at=at)
    session.save(update_fields=["last_seen_at", "ends_at"])
    record(by, "session.break_ended", session, at=at)
    return session


@transaction.atomic
def note_seen(*, session_id: int, by: Person, at: datetime) -> WorkSession:
    """Note that the worker is there. It neither begins nor ends anything, and revives no session that ended.

    Raises:
        WorkSessionNotFound: there is none of `by`. SessionOver: it has ended.
    """
    session = _own_open(session_id, by=by, at=at)
    if (at - session.last_seen_at).total_seconds() >= SIGN_EVERY_SECONDS:
        session.last_seen_at = at
        session.save(update_fields=["last_seen_at"])
    return session


def _own_open(session_id: int, *, by: Person, at: datetime) -> WorkSession:
    """Return an open session of `by`, its row locked; a job comes for one that is over."""
    rows = WorkSession.objects.select_for_update(no_key=True, of=("self",)).select_related("project")
    session = rows.filter(pk=session_id, worker_id=by.pk).first()
    if session is None:
        raise WorkSessionNotFound(_("There is no such session of yours."))
    if session.closed_at is not None or ending(known(session, at=at), at=at) is not None:
        raise SessionOver(_("This session has ended. What it comes to is in your earnings."))
    return session
