"""Situations of threads, posts and forums."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from tests.api.calls import Call
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.guilds import guild
from tests.api.scenarios.registry import says
from tests.discussion.places import a_place
from tests.membership.members import admitted
from tests.work.duties import a_duty

from canut.discussion.limits import MOST_EDITS, POSTS_AN_HOUR, THREADS_A_DAY
from canut.discussion.models import EarlierWords, Post, SubjectKind, Thread
from canut.discussion.usecases.close_thread import close_thread
from canut.discussion.usecases.edit_post import withdraw_post
from canut.forums.access import place_about, place_of_thread
from canut.forums.conversations.models import Attachment, Conversation, Note
from canut.forums.conversations.usecases.keep_message_file import add_file
from canut.forums.conversations.usecases.tell_all import MOST_NOTES, tell_all
from canut.forums.conversations.usecases.write_message import begin_conversation, write_message
from canut.forums.usecases.write_in_thread import start_in_forum, write_in_thread
from canut.people.models import Person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.close_account import close_account
from canut.work.models import Project
from canut.work.usecases.close_project import close_project

HELLO = {"text": "Hello"}
BEGIN = {"title": "Rates", "text": "What is fair?"}
Asks = Callable[[Cast, int], Call]


def asked(cast: Cast, by: Person | None = None, project: Project | None = None) -> Post:
    """A question of the worker's about a project, which its thread begins with."""
    place = place_about(SubjectKind.PROJECT, (project or cast.live()).pk, by=by or cast.worker, at=cast.at)
    return write_in_thread(place=place, text="What is meant?", at=cast.at)


def begun(cast: Cast) -> Thread:
    """A thread that the worker began in the forum of their guild."""
    place = place_about(SubjectKind.GUILD, guild(cast).pk, by=cast.worker, at=cast.at)
    return start_in_forum(place=place, at=cast.at, **BEGIN).thread


def flooded(cast: Cast, thing: Any) -> Any:
    """Let the worker have written all that anybody may in an hour, and begun all threads of a day."""
    count = max(POSTS_AN_HOUR, THREADS_A_DAY)
    threads = Thread.objects.bulk_create(
        Thread(
            subject_kind=SubjectKind.GUILD,
            subject_id=1,
            title=f"Thread {number}",
            started_by_id=cast.worker.pk,
            started_at=cast.at,
            posts=1,
            last_post_at=cast.at,
        )
        for number in range(count)
    )
    Post.objects.bulk_create(
        Post(thread=one, number=1, author_id=cast.worker.pk, text="More", posted_at=cast.at)
        for one in threads
    )
    return thing


def blocked(cast: Cast, thing: Any) -> Any:
    block_person(person_id=cast.worker.pk, by=cast.requester, at=cast.at)
    return thing


def over(cast: Cast) -> Project:
    """A project that is over, in which the worker had no part."""
    project = cast.live()
    close_project(project_id=project.pk, by=cast.requester, at=cast.at)
    return project


# --- What is one's own ---


@says("get_talk", "200")
def _(cast: Cast) -> Call:
    begun(cast)
    return cast.get(cast.worker, "/talk")


# --- A project's thread ---


def about_project(cast: Cast, pk: int) -> Call:
    return cast.get(cast.worker, f"/projects/{pk}/thread")


def writing_about(cast: Cast, pk: int, **more: Any) -> Call:
    return cast.post(cast.worker, f"/projects/{pk}/posts", {**HELLO, **more})


for _name, _ask in (("get_project_thread", about_project), ("write_about_project", writing_about)):
    says(_name, "project_not_found")(
        lambda cast, ask=_ask: ask(cast, cast.draft().pk)  # type: ignore[misc]
    )
    says(_name, "worker_role_missing")(
        lambda cast, ask=_ask: ask(cast, cast.live().pk).but(by=cast.guest)  # type: ignore[misc]
    )
