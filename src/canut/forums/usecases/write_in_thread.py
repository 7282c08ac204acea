"""Somebody writes where they stand, and those whom it concerns are told."""

from datetime import datetime

from django.db import transaction

from canut.discussion.models import Mention, Post, SubjectKind
from canut.discussion.place import Place
from canut.discussion.usecases.edit_post import edit_post
from canut.discussion.usecases.follow_thread import follow_thread
from canut.discussion.usecases.write_post import start_thread, write_post
from canut.forums.access import place_of_thread
from canut.forums.subjects.project import task_to_cite
from canut.kernel.later import later
from canut.people.models import Person
from canut.work.queries.taking_part import owner_of


@transaction.atomic
def write_in_thread(
    *, place: Place, text: str, at: datetime, quotes: int | None = None, task: int | None = None
) -> Post:
    """Write in a thread; in a project's, one may cite a task by its number. Its owner follows it from now on.

    Raises:
        TaskNotCited: the project has no such task, or the thread is not a project's.
        Else what `discussion.usecases.write_post` raises.
    """
    cites_id = None if task is None else task_to_cite(place, task)
    post = write_post(place=place, text=text, quotes=quotes, cites_id=cites_id, at=at)
    if place.thread_id is None and place.subject_kind == SubjectKind.PROJECT:
        _let_owner_follow(post, place, at=at)
    _tell_the_called(post)
    return post


@transaction.atomic
def start_in_forum(*, place: Place, title: str, text: str, at: datetime) -> Post:
    """Begin a thread in a forum. Raises what `discussion.usecases.start_thread` raises."""
    post = start_thread(place=place, title=title, text=text, at=at)
    _tell_the_called(post)
    return post


@transaction.atomic
def put_otherwise(*, place: Place, number: int, text: str, at: datetime) -> Post:
    """Put one's own post in other words. Raises what `discussion.usecases.edit_post` raises."""
    post = edit_post(place=place, number=number, text=text, at=at)
    _tell_the_called(post)
    return post


def _let_owner_follow(post: Post, place: Place, *, at: datetime) -> None:
    owner = Person.objects.filter(pk=owner_of(place.subject_id)).first()
    if owner is not None and owner.pk != place.person.pk:
        there = place_of_thread(post.thread_id, by=owner, at=at)
        follow_thread(place=there, follows=True, from_the_start=True)


def _tell_the_called(post: Post) -> None:
    for mention_id in Mention.objects.filter(post=post, looked_at__isnull=True).values_list("pk", flat=True):
        later("forums.tell_of_mention", mention_id=mention_id)
