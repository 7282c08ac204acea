"""A worker closes their session: its time is in their earnings at once."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.work.models import WorkSession
from canut.work.states import SessionEnd
from canut.work.usecases.end_session import end_session, locked


class WorkSessionNotFound(NotFound):
    code = "work_session_not_found"


@transaction.atomic
def close_session(*, session_id: int, by: Person, at: datetime) -> WorkSession:
    """Close a session of `by` and pay its time. What is in hand can still be handed in.

    Closing twice is safe: the second call returns the same session and pays nothing. One that has ended
    by itself meanwhile is paid up to that moment.

    Raises:
        WorkSessionNotFound: there is none of `by`.
    """
    if not WorkSession.objects.filter(pk=session_id, worker_id=by.pk).exists():
        raise WorkSessionNotFound(_("There is no such session of yours."))
    project, session = locked(session_id)
    if session.closed_at is not None:
        return session
    return end_session(project, session, ended_by=SessionEnd.WORKER, by=by, at=at)