says("get_project_thread", "200")(lambda cast: about_project(cast, asked(cast).thread.subject_id))
says("get_project_thread", "thread_not_found")(lambda cast: about_project(cast, cast.live().pk))
says("write_about_project", "201")(lambda cast: writing_about(cast, cast.live().pk, task=1))
says("write_about_project", "task_not_cited")(lambda cast: writing_about(cast, cast.live().pk, task=99))
says("write_about_project", "post_not_found")(lambda cast: writing_about(cast, cast.live().pk, quotes=1))
says("write_about_project", "blocked_here")(lambda cast: writing_about(cast, blocked(cast, cast.live()).pk))
says("write_about_project", "not_a_writer")(lambda cast: writing_about(cast, over(cast).pk))
says("write_about_project", "too_many_posts")(lambda cast: writing_about(cast, flooded(cast, cast.live()).pk))


@says("write_about_project", "thread_not_found")
def _(cast: Cast) -> Call:
    """Duties, such as reviews, are judged blind and have no thread."""
    return writing_about(cast, a_duty(at=cast.at).pk)


# --- Forums ---


def of_guild(cast: Cast, pk: int) -> Call:
    return cast.get(cast.worker, f"/guilds/{pk}/threads")


def beginning_in_guild(cast: Cast, pk: int) -> Call:
    return cast.post(cast.worker, f"/guilds/{pk}/threads", BEGIN)


def of_college(cast: Cast, pk: int) -> Call:
    return cast.get(cast.operator, f"/colleges/{pk}/threads")


def beginning_in_college(cast: Cast, pk: int) -> Call:
    return cast.post(cast.operator, f"/colleges/{pk}/threads", BEGIN)


def in_team(cast: Cast, number: int = 3) -> int:
    """The number of a college; the operator is admitted, and so of the team's."""
    admitted(cast.operator, at=cast.at)
    return number


for _name, _ask in (("list_guild_threads", of_guild), ("start_guild_thread", beginning_in_guild)):
    says(_name, "guild_not_found")(lambda cast, ask=_ask: ask(cast, guild(cast).pk + 1))  # type: ignore[misc]
    says(_name, "not_a_guild_member")(
        lambda cast, ask=_ask: ask(cast, guild(cast, founders={}).pk)  # type: ignore[misc]
    )
says("list_guild_threads", "200")(lambda cast: of_guild(cast, begun(cast).subject_id))
says("start_guild_thread", "201")(lambda cast: beginning_in_guild(cast, guild(cast).pk))
says("start_guild_thread", "too_many_posts")(
    lambda cast: beginning_in_guild(cast, flooded(cast, guild(cast)).pk)
)
for _name, _ask in (("list_college_threads", of_college), ("start_college_thread", beginning_in_college)):
    says(_name, "college_not_found")(lambda cast, ask=_ask: ask(cast, in_team(cast, 4)))  # type: ignore[misc]
    says(_name, "not_a_reader")(lambda cast, ask=_ask: ask(cast, in_team(cast, 1)))  # type: ignore[misc]
    says(_name, "not_a_member")(lambda cast, ask=_ask: ask(cast, 3))  # type: ignore[misc]
says("list_college_threads", "200")(lambda cast: of_college(cast, in_team(cast)))
says("start_college_thread", "201")(lambda cast: beginning_in_college(cast, in_team(cast)))


@says("start_college_thread", "too_many_posts")
def _(cast: Cast) -> Call:
    cast.worker = cast.operator  # type: ignore[misc]
    return beginning_in_college(cast, flooded(cast, in_team(cast)))


# --- A thread ---

