"""A worker and a requester write to each other alone."""

from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from canut.discussion.models import Post, SubjectKind
from canut.discussion.place import Place
from canut.discussion.usecases.edit_post import withdraw_post
from canut.discussion.usecases.follow_thread import follow_thread
from canut.discussion.usecases.write_post import write_post
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.files import Looked, look_at
from canut.forums.conversations.models import Attachment, Conversation
from canut.forums.subjects.conversation import other_of
from canut.forums.subjects.project import task_to_cite
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import NotFound
from canut.people.models import Person
from canut.work.access import visible_project
from canut.work.models import Task
from canut.work.queries.taking_part import has_taken_part


class NobodyToWriteTo(NotFound):
    code = "nobody_to_write_to"


def begin_conversation(
    *,
    project_id: int,
    by: Person,
    text: str,
    at: datetime,
    worker_id: int | None = None,
    task: int | None = None,
    files: "Sequence[File[bytes]]" = (),
) -> Post:
    """Write to the requester of a project, or as such to a worker of it, about it or one task, by its number.

    Who has talked about the same before goes on where they stopped.

    Raises:
        ProjectNotFound, ThreadNotFound, WorkerRoleMissing: `by` may not read what is said about the project.
        NobodyToWriteTo: the requester names nobody who took part in it, or its owner is no person.
        TaskNotCited: it has no such task. Else what `write_message` raises, and why `by` may not write.
    """
    place = place_about(SubjectKind.PROJECT, project_id, by=by, at=at)
    looked = look_at(files)
    with transaction.atomic():
        conversation = _conversation(place, worker_id=worker_id, task=task, at=at)
        there = place_about(SubjectKind.CONVERSATION, conversation.pk, by=by, at=at)
        post = _written(there, text, None, looked, at=at)
        if there.thread_id is None:
            _let_other_follow(post, conversation, by, at=at)
    return post


def write_message(
    *,
    place: Place,
    text: str,
    at: datetime,
    quotes: int | None = None,
    files: "Sequence[File[bytes]]" = (),
) -> Post:
    """Write in a conversation that there is, with files if so. The same words at once are one message.

    Raises:
        BadInput: the text, or a file, is not what is taken here. Else what `write_post` raises.
    """
    looked = look_at(files)
    with transaction.atomic():
        return _written(place, text, quotes, looked, at=at)


@transaction.atomic
def take_message_back(*, place: Place, number: int, at: datetime) -> Post:
    """Take one's own post back, and with it the files that came with it. Raises what `withdraw_post` does."""
    post = withdraw_post(place=place, number=number, at=at)
    for file in post.attachments.all():
        later("work.forget_file", stored_as=file.stored_as)
    post.attachments.all().delete()
    if place.subject_kind == SubjectKind.CONVERSATION:
        mine = Post.objects.filter(thread_id=post.thread_id, author_id=post.author_id, number__gt=number)
        following = mine.filter(withdrawn_at__isnull=True).order_by("number").first()
        if following is not None:  # told with the one that is gone, if that was not read
            later("forums.tell_of_message", post_id=following.pk)
    return post


def _conversation(place: Place, *, worker_id: int | None, task: int | None, at: datetime) -> Conversation:
    by, project = place.person, visible_project(place.subject_id, by=place.person)
    worker = by
    if by.pk == project.owner_id:
        if worker_id is None or not has_taken_part(worker_id, project_id=project.pk):
            raise NobodyToWriteTo(_("Only who took part in this project can be written to about it."))
        worker = Person.objects.get(pk=worker_id)
    elif not Person.objects.filter(pk=project.owner_id).exists():
        raise NobodyToWriteTo(_("This project belongs to a body, and nobody reads messages for it."))
    else:
        place.require_writing()
    conversation, is_new = Conversation.objects.get_or_create(
        project=project,
        worker=worker,
        task=None if task is None else Task.objects.get(pk=task_to_cite(place, task)),
        defaults={"began_by_id": by.pk, "began_at": at},
    )
    if is_new:
        record(by, "conversation.begun", conversation, at=at, project_id=project.pk)
    return conversation


def _written(place: Place, text: str, quotes: int | None, looked: Sequence[Looked], *, at: datetime) -> Post:
    post = write_post(place=place, text=text, quotes=quotes, at=at)
    if looked and not post.attachments.exists():
        stored = []
        try:
            for one in looked:
                stored.append(one.store())
            Attachment.objects.bulk_create(
                Attachment(
                    post=post,
                    stored_as=name,
                    filename=one.filename,
                    media_type=one.media_type,
                    size_bytes=one.size_bytes,
                    sha256=one.sha256,
                )
                for name, one in zip(stored, looked, strict=True)
            )
        except BaseException:
            for name in stored:
                default_storage.delete(name)
            raise
    later("forums.tell_of_message", post_id=post.pk)
    return post


def _let_other_follow(post: Post, conversation: Conversation, by: Person, *, at: datetime) -> None:
    other = Person.objects.get(pk=other_of(conversation, by))
    there = place_of_thread(post.thread_id, by=other, at=at)
    follow_thread(place=there, follows=True, from_the_start=True)
