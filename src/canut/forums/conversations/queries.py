"""Conversations of somebody, the files in them, and the notes of tasks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from canut.discussion.access import own_post
from canut.discussion.hiding.queries import hidden_among
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.markdown import as_html
from canut.discussion.models import SubjectKind, Thread
from canut.discussion.place import Place
from canut.discussion.queries import ThreadCard, cards_of
from canut.forums.access import name_to_reader, place_of_thread
from canut.forums.conversations.models import Attachment, Conversation, Note
from canut.forums.conversations.usecases.tell_all import note_to_take_back
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.work.queries.files import Stored
from canut.work.queries.taking_part import same_row

A_PAGE = 50
MOST_PAGES = 10_000
"""Nobody has as many; a number above it in an address would be more than the database can count to."""


class AttachmentNotFound(NotFound):
    code = "attachment_not_found"


@dataclass(frozen=True, slots=True)
class ConversationCard:
    """One of somebody's conversations: with whom about what, and its thread."""

    name: str
    thread: ThreadCard


@dataclass(frozen=True, slots=True)
class ConversationsPage:
    conversations: Sequence[ConversationCard]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """What a requester told everybody about a task."""

    id: int
    project_id: int
    task_number: int
    html: SafeString
    text: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class NotesPage:
    notes: Sequence[NoteSeen]
    page: int
    has_more: bool


def conversations_page(by: Person, *, at: datetime, page: int = 1) -> ConversationsPage:
    """Return somebody's conversations, as worker and as requester, those written in last first."""
    page = min(max(page, 1), MOST_PAGES)
    ordered = _threads_of(by).order_by("-last_post_at", "-pk")
    cut = list(ordered[(page - 1) * A_PAGE : page * A_PAGE + 1])
    return ConversationsPage(_named(cut[:A_PAGE], by, at=at), page, len(cut) > A_PAGE)


def conversations_after(
    by: Person, *, after_id: int | None, at: datetime, most: int
) -> Sequence[ConversationCard]:
    """Return somebody's conversations, the last begun first, from before the thread `after_id` on."""
    threads = _threads_of(by)
    if after_id is not None:
        threads = threads.filter(pk__lt=after_id)
    return _named(list(threads.order_by("-pk")[:most]), by, at=at)


def _threads_of(by: Person) -> "QuerySet[Thread]":
    mine = Conversation.objects.filter(Q(worker=by) | Q(project__owner_id=by.pk), pk=OuterRef("subject_id"))
    return Thread.objects.filter(Exists(mine), subject_kind=SubjectKind.CONVERSATION, posts__gt=0)


def _named(rows: Sequence[Thread], by: Person, *, at: datetime) -> Sequence[ConversationCard]:
    return [
        ConversationCard(name_to_reader(card.subject_kind, card.subject_id, person=by, at=at) or "", card)
        for card in cards_of(rows, reader_id=by.pk, at=at)
    ]


def attachments_of(post_ids: Collection[int], *, at: datetime) -> Mapping[int, Sequence[Attachment]]:
    """Return the files that came with posts, by post; none of a hidden one."""
    hidden = hidden_among(HiddenKind.POST, post_ids, at)
    found: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(post_id__in=set(post_ids) - hidden).order_by("filename", "pk"):
        found.setdefault(one.post_id, []).append(one)
    return found


def attachment_to_read(file_id: UUID, *, by: Person, at: datetime) -> Stored:
    """Return a file of a conversation of `by`.

    Raises:
        AttachmentNotFound: there is none, it is hidden, or it is between others.
    """
    found = Attachment.objects.select_related("post").filter(pk=file_id).first()
    try:
        if found is None or found.post_id in hidden_among(HiddenKind.POST, [found.post_id], at):
            raise no_attachment()
        place_of_thread(found.post.thread_id, by=by, at=at)
    except Refusal as refusal:
        raise no_attachment() from refusal
    return Stored(found.pk, found.filename, found.media_type, found.size_bytes, found.stored_as)


def own_attachment(place: Place, number: int, file_id: UUID) -> Attachment:
    """Return a file of a message that the place's person wrote.

    Raises:
        ThreadNotFound, PostNotFound: there is no such message. PostOfAnother: somebody else wrote it.
        AttachmentNotFound: it has no such file.
    """
    found = own_post(place, number).attachments.filter(pk=file_id).first()
    if found is None:
        raise no_attachment()
    return found


def no_attachment() -> AttachmentNotFound:
    """Return the answer to whoever asks for a file that there is not, or that is not for them."""
    return AttachmentNotFound(_("There is no such file, or it is not for you."))


def may_tell_all(conversation_id: int, *, by: Person) -> bool:
    """Tell whether somebody may answer with a note for all: a requester, about one of their tasks."""
    rows = Conversation.objects.filter(pk=conversation_id, project__owner_id=by.pk, task__isnull=False)
    return rows.exists()


def notes_of_task(task_id: int) -> Sequence[NoteSeen]:
    """Return what everybody is told about a task, the first said first, or about its row before."""
    rows = Note.objects.filter(task_id__in=same_row(task_id), withdrawn_at__isnull=True)
    rows = rows.select_related("task")
    return [_seen(row) for row in rows.order_by("pk")]


def notes_page(project_id: int, *, page: int = 1) -> NotesPage:
    """Return what everybody is told about tasks of a project, the last said first."""
    page = min(max(page, 1), MOST_PAGES)
    rows = Note.objects.filter(task__project_id=project_id, withdrawn_at__isnull=True).select_related("task")
    cut = list(rows.order_by("-pk")[(page - 1) * A_PAGE : page * A_PAGE + 1])
    return NotesPage([_seen(row) for row in cut[:A_PAGE]], page, len(cut) > A_PAGE)


def notes_after(project_id: int, *, after_id: int | None, most: int) -> Sequence[NoteSeen]:
    """Return what everybody is told about tasks of a project, the last said first, from before a note on."""
    rows = Note.objects.filter(task__project_id=project_id, withdrawn_at__isnull=True)
    if after_id is not None:
        rows = rows.filter(pk__lt=after_id)
    return [_seen(row) for row in rows.select_related("task").order_by("-pk")[:most]]


def note_seen(note_id: int, *, by: Person) -> NoteSeen:
    """Return a note of a project of `by`.

    Raises:
        NoteNotFound: there is none.
    """
    return _seen(note_to_take_back(note_id, by=by))


def _seen(row: Note) -> NoteSeen:
    return NoteSeen(row.pk, row.task.project_id, row.task.position, as_html(row.text), row.text, row.said_at)