IN_THREAD: dict[str, Asks] = {
    "get_thread": lambda cast, pk: cast.get(cast.worker, f"/threads/{pk}"),
    "list_posts": lambda cast, pk: cast.get(cast.worker, f"/threads/{pk}/posts"),
    "search_in_thread": lambda cast, pk: cast.get(cast.worker, f"/threads/{pk}/found?words=meant"),
    "keep_reading": lambda cast, pk: cast.put(
        cast.worker, f"/threads/{pk}/reading", {"follows": True, "read_to": 1}
    ),
    "write_in_a_thread": lambda cast, pk: cast.post(cast.worker, f"/threads/{pk}/posts", HELLO),
    "close_a_thread": lambda cast, pk: cast.put(cast.worker, f"/threads/{pk}/closing", {"closed": True}),
    "change_post": lambda cast, pk: Call(cast.worker, "PATCH", f"/threads/{pk}/posts/1", {"text": "New"}),
    "take_post_back": lambda cast, pk: Call(cast.worker, "DELETE", f"/threads/{pk}/posts/1"),
    "list_wordings": lambda cast, pk: cast.get(cast.worker, f"/threads/{pk}/posts/1/wordings"),
}
for _name, _ask in IN_THREAD.items():
    says(_name, "thread_not_found")(
        lambda cast, ask=_ask: ask(cast, asked(cast).thread_id).but(by=cast.guest)  # type: ignore[misc]
    )
    _success = {"write_in_a_thread": "201", "take_post_back": "204"}.get(_name, "200")
    says(_name, _success)(lambda cast, ask=_ask: ask(cast, begun(cast).pk))  # type: ignore[misc]
for _name in ("change_post", "take_post_back", "list_wordings"):
    says(_name, "post_not_found")(
        lambda cast, ask=IN_THREAD[_name]: _post_two(ask(cast, asked(cast).thread_id))  # type: ignore[misc]
    )
for _name in ("change_post", "take_post_back"):
    says(_name, "post_of_another")(
        lambda cast, ask=IN_THREAD[_name]: ask(cast, asked(cast).thread_id).but(  # type: ignore[misc]
            by=cast.requester
        )
    )


def _post_two(call: Call) -> Call:
    return call.but(path=call.path.replace("/posts/1", "/posts/2"))


def writing_in(cast: Cast, post: Post, **more: Any) -> Call:
    return cast.post(cast.worker, f"/threads/{post.thread_id}/posts", {**HELLO, **more})


says("write_in_a_thread", "task_not_cited")(lambda cast: writing_in(cast, asked(cast), task=99))
says("write_in_a_thread", "post_not_found")(lambda cast: writing_in(cast, asked(cast), quotes=9))
says("write_in_a_thread", "blocked_here")(lambda cast: writing_in(cast, blocked(cast, asked(cast))))
says("write_in_a_thread", "too_many_posts")(lambda cast: writing_in(cast, flooded(cast, asked(cast))))
says("change_post", "blocked_here")(
    lambda cast: IN_THREAD["change_post"](cast, blocked(cast, asked(cast)).thread_id)
)


def ended(cast: Cast) -> Post:
    """A question of the worker's, who had no part in the project, which is over."""
    post = asked(cast)
    close_project(project_id=post.thread.subject_id, by=cast.requester, at=cast.at)
    return post


says("write_in_a_thread", "not_a_writer")(lambda cast: writing_in(cast, ended(cast)))
says("change_post", "not_a_writer")(lambda cast: IN_THREAD["change_post"](cast, ended(cast).thread_id))


@says("write_in_a_thread", "thread_is_closed")
def _(cast: Cast) -> Call:
    thread = begun(cast)
    close_thread(place=a_place(cast.worker, thread, may_close=True), closed=True, at=cast.at)
    return IN_THREAD["write_in_a_thread"](cast, thread.pk)


@says("close_a_thread", "thread_of_another")
def _(cast: Cast) -> Call:
    return IN_THREAD["close_a_thread"](cast, asked(cast).thread_id)


@says("change_post", "post_is_withdrawn")
def _(cast: Cast) -> Call:
    post = asked(cast)
    withdraw_post(place=a_place(cast.worker, post), number=1, at=cast.at)
    return IN_THREAD["change_post"](cast, post.thread_id)


@says("change_post", "too_many_edits")
def _(cast: Cast) -> Call:
    post = asked(cast)
    EarlierWords.objects.bulk_create(
        EarlierWords(post=post, text="Before", since=cast.at, until=cast.at + timedelta(seconds=1))
        for _each in range(MOST_EDITS)
    )
    return IN_THREAD["change_post"](cast, post.thread_id)


# --- Conversations and notes ---


