"""The only way to a thread or a post on somebody's behalf, whatever it is about."""

from datetime import datetime

from canut.discussion.access import LARGEST_NUMBER, ThreadNotFound, no_thread
from canut.discussion.models import FORUMS, Post, SubjectKind, Thread
from canut.discussion.place import Place
from canut.discussion.queries import thread_of
from canut.forums.subjects import SUBJECTS
from canut.kernel.refusals import Refusal
from canut.people.models import Person

LARGEST_ID = 2**63 - 1


def place_about(kind: SubjectKind, subject_id: int, *, by: Person, at: datetime) -> Place:
    """Return where `by` stands before a subject: before its one thread, or before its forum as a whole.

    Raises:
        Refusal: there is no such subject, or `by` may not read what is said about it.
    """
    subject_id = min(subject_id, LARGEST_ID)
    stand = SUBJECTS[kind](subject_id, by=by, at=at)
    return Place(
        person=by,
        subject_kind=kind,
        subject_id=subject_id,
        thread_id=None if kind in FORUMS else thread_of(kind, subject_id),
        name=stand.name,
        why_not=stand.why_not,
        manner=stand.manner,
    )


def place_of_thread(thread_id: int, *, by: Person, at: datetime) -> Place:
    """Return where `by` stands before a thread.

    Raises:
        ThreadNotFound: there is none, or `by` may not read it; which of the two, nobody learns.
    """
    thread = Thread.objects.filter(pk=min(thread_id, LARGEST_ID)).first()
    if thread is None:
        raise no_thread()
    kind = SubjectKind(thread.subject_kind)
    try:
        stand = SUBJECTS[kind](thread.subject_id, by=by, at=at)
    except Refusal as refusal:
        raise no_thread() from refusal
    return Place(
        person=by,
        subject_kind=kind,
        subject_id=thread.subject_id,
        thread_id=thread.pk,
        name=stand.name,
        why_not=stand.why_not,
        manner=stand.manner,
        may_close=_may_close(thread, by),
    )


def place_before_post(thread_id: int, number: int, *, by: Person, at: datetime) -> Place:
    """Return where `by` stands before a post, to take it back: its author may, wherever they read no more.

    Raises:
        ThreadNotFound: there is none, or `by` may not read it and has not written this post.
    """
    try:
        return place_of_thread(thread_id, by=by, at=at)
    except ThreadNotFound as refusal:
        mine = Post.objects.filter(author_id=by.pk, thread_id=min(thread_id, LARGEST_ID))
        post = mine.filter(number=min(number, LARGEST_NUMBER)).select_related("thread").first()
        if post is None:
            raise
        return Place(
            person=by,
            subject_kind=SubjectKind(post.thread.subject_kind),
            subject_id=post.thread.subject_id,
            thread_id=post.thread_id,
            name="",
            why_not=refusal,
            may_read=False,
        )


def _may_close(thread: Thread, by: Person) -> bool:
    """Tell whether somebody may end a thread, or open it again.

    In a forum who began it; in a conversation either, and only who ended it opens it again. Nobody ends the
    thread of a project.
    """
    if thread.subject_kind == SubjectKind.CONVERSATION:
        return thread.closed_by_id in (None, by.pk)
    return thread.subject_kind in FORUMS and thread.started_by_id == by.pk


def post_to_read(post_id: int, *, by: Person, at: datetime) -> Post:
    """Return a post that `by` may read, for whoever wants to flag it.

    Raises:
        ThreadNotFound: there is none, or `by` may not read it.
    """
    post = Post.objects.select_related("thread").filter(pk=min(post_id, LARGEST_ID)).first()
    if post is None:
        raise no_thread()
    place_of_thread(post.thread_id, by=by, at=at)
    return post


def name_to_reader(kind: SubjectKind, subject_id: int, *, person: Person, at: datetime) -> str | None:
    """Return what a subject is called, for somebody who may read what is said about it now; else None."""
    try:
        return SUBJECTS[kind](subject_id, by=person, at=at).name
    except Refusal:
        return None
