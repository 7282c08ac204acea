"""Somebody wants what they have read to stand there as unread: for later, or because it was a slip."""

from datetime import datetime

from django.db import transaction

from canut.people.models import Person
from canut.people.notices.access import own_notice
from canut.people.notices.models import Notice


@transaction.atomic
def have_unread(*, notice_id: int, by: Person) -> Notice:
    """Show one of `by`'s notices as unread. Repeating it is safe.

    Raises:
        NoticeNotFound: `by` has no such notice.
    """
    notice = own_notice(notice_id, by=by, lock=True)
    if notice.read_at is not None:
        notice.read_at = None
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def have_unread_again(*, by: Person, read_at: datetime) -> int:
    """Show those as unread that `by` marked as read at one moment, all of them; return how many those are."""
    rows = Notice.objects.filter(person_id=by.pk, read_at=read_at)
    locked = rows.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    return Notice.objects.filter(pk__in=list(locked)).update(read_at=None)
