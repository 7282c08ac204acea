"""Places in tests of threads alone: a subject that no other room knows."""

from typing import Any

from tests.builders import NOON

from canut.discussion.models import Post, SubjectKind, Thread
from canut.discussion.place import Place
from canut.people.models import Person


def a_place(person: Person, thread: Thread | Post | None = None, **details: Any) -> Place:
    """Return where somebody stands who may do everything, in a thread or before subject 7."""
    thread = thread.thread if isinstance(thread, Post) else thread
    given: dict[str, Any] = {
        "person": person,
        "subject_kind": SubjectKind(thread.subject_kind) if thread else SubjectKind.GUILD,
        "subject_id": thread.subject_id if thread else 7,
        "thread_id": thread.pk if thread else None,
        "name": "Scribes",
    }
    return Place(**(given | details))


def many_posts(thread: Thread, author: Person, count: int) -> None:
    """Let a thread have many posts without waiting for an hour each sixty."""
    first = Thread.objects.get(pk=thread.pk).posts
    Thread.objects.filter(pk=thread.pk).update(posts=first + count)
    Post.objects.bulk_create(
        Post(thread=thread, number=first + n, author_id=author.pk, text=f"Line {n}", posted_at=NOON)
        for n in range(1, count + 1)
    )
