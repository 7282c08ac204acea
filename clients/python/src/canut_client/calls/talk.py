"""Where people talk: forums, threads and posts."""

from collections.abc import Iterator

from canut_client.calls.base import Calls, FileLike, bytes_left, given, name_of, opened
from canut_client.models import (
    Conversation,
    MessageFile,
    OwnPost,
    Post,
    PostsFound,
    PostWording,
    Talk,
    TaskNote,
    Thread,
)
from canut_client.reading import read


class TalkCalls(Calls):
    def talk(self) -> Talk:
        """Return the forums one is in, and the threads one follows."""
        return read(Talk, self._transport.get("/talk"))

    def own_posts(self) -> Iterator[OwnPost]:
        """Give what one wrote anywhere and has not taken back, the latest first."""
        return self._all(OwnPost, "/talk/posts", limit=200)

    def project_thread(self, project_id: int) -> Thread:
        """Return a project's thread. Refused as `thread_not_found` before somebody has written."""
        return read(Thread, self._transport.get(f"/projects/{project_id}/thread"))

    def write_about_project(
        self,
        project_id: int,
        text: str,
        *,
        quotes: int | None = None,
        task: int | None = None,
        key: str | None = None,
    ) -> Post:
        """Write in a project's thread, about one of its tasks if so, by its number."""
        body = given(text=text, quotes=quotes, task=task)
        return read(Post, self._transport.post(f"/projects/{project_id}/posts", body, key=key))

    def conversations(self) -> Iterator[Conversation]:
        """Give one's conversations, as worker and as requester, the last begun first."""
        return self._all(Conversation, "/conversations", limit=200)

    def write_alone(
        self,
        project_id: int,
        text: str,
        *,
        task: int | None = None,
        worker_id: int | None = None,
        key: str | None = None,
    ) -> Post:
        """Write to a project's requester alone; or, as its requester, to one of its workers."""
        body = given(text=text, task=task, worker_id=worker_id)
        return read(Post, self._transport.post(f"/projects/{project_id}/conversations", body, key=key))

    def notes(self, project_id: int) -> Iterator[TaskNote]:
        """Give what the requester told everybody about tasks of a project."""
        return self._all(TaskNote, f"/projects/{project_id}/notes", limit=200)

    def answer_to_all(self, thread_id: int, number: int, text: str, *, key: str | None = None) -> TaskNote:
        """Answer a question about a task to all who do it from now on."""
        path = f"/threads/{thread_id}/posts/{number}/note"
        return read(TaskNote, self._transport.post(path, {"text": text}, key=key))

    def take_note_back(self, note_id: int) -> None:
        """Show a note no more."""
        self._transport.delete(f"/task-notes/{note_id}")

    def guild_threads(self, guild_id: int) -> Iterator[Thread]:
        """Give the threads of a guild's forum. Refused as `not_a_guild_member`."""
        return self._all(Thread, f"/guilds/{guild_id}/threads", limit=200)

    def start_guild_thread(self, guild_id: int, title: str, text: str, *, key: str | None = None) -> Thread:
        """Begin a thread in a guild's forum."""
        body = {"title": title, "text": text}
        return read(Thread, self._transport.post(f"/guilds/{guild_id}/threads", body, key=key))

    def college_threads(self, college_id: int) -> Iterator[Thread]:
        """Give the threads of a college's forum: 1 the workers', 2 the requesters', 3 the team's."""
        return self._all(Thread, f"/colleges/{college_id}/threads", limit=200)

    def start_college_thread(
        self, college_id: int, title: str, text: str, *, key: str | None = None
    ) -> Thread:
        """Begin a thread in the forum of one's college."""
        body = {"title": title, "text": text}
        return read(Thread, self._transport.post(f"/colleges/{college_id}/threads", body, key=key))

    def thread(self, thread_id: int) -> Thread:
        return read(Thread, self._transport.get(f"/threads/{thread_id}"))

    def posts(self, thread_id: int) -> Iterator[Post]:
        """Give the posts of a thread in their order; that does not count as having read them."""
        return self._all(Post, f"/threads/{thread_id}/posts", limit=200)

    def write_in_thread(
        self,
        thread_id: int,
        text: str,
        *,
        quotes: int | None = None,
        task: int | None = None,
        key: str | None = None,
    ) -> Post:
        """Write in a thread, in answer to the post numbered `quotes` if so."""
        body = given(text=text, quotes=quotes, task=task)
        return read(Post, self._transport.post(f"/threads/{thread_id}/posts", body, key=key))

    def search_in_thread(self, thread_id: int, words: str, *, page: int = 1) -> PostsFound:
        """Return the posts of a thread with all these words, the best first."""
        return read(PostsFound, self._transport.get(f"/threads/{thread_id}/found", words=words, page=page))

    def keep_reading(
        self, thread_id: int, *, follows: bool | None = None, read_to: int | None = None
    ) -> Thread:
        """Follow a thread or not, and keep how far one has read."""
        body = given(follows=follows, read_to=read_to)
        return read(Thread, self._transport.put(f"/threads/{thread_id}/reading", body))

    def close_thread(self, thread_id: int, *, closed: bool = True) -> Thread:
        """Close a thread of a forum that one began, or open it again. Refused as `thread_of_another`."""
        return read(Thread, self._transport.put(f"/threads/{thread_id}/closing", {"closed": closed}))

    def change_post(self, thread_id: int, number: int, text: str) -> Post:
        """Put one's own post in other words; what it said before stays to be read."""
        return read(Post, self._transport.patch(f"/threads/{thread_id}/posts/{number}", {"text": text}))

    def take_post_back(self, thread_id: int, number: int) -> None:
        """Take one's own post back: its words go for good."""
        self._transport.delete(f"/threads/{thread_id}/posts/{number}")

    def send_message_file(
        self, thread_id: int, number: int, file: FileLike, *, filename: str | None = None
    ) -> MessageFile:
        """Send a file with one's own message between two, as long as it is the last one there."""
        with opened(file, "rb") as content:
            sent = self._transport.upload(
                f"/threads/{thread_id}/posts/{number}/files",
                content,
                size_bytes=bytes_left(content),
                filename=filename or name_of(file),
            )
        return read(MessageFile, sent)

    def download_message_file(self, thread_id: int, number: int, file_id: str, to: FileLike) -> int:
        """Write a file of a message between two; return how many bytes there were."""
        with opened(to, "wb") as target:
            return self._transport.download(f"/threads/{thread_id}/posts/{number}/files/{file_id}", target)

    def take_message_file_back(self, thread_id: int, number: int, file_id: str) -> None:
        """Take a file from one's own message, for good."""
        self._transport.delete(f"/threads/{thread_id}/posts/{number}/files/{file_id}")

    def wordings(self, thread_id: int, number: int) -> Iterator[PostWording]:
        """Give all that a post has said, the newest first."""
        return self._all(PostWording, f"/threads/{thread_id}/posts/{number}/wordings")
