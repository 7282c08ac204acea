"""Something is hidden for a while, stays hidden because a person says so, or is shown again."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from canut.discussion.hiding.models import Hidden
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.models import Post
from canut.discussion.usecases.forget_told import forget_told, leave_out_told
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def hide(*, kind: HiddenKind, subject_id: int, until: datetime, at: datetime) -> Hidden:
    """Hide a thing until a moment. What is hidden at `at` stays as it is; the row of that is returned.

    What people were told in the words of a post stays without them, also when it is shown again.

    The caller holds a lock on what it decides by, so that two do not hide the same thing at once.
    """
    running = _running(kind, subject_id)
    if running is not None:
        if running.until is None or running.until > at:
            return running
        _end(running, at=running.until)
    hidden = Hidden.objects.create(subject_kind=kind, subject_id=subject_id, since=at, until=until)
    if kind == HiddenKind.POST:
        for post in _posts(subject_id):
            leave_out_told(post)
    record(None, "hidden.began", hidden, at=at, kind=str(kind), of=subject_id)
    return hidden


@transaction.atomic
def keep_hidden(*, kind: HiddenKind, subject_id: int, by: Person, at: datetime) -> Hidden:
    """Hide a thing until further notice, because `by` says so; who may, the caller asks. Twice is safe.

    What people were told in the words of a post that stays hidden goes.
    """
    running = _running(kind, subject_id)
    if running is not None and running.until is not None and running.until <= at:
        _end(running, at=running.until)
        running = None
    if running is None:
        running = Hidden(subject_kind=kind, subject_id=subject_id, since=at)
    elif running.until is None:
        return running
    running.until, running.confirmed_by, running.confirmed_at = None, by, at
    running.save()
    if kind == HiddenKind.POST:
        for post in _posts(subject_id):
            forget_told(post)
    record(by, "hidden.confirmed", running, at=at, kind=str(kind), of=subject_id)
    return running


@transaction.atomic
def show_again(*, kind: HiddenKind, subject_id: int, by: Person | None, at: datetime) -> Hidden | None:
    """Show a thing again, and return what hid it; None if nothing did. `by` is None where time is over."""
    running = _running(kind, subject_id)
    if running is None:
        return None
    over = running.until is not None and running.until <= at
    _end(running, at=running.until if over and running.until else max(at, running.since))
    record(by, "hidden.ended", running, at=at, kind=str(kind), of=subject_id)
    return running


def _posts(post_id: int) -> "QuerySet[Post]":
    return Post.objects.filter(pk=post_id).select_related("thread")


def _running(kind: HiddenKind, subject_id: int) -> Hidden | None:
    rows = Hidden.objects.select_for_update(no_key=True)
    return rows.filter(subject_kind=kind, subject_id=subject_id, ended_at__isnull=True).first()


def _end(hidden: Hidden, *, at: datetime) -> None:
    hidden.ended_at = at
    hidden.save(update_fields=["ended_at"])