def alone(cast: Cast, *, task: int | None = 1, project: Project | None = None) -> Post:
    """A question of the worker's to the requester alone, about a task."""
    return begin_conversation(
        project_id=(project or cast.live()).pk,
        by=cast.worker,
        text="What is meant?",
        task=task,
        at=cast.at,
    )


def writing_alone(cast: Cast, pk: int, **more: Any) -> Call:
    return cast.post(cast.worker, f"/projects/{pk}/conversations", {**HELLO, **more})


def listing_notes(cast: Cast, pk: int) -> Call:
    return cast.get(cast.worker, f"/projects/{pk}/notes")


@says("list_conversations", "200")
def _(cast: Cast) -> Call:
    alone(cast)
    return cast.get(cast.requester, "/conversations")


for _name, _ask in (("write_alone", writing_alone), ("list_notes", listing_notes)):
    says(_name, "project_not_found")(
        lambda cast, ask=_ask: ask(cast, cast.draft().pk)  # type: ignore[misc]
    )
    says(_name, "worker_role_missing")(
        lambda cast, ask=_ask: ask(cast, cast.live().pk).but(by=cast.guest)  # type: ignore[misc]
    )
    says(_name, "thread_not_found")(
        lambda cast, ask=_ask: ask(cast, a_duty(at=cast.at).pk)  # type: ignore[misc]
    )
says("write_alone", "201")(lambda cast: writing_alone(cast, cast.live().pk, task=1))
says("write_alone", "task_not_cited")(lambda cast: writing_alone(cast, cast.live().pk, task=99))
says("write_alone", "nobody_to_write_to")(
    lambda cast: writing_alone(cast, cast.live().pk).but(by=cast.requester)
)
says("write_alone", "blocked_here")(lambda cast: writing_alone(cast, blocked(cast, cast.live()).pk))
says("write_alone", "not_a_writer")(lambda cast: writing_alone(cast, over(cast).pk))
says("write_alone", "too_many_posts")(lambda cast: writing_alone(cast, flooded(cast, cast.live()).pk))


@says("write_alone", "thread_is_closed")
def _(cast: Cast) -> Call:
    post = alone(cast, task=None)
    close_thread(place=a_place(cast.requester, post, may_close=True), closed=True, at=cast.at)
    project = Conversation.objects.get(pk=post.thread.subject_id).project_id
    return writing_alone(cast, project)


def telling(cast: Cast, post: Post, number: int = 1) -> Call:
    return cast.post(
        cast.requester, f"/threads/{post.thread_id}/posts/{number}/note", {"text": "Ears count."}
    )


def told(cast: Cast) -> Note:
    place = place_of_thread(alone(cast).thread_id, by=cast.requester, at=cast.at)
    return tell_all(place=place, number=1, text="Ears count.", at=cast.at)


says("list_notes", "200")(lambda cast: listing_notes(cast, told(cast).task.project_id))
says("answer_to_all", "201")(lambda cast: telling(cast, alone(cast)))
says("answer_to_all", "thread_not_found")(lambda cast: telling(cast, alone(cast)).but(by=cast.stranger))
says("answer_to_all", "post_not_found")(lambda cast: telling(cast, alone(cast), number=2))
says("answer_to_all", "project_not_found")(lambda cast: telling(cast, alone(cast)).but(by=cast.worker))
says("answer_to_all", "no_task_to_note")(lambda cast: telling(cast, alone(cast, task=None)))


@says("answer_to_all", "too_many_notes")
def _(cast: Cast) -> Call:
    post = alone(cast)
    task = Conversation.objects.get(pk=post.thread.subject_id).task
    Note.objects.bulk_create(
        Note(task=task, by_id=cast.requester.pk, text=f"Note {number}", said_at=cast.at)
        for number in range(MOST_NOTES)
    )
    return telling(cast, post)


says("take_a_note_back", "204")(lambda cast: Call(cast.requester, "DELETE", f"/task-notes/{told(cast).pk}"))
says("take_a_note_back", "note_not_found")(
    lambda cast: Call(cast.worker, "DELETE", f"/task-notes/{told(cast).pk}")
)


# --- What one wrote, and files ---

FILES = "/threads/{}/posts/{}/files"


