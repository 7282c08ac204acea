"""Somebody signs a browser out from afar."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class SessionNotFound(NotFound):
    code = "session_not_found"


@transaction.atomic
def end_session(*, session_id: int, by: Person, at: datetime) -> None:
    """Sign one of `by`'s browsers out.

    Raises:
        SessionNotFound: there is none, it is over already, or it is somebody else's.
    """
    session = UserSession.objects.select_for_update().filter(pk=session_id, user_id=by.pk).first()
    if session is None:
        raise SessionNotFound(_("This session is over already."))
    record(by, "session.ended", session, at=at)
    session.end()
