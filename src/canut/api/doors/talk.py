"""Where people talk: forums, threads and posts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from django.http import FileResponse
from ninja import Query, Status

from canut.api.doors.files import FileId, file_id_of, sent_as_it_is
from canut.api.doors.uploads import FILE_BODY, Filename, length_of, received
from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to, cut
from canut.api.refusals import RequestNotUnderstood
from canut.api.shapes.common import Page, Words
from canut.api.shapes.talk import (
    ClosingIn,
    Conversation,
    MessageFile,
    MessageIn,
    OwnPost,
    Post,
    PostChange,
    PostIn,
    PostsFound,
    PostWording,
    ReadingIn,
    Talk,
    TaskNote,
    Thread,
    ThreadIn,
    file_said,
    found_said,
    note_said,
    own_post_said,
    post_said,
    talk_said,
    thread_said,
    wording_said,
)
from canut.discussion.access import PostNotFound, PostOfAnother, ThreadNotFound
from canut.discussion.facilitated.refusals import NotItsRound, NotYourPart
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.discussion.queries import (
    PostSeen,
    post_seen,
    posts_after,
    thread_card,
    threads_after,
    wordings,
)
from canut.discussion.queries_search import MOST_FOUND_PAGES, search_posts
from canut.discussion.usecases.close_thread import ThreadOfAnother, close_thread
from canut.discussion.usecases.edit_post import PostIsFixed, PostIsWithdrawn, TooManyEdits
from canut.discussion.usecases.follow_thread import follow_thread, note_reading
from canut.discussion.usecases.write_post import (
    NothingIsAnswered,
    ThreadIsClosed,
    TooManyPosts,
    WrittenAlready,
)
from canut.forums.access import place_about, place_before_post, place_of_thread
from canut.forums.conversations.files import refuse_too_large
from canut.forums.conversations.models import Attachment
from canut.forums.conversations.queries import (
    AttachmentNotFound,
    attachment_to_read,
    attachments_of,
    conversations_after,
    note_seen,
    notes_after,
)
from canut.forums.conversations.usecases.keep_message_file import (
    MessageFollowed,
    NoFilesHere,
    add_file,
    remove_file,
)
from canut.forums.conversations.usecases.tell_all import (
    NoTaskToNote,
    NoteNotFound,
    TooManyNotes,
    take_note_back,
    tell_all,
)
from canut.forums.conversations.usecases.write_message import (
    NobodyToWriteTo,
    begin_conversation,
    take_message_back,
)
from canut.forums.queries import own_posts, talk_of
from canut.forums.stands import NotAReader, NotAWriter
from canut.forums.subjects.college import CollegeNotFound
from canut.forums.subjects.project import BlockedHere, TaskNotCited
from canut.forums.usecases.write_in_thread import put_otherwise, start_in_forum, write_in_thread
from canut.guilds.access import GuildNotFound
from canut.guilds.access import NotAMember as NotInGuild
from canut.membership.access import NotAMember
from canut.people.access import WorkerRoleMissing
from canut.people.models import Scope
from canut.work.queries.taking_part import CitedTask, cited_tasks
from canut.work.refusals import ProjectNotFound

doors = Doors("talk")

ABOUT_PROJECT = (ProjectNotFound, ThreadNotFound, WorkerRoleMissing)
OF_GUILD = (GuildNotFound, NotInGuild)
OF_COLLEGE = (CollegeNotFound, NotAMember, NotAReader)
MAY_WRITE = (BlockedHere, NotAWriter)
OF_ROUNDS = (NotItsRound, NotYourPart, WrittenAlready, NothingIsAnswered)
"""What a facilitated discussion says in its thread."""
WRITES = (*MAY_WRITE, TaskNotCited, PostNotFound, TooManyPosts)
Wanted = Annotated[Words, Query(max_length=200, description="All of them must be there, in any form.")]
FoundPage = Annotated[int, Query(ge=1, le=MOST_FOUND_PAGES, description="Which page of what was found.")]


@doors.get("/talk", scope=Scope.TALK, answers=Talk)
def get_talk(request: Asked) -> Talk:
    """The forums that the caller is in, and the threads that they follow."""
    return talk_said(talk_of(request.auth.by, at=request.auth.at))


@doors.get("/talk/posts", scope=Scope.TALK, answers=Page[OwnPost])
def list_own_posts(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[OwnPost]:
    """What the caller wrote anywhere and has not taken back, the latest first."""
    by, before = request.auth.by, after(cursor, "own-posts")
    page = own_posts(by, at=request.auth.at, before=before, most=limit)
    return Page[OwnPost](
        items=[own_post_said(one) for one in page.posts],
        next_cursor=None if page.next_before is None else cursor_to("own-posts", page.next_before),
    )


@doors.post(
    "/projects/{project_id}/posts",
    scope=Scope.TALK,
    answers=Post,
    status=201,
    refuses=(*ABOUT_PROJECT, *WRITES),
)
def write_about_project(request: Asked, project_id: Id, body: PostIn) -> Post:
    """Write in the thread of a project, and begin it if nobody has. The caller follows it from then on."""
    place = place_about(SubjectKind.PROJECT, project_id, by=request.auth.by, at=request.auth.at)
    return _written(request, place, body)


@doors.get("/projects/{project_id}/thread", scope=Scope.TALK, answers=Thread, refuses=ABOUT_PROJECT)
def get_project_thread(request: Asked, project_id: Id) -> Thread:
    """The thread of a project; there is none before somebody has written about it."""
    at = request.auth.at
    place = place_about(SubjectKind.PROJECT, project_id, by=request.auth.by, at=at)
    return thread_said(thread_card(place, at=at))


@doors.get("/conversations", scope=Scope.TALK, answers=Page[Conversation])
def list_conversations(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[Conversation]:
    """The caller's conversations, as worker and as requester, the last begun first."""
    by, at = request.auth.by, request.auth.at
    rows = conversations_after(by, after_id=after(cursor, "conversations"), at=at, most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="conversations", row_id=lambda one: one.thread.id)
    return Page[Conversation](
        items=[Conversation(name=one.name, thread=thread_said(one.thread)) for one in shown],
        next_cursor=following,
    )