@says("list_own_posts", "200")
def _(cast: Cast) -> Call:
    asked(cast)
    return cast.get(cast.worker, "/talk/posts")


def sending_file(cast: Cast, post: Post, number: int = 1) -> Call:
    path = FILES.format(post.thread_id, number)
    return Call(
        cast.worker,
        "POST",
        f"{path}?filename=ears.txt",
        raw=b"Ears count.",
        content_type="application/octet-stream",
    )


def with_file(cast: Cast) -> Attachment:
    """A file that the worker sent with a question to the requester alone."""
    post = alone(cast)
    place = place_of_thread(post.thread_id, by=cast.worker, at=cast.at)
    return add_file(place=place, number=1, file=ContentFile(b"Ears count.", name="ears.txt"), at=cast.at)


def of_file(cast: Cast, method: str, file: Attachment, file_id: object = None) -> Call:
    path = FILES.format(file.post.thread_id, file.post.number)
    return Call(cast.worker, method, f"{path}/{file_id or file.pk}")


NO_FILE = "00000000-0000-0000-0000-000000000000"
says("send_message_file", "201")(lambda cast: sending_file(cast, alone(cast)))
says("send_message_file", "thread_not_found")(
    lambda cast: sending_file(cast, alone(cast)).but(by=cast.stranger)
)
says("send_message_file", "post_not_found")(lambda cast: sending_file(cast, alone(cast), 2))
says("send_message_file", "post_of_another")(
    lambda cast: sending_file(cast, alone(cast)).but(by=cast.requester)
)
says("send_message_file", "bad_input")(
    lambda cast: sending_file(cast, alone(cast)).but(raw=b"MZ" + b"\0" * 50)
)
says("send_message_file", "request_not_understood")(
    lambda cast: sending_file(cast, alone(cast)).but(content_type="multipart/form-data")
)
says("send_message_file", "no_files_here")(lambda cast: sending_file(cast, asked(cast)))
says("send_message_file", "blocked_here")(lambda cast: sending_file(cast, blocked(cast, alone(cast))))
says("fetch_message_file", "200")(lambda cast: of_file(cast, "GET", with_file(cast)))
says("fetch_message_file", "attachment_not_found")(
    lambda cast: of_file(cast, "GET", with_file(cast), NO_FILE)
)
says("take_message_file_back", "204")(lambda cast: of_file(cast, "DELETE", with_file(cast)))
says("take_message_file_back", "attachment_not_found")(
    lambda cast: of_file(cast, "DELETE", with_file(cast), NO_FILE)
)
says("take_message_file_back", "thread_not_found")(
    lambda cast: of_file(cast, "DELETE", with_file(cast)).but(by=cast.stranger)
)
says("take_message_file_back", "post_of_another")(
    lambda cast: of_file(cast, "DELETE", with_file(cast)).but(by=cast.requester)
)


@says("take_message_file_back", "post_not_found")
def _(cast: Cast) -> Call:
    file = with_file(cast)
    return Call(cast.worker, "DELETE", f"{FILES.format(file.post.thread_id, 9)}/{file.pk}")


@says("send_message_file", "not_a_writer")
def _(cast: Cast) -> Call:
    post = alone(cast)
    close_account(by=cast.requester, what_is_open=lambda _party: [], at=cast.at)
    return sending_file(cast, post)


@says("send_message_file", "message_followed")
def _(cast: Cast) -> Call:
    post = alone(cast)
    write_message(
        place=place_of_thread(post.thread_id, by=cast.requester, at=cast.at), text="Yes", at=cast.at
    )
    return sending_file(cast, post)


@says("send_message_file", "post_is_withdrawn")
def _(cast: Cast) -> Call:
    post = alone(cast)
    withdraw_post(place=a_place(cast.worker, post), number=1, at=cast.at)
    return sending_file(cast, post)


@says("send_message_file", "thread_is_closed")
def _(cast: Cast) -> Call:
    post = alone(cast)
    close_thread(place=a_place(cast.requester, post, may_close=True), closed=True, at=cast.at)
    return sending_file(cast, post)
