"""A thing is hidden, or shown, as what was flagged of it now says."""

from datetime import datetime

from django.db import connection

from canut.discussion.hiding.queries import hiding_of
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.hiding.usecases.hide import hide, keep_hidden, show_again
from canut.justice.flags.models import Matter
from canut.justice.flags.states import MatterState
from canut.justice.flags.subjects import thing
from canut.people.models import Person
from canut.people.usecases.hide_screen_name import give_screen_name_back, hide_screen_name


def settle_hiding(kind: HiddenKind, subject_id: int, *, by: Person | None, at: datetime) -> bool:
    """Hide a thing or show it again by all matters there are about it; return whether it is hidden.

    What one person has confirmed stays hidden, whatever else was flagged of it. A name is judged by its
    own matter alone: who has taken another one bears nothing of the old.
    """
    _take_turns(kind, subject_id)
    rows = Matter.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("pk")
    if kind == HiddenKind.SCREEN_NAME:
        found = thing(kind, subject_id)
        rows = rows.filter(said="" if found is None else found.said)
    matters = list(rows)
    confirmed = next((one for one in matters if one.state == MatterState.CONFIRMED), None)
    until = max(
        (one.hidden_until for one in matters if one.state == MatterState.HIDDEN and one.hidden_until),
        default=at,
    )
    if confirmed is not None and confirmed.decided_by is not None:
        keep_hidden(kind=kind, subject_id=subject_id, by=confirmed.decided_by, at=at)
    else:
        running = hiding_of(kind, subject_id, at)
        if running is None or running.is_confirmed or until <= at:
            show_again(kind=kind, subject_id=subject_id, by=by, at=at)
        if until > at:
            hide(kind=kind, subject_id=subject_id, until=until, at=at)
    is_hidden = confirmed is not None or until > at
    if kind == HiddenKind.SCREEN_NAME:
        change_name = hide_screen_name if is_hidden else give_screen_name_back
        change_name(party_id=subject_id, at=at)
    return is_hidden


def _take_turns(kind: HiddenKind, subject_id: int) -> None:
    """Be the only one to settle this thing until the transaction ends: it may have several matters."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"canut.flags {kind} {subject_id}"]
        )
