"""Somebody signs every other browser out."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def end_other_sessions(*, by: Person, current_key: str, at: datetime) -> int:
    """Sign every browser of `by` out but the one whose session key is given; return how many."""
    sessions = UserSession.objects.select_for_update().filter(user_id=by.pk).exclude(session_key=current_key)
    others = list(sessions.order_by("pk"))
    for session in others:
        record(by, "session.ended", session, at=at)
        session.end()
    return len(others)