@doors.post(
    "/projects/{project_id}/conversations",
    scope=Scope.TALK,
    answers=Post,
    status=201,
    refuses=(*ABOUT_PROJECT, *MAY_WRITE, NobodyToWriteTo, TaskNotCited, ThreadIsClosed, TooManyPosts),
)
def write_alone(request: Asked, project_id: Id, body: MessageIn) -> Post:
    """Write to the requester of a project alone, or as its requester to one of its workers.

    Who has talked about the same before goes on there. Files are sent after it, one by one.
    """
    at = request.auth.at
    post = begin_conversation(project_id=project_id, by=request.auth.by, at=at, **body.model_dump())
    there = _place(request, post.thread_id)
    return _posts_said(there, [post_seen(there, post.number, at=at)], at=at)[0]


@doors.get("/projects/{project_id}/notes", scope=Scope.TALK, answers=Page[TaskNote], refuses=ABOUT_PROJECT)
def list_notes(request: Asked, project_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[TaskNote]:
    """What the requester told everybody about tasks of a project, the last said first."""
    place = place_about(SubjectKind.PROJECT, project_id, by=request.auth.by, at=request.auth.at)
    rows = notes_after(place.subject_id, after_id=after(cursor, "notes"), most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="notes", row_id=lambda one: one.id)
    return Page[TaskNote](items=[note_said(one) for one in shown], next_cursor=following)


@doors.post(
    "/threads/{thread_id}/posts/{number}/note",
    scope=Scope.TALK,
    answers=TaskNote,
    status=201,
    refuses=(ThreadNotFound, PostNotFound, ProjectNotFound, NoTaskToNote, TooManyNotes),
)
def answer_to_all(request: Asked, thread_id: Id, number: Id, body: PostChange) -> TaskNote:
    """Answer a question about a task of the caller's project to all who do it from now on."""
    place = _place(request, thread_id)
    note = tell_all(place=place, number=number, text=body.text, at=request.auth.at)
    return note_said(note_seen(note.pk, by=request.auth.by))


@doors.delete("/task-notes/{note_id}", scope=Scope.TALK, answers=None, status=204, refuses=(NoteNotFound,))
def take_a_note_back(request: Asked, note_id: Id) -> None:
    """Show a note no more; that it was said stays on record."""
    take_note_back(note_id=note_id, by=request.auth.by, at=request.auth.at)


@doors.get("/guilds/{guild_id}/threads", scope=Scope.TALK, answers=Page[Thread], refuses=OF_GUILD)
def list_guild_threads(
    request: Asked, guild_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[Thread]:
    """The threads of a guild's forum, the last begun first."""
    place = place_about(SubjectKind.GUILD, guild_id, by=request.auth.by, at=request.auth.at)
    return _threads(request, place, cursor, limit)


@doors.post(
    "/guilds/{guild_id}/threads",
    scope=Scope.TALK,
    answers=Thread,
    status=201,
    refuses=(*OF_GUILD, TooManyPosts),
)
def start_guild_thread(request: Asked, guild_id: Id, body: ThreadIn) -> Thread:
    """Begin a thread in a guild's forum."""
    return _started(request, SubjectKind.GUILD, guild_id, body)


@doors.get("/colleges/{college_id}/threads", scope=Scope.TALK, answers=Page[Thread], refuses=OF_COLLEGE)
def list_college_threads(
    request: Asked, college_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[Thread]:
    """The threads of the forum of the workers (1), the requesters (2) or the team (3), last begun first."""
    place = place_about(SubjectKind.COLLEGE, college_id, by=request.auth.by, at=request.auth.at)
    return _threads(request, place, cursor, limit)


@doors.post(
    "/colleges/{college_id}/threads",
    scope=Scope.TALK,
    answers=Thread,
    status=201,
    refuses=(*OF_COLLEGE, TooManyPosts),
)
def start_college_thread(request: Asked, college_id: Id, body: ThreadIn) -> Thread:
    """Begin a thread in the forum of the caller's college."""
    return _started(request, SubjectKind.COLLEGE, college_id, body)


@doors.get("/threads/{thread_id}", scope=Scope.TALK, answers=Thread, refuses=(ThreadNotFound,))
def get_thread(request: Asked, thread_id: Id) -> Thread:
    """One thread, without its posts."""
    return thread_said(thread_card(_place(request, thread_id), at=request.auth.at))


@doors.get("/threads/{thread_id}/posts", scope=Scope.TALK, answers=Page[Post], refuses=(ThreadNotFound,))
def list_posts(request: Asked, thread_id: Id, cursor: Cursor = None, limit: Limit = 50) -> Page[Post]:
    """The posts of a thread, in their order. Reading them here does not count as having read them."""
    place = _place(request, thread_id)
    rows = posts_after(place, after=after(cursor, "posts") or 0, at=request.auth.at, most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="posts", row_id=lambda one: one.number)
    return Page[Post](items=_posts_said(place, shown, at=request.auth.at), next_cursor=following)


@doors.post(
    "/threads/{thread_id}/posts",
    scope=Scope.TALK,
    answers=Post,
    status=201,
    refuses=(ThreadNotFound, ThreadIsClosed, *WRITES, *OF_ROUNDS),
)
def write_in_a_thread(request: Asked, thread_id: Id, body: PostIn) -> Post:
    """Write in a thread. The caller follows it from then on. The same words within minutes are one post.

    In the thread of a facilitated discussion the first two rounds are written: the first time once.
    """
    return _written(request, _place(request, thread_id), body)


@doors.get("/threads/{thread_id}/found", scope=Scope.TALK, answers=PostsFound, refuses=(ThreadNotFound,))
def search_in_thread(request: Asked, thread_id: Id, words: Wanted, page: FoundPage = 1) -> PostsFound:
    """The posts of a thread with all these words, in any form in English or French, the best first."""
    found = search_posts(_place(request, thread_id), words, at=request.auth.at, page=page)
    return PostsFound(
        found=[found_said(one) for one in found.found], page=found.page, has_more=found.has_more
    )


@doors.put("/threads/{thread_id}/reading", scope=Scope.TALK, answers=Thread, refuses=(ThreadNotFound,))
def keep_reading(request: Asked, thread_id: Id, body: ReadingIn) -> Thread:
    """Follow a thread or not, and keep how far the caller has read."""
    place = _place(request, thread_id)
    if body.follows is not None:
        follow_thread(place=place, follows=body.follows)
    if body.read_to is not None:
        note_reading(place=place, number=body.read_to)
    return thread_said(thread_card(place, at=request.auth.at))


@doors.put(
    "/threads/{thread_id}/closing",
    scope=Scope.TALK,
    answers=Thread,
    refuses=(ThreadNotFound, ThreadOfAnother),
)
def close_a_thread(request: Asked, thread_id: Id, body: ClosingIn) -> Thread:
    """Close a thread of a forum that the caller began, or open it again."""
    place = _place(request, thread_id)
    close_thread(place=place, closed=body.closed, at=request.auth.at)
    return thread_said(thread_card(place, at=request.auth.at))


@doors.patch(
    "/threads/{thread_id}/posts/{number}",
    scope=Scope.TALK,
    answers=Post,
    refuses=(
        *(ThreadNotFound, PostNotFound, PostOfAnother, PostIsWithdrawn, TooManyEdits),
        *(*MAY_WRITE, NotItsRound, PostIsFixed),
    ),
)
def change_post(request: Asked, thread_id: Id, number: Id, body: PostChange) -> Post:
    """Put a post of the caller's in other words. What it said before stays to be read."""
    place, at = _place(request, thread_id), request.auth.at
    post = put_otherwise(place=place, number=number, text=body.text, at=at)
    return _posts_said(place, [post_seen(place, post.number, at=at)], at=at)[0]


@doors.delete(
    "/threads/{thread_id}/posts/{number}",
    scope=Scope.TALK,
    answers=None,
    status=204,
    refuses=(ThreadNotFound, PostNotFound, PostOfAnother),
)
def take_post_back(request: Asked, thread_id: Id, number: Id) -> None:
    """Take a post of the caller's back: its words go, and its place in the thread stays.

    One may do so even where one may not read any more.
    """
    by, at = request.auth.by, request.auth.at
    take_message_back(place=place_before_post(thread_id, number, by=by, at=at), number=number, at=at)


@doors.post(
    "/threads/{thread_id}/posts/{number}/files",
    scope=Scope.TALK,
    answers=MessageFile,
    status=201,
    refuses=(
        ThreadNotFound,
        PostNotFound,
        PostOfAnother,
        PostIsWithdrawn,
        ThreadIsClosed,
        NoFilesHere,
        MessageFollowed,
        RequestNotUnderstood,
        *MAY_WRITE,
    ),
    replays=Replays.NATURAL,
    extra={"requestBody": FILE_BODY},
)
def send_message_file(
    request: Asked, thread_id: Id, number: Id, filename: Filename = None
) -> Status[MessageFile]:
    """Send a file with the caller's own message in a conversation, as long as it is the last one there.

    Send a form with the field `file`, or the file's bytes as the body with `filename` in the address. What
    a file is, its bytes say: pictures, sound, PDF and plain text are taken, five with a message. The same
    file is kept once.
    """
    refuse_too_large(length_of(request))
    with received(request, filename, refuse_too_large) as file:
        kept = add_file(place=_place(request, thread_id), number=number, file=file, at=request.auth.at)
    return Status(201, file_said(kept))


@doors.get(
    "/threads/{thread_id}/posts/{number}/files/{str:file_id}",
    scope=Scope.TALK,
    answers="application/octet-stream",
    refuses=(AttachmentNotFound,),
)
def fetch_message_file(request: Asked, thread_id: Id, number: Id, file_id: FileId) -> FileResponse:
    """A file of a conversation of the caller's, byte for byte."""
    del thread_id, number  # a file's own id is enough, and nobody can guess it
    return sent_as_it_is(attachment_to_read(file_id_of(file_id), by=request.auth.by, at=request.auth.at))


@doors.delete(
    "/threads/{thread_id}/posts/{number}/files/{str:file_id}",
    scope=Scope.TALK,
    answers=None,
    status=204,
    refuses=(ThreadNotFound, PostNotFound, PostOfAnother, AttachmentNotFound),
)
def take_message_file_back(request: Asked, thread_id: Id, number: Id, file_id: FileId) -> None:
    """Take a file from the caller's own message, for good."""
    by, at = request.auth.by, request.auth.at
    place = place_before_post(thread_id, number, by=by, at=at)
    remove_file(place=place, number=number, file_id=file_id_of(file_id), at=at)


@doors.get(
    "/threads/{thread_id}/posts/{number}/wordings",
    scope=Scope.TALK,
    answers=Page[PostWording],
    refuses=(ThreadNotFound, PostNotFound),
)
def list_wordings(request: Asked, thread_id: Id, number: Id) -> Page[PostWording]:
    """All that a post has said, the newest first. There are at most 51, so they come on one page."""
    said = wordings(_place(request, thread_id), number, at=request.auth.at)
    return Page[PostWording](items=[wording_said(one) for one in said], next_cursor=None)


def _place(request: Asked, thread_id: int) -> Place:
    return place_of_thread(thread_id, by=request.auth.by, at=request.auth.at)


def _written(request: Asked, place: Place, body: PostIn) -> Post:
    at = request.auth.at
    post = write_in_thread(place=place, at=at, **body.model_dump())
    there = _place(request, post.thread_id)
    return _posts_said(there, [post_seen(there, post.number, at=at)], at=at)[0]


def _started(request: Asked, kind: SubjectKind, subject_id: int, body: ThreadIn) -> Thread:
    place = place_about(kind, subject_id, by=request.auth.by, at=request.auth.at)
    post = start_in_forum(place=place, at=request.auth.at, **body.model_dump())
    return thread_said(thread_card(_place(request, post.thread_id), at=request.auth.at))


def _threads(request: Asked, place: Place, cursor: str | None, limit: int) -> Page[Thread]:
    rows = threads_after(place, after_id=after(cursor, "threads"), at=request.auth.at, most=limit + 1)
    shown, following = cut(rows, limit=limit, listing="threads", row_id=lambda one: one.id)
    return Page[Thread](items=[thread_said(one) for one in shown], next_cursor=following)


def _posts_said(place: Place, posts: Sequence[PostSeen], *, at: datetime) -> list[Post]:
    tasks: Mapping[int, CitedTask] = {}
    if place.subject_kind == SubjectKind.PROJECT:
        cited = [one.cites_id for one in posts if one.cites_id is not None]
        tasks = cited_tasks(place.subject_id, cited, reader_id=place.person.pk)
    files: Mapping[int, Sequence[Attachment]] = {}
    if place.subject_kind == SubjectKind.CONVERSATION:
        files = attachments_of([one.id for one in posts], at=at)
    return [post_said(one, tasks, files.get(one.id, ())) for one in posts]
