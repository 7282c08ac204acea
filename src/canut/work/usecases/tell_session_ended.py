"""Telling a worker that their session ended without their closing it, and what it came to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.money import format_money
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment
from canut.work.models import WorkSession
from canut.work.states import SessionEnd


@transaction.atomic
def tell_worker_session_ended(*, session_id: int, at: datetime) -> bool:
    """Tell the worker why and when their session ended; return whether they were told. A job."""
    session = WorkSession.objects.select_related("project").get(pk=session_id)
    worker = Person.objects.select_related("party").get(pk=session.worker_id)
    if session.closed_at is None:
        return False
    with as_read_by(worker):
        why = {
            SessionEnd.HOURS: _("The time that the requester had set aside for it is used up."),
            SessionEnd.IDLE: _("Nothing was heard of you for a while, so it is counted up to the last sign."),
            SessionEnd.PROJECT: _("The requester paused or closed the project."),
        }.get(SessionEnd(session.ended_by), "")
        told = tell(
            worker,
            NoticeKind.SESSION,
            _("Your session in “%(title)s” has ended") % {"title": session.project.title},
            _("Your session ended at %(time)s.") % {"time": moment(session.closed_at)},
            why,
            _("It comes to %(amount)s, which is in your earnings already.")
            % {"amount": format_money(session.paid_minor or 0, session.project.currency)},
            path="/earnings/sessions/",
            at=at,
            key=f"session-ended:{session_id}",
        )
    return told is not None
