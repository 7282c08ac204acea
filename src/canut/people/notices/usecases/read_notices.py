"""Somebody has read what they were told."""

from datetime import datetime

from django.db import transaction

from canut.people.models import Person
from canut.people.notices.access import own_notice
from canut.people.notices.kinds import Group, kinds_of
from canut.people.notices.models import Notice


@transaction.atomic
def read_notice(*, notice_id: int, by: Person, at: datetime) -> Notice:
    """Note that `by` has read one of their notices. Repeating it is safe and keeps the first time.

    Raises:
        NoticeNotFound: `by` has no such notice.
    """
    notice = own_notice(notice_id, by=by, lock=True)
    if notice.read_at is None:
        notice.read_at = max(at, notice.made_at)
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def read_all(*, by: Person, at: datetime, up_to: int | None = None, group: Group | None = None) -> int:
    """Note that `by` has read all their notices, of a group if one is named; return how many were unread.

    `up_to` is the number of the last one that they saw: what came while they looked stays unread.
    """
    rows = Notice.objects.filter(person_id=by.pk, read_at__isnull=True, made_at__lte=at)
    if up_to is not None:
        rows = rows.filter(pk__lte=up_to)
    if group is not None:
        rows = rows.filter(kind__in=kinds_of(group))
    locked = rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(locked)).update(read_at=at)
