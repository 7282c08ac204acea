"""What is new to somebody in the threads that they follow."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from canut.discussion.models import Post, Reader, SubjectKind


@dataclass(frozen=True, slots=True)
class News:
    """What is new to somebody in a thread that they follow."""

    thread_id: int
    subject_kind: SubjectKind
    subject_id: int
    title: str
    count: int
    last_number: int


def news_for(person_id: int) -> Sequence[News]:
    """Return what is new to somebody where they follow: not read, not told of, and not their own."""
    rows = _with_news().filter(person_id=person_id).select_related("thread")
    found = (_news(row) for row in rows.order_by("-thread__last_post_at", "pk"))
    return [news for news in found if news is not None]


def people_with_news() -> Sequence[int]:
    """Return who follows a thread in which something is new to them."""
    return list(_with_news().order_by("person_id").values_list("person_id", flat=True).distinct())


def count_news(person_id: int) -> int:
    """Return in how many threads that somebody follows there are posts they have not read."""
    rows = Reader.objects.filter(person_id=person_id, follows=True, thread__posts__gt=F("read_to"))
    return rows.count()


def _with_news() -> "QuerySet[Reader]":
    unread = Reader.objects.filter(follows=True, thread__posts__gt=F("read_to"))
    return unread.filter(thread__posts__gt=F("told_to"))


def _news(row: Reader) -> News | None:
    after = max(row.told_to, row.read_to)
    fresh = Post.objects.filter(thread_id=row.thread_id, number__gt=after, withdrawn_at__isnull=True)
    count = fresh.exclude(author_id=row.person_id).count()
    if count == 0:
        return None
    return News(
        thread_id=row.thread_id,
        subject_kind=SubjectKind(row.thread.subject_kind),
        subject_id=row.thread.subject_id,
        title=row.thread.title,
        count=count,
        last_number=row.thread.posts,
    )
