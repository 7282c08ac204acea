"""What is new to somebody in the threads that they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from canut.discussion.hiding.queries import hidden_in_query
from canut.discussion.hiding.states import HiddenKind
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


def to_be_read(*, reader_id: int, at: datetime) -> "QuerySet[Post]":
    """Return the posts that somebody may still have to read: not their own, with words, and not hidden."""
    rows = Post.objects.filter(withdrawn_at__isnull=True).exclude(author_id=reader_id)
    return rows.exclude(hidden_in_query(HiddenKind.POST, "pk", at))


def news_for(person_id: int, *, at: datetime) -> Sequence[News]:
    """Return what is new to somebody where they follow: not read, not told of, and not their own."""
    rows = _with_news().filter(person_id=person_id).select_related("thread")
    found = (_news(row, at=at) for row in rows.order_by("-thread__last_post_at", "pk"))
    return [news for news in found if news is not None]


def people_with_news() -> Sequence[int]:
    """Return who follows a thread in which something is new to them."""
    return list(_with_news().order_by("person_id").values_list("person_id", flat=True).distinct())


def count_news(person_id: int, *, at: datetime) -> int:
    """Return in how many threads that somebody follows there are posts they have not read."""
    unread = to_be_read(reader_id=person_id, at=at).filter(
        thread_id=OuterRef("thread_id"), number__gt=OuterRef("read_to")
    )
    rows = Reader.objects.filter(person_id=person_id, follows=True, thread__posts__gt=F("read_to"))
    return rows.filter(Exists(unread)).count()


def _with_news() -> "QuerySet[Reader]":
    unread = Reader.objects.filter(follows=True, thread__posts__gt=F("read_to"))
    return unread.filter(thread__posts__gt=F("told_to"))


def _news(row: Reader, *, at: datetime) -> News | None:
    after = max(row.told_to, row.read_to)
    unread = to_be_read(reader_id=row.person_id, at=at)
    count = unread.filter(thread_id=row.thread_id, number__gt=after).count()
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
