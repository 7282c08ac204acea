"""Threads, posts and forums."""

from dataclasses import dataclass
from datetime import datetime

from canut_client.models.common import Party


@dataclass(frozen=True, slots=True)
class Thread:
    """Posts about a project, or in the forum of a guild or a college; `new` are those not read."""

    id: int
    about: str
    about_id: int
    title: str
    started_by: Party
    started_at: datetime
    last_post_at: datetime | None
    posts: int
    new: int
    follows: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class MessageFile:
    """A file that came with a message between two; `file` is the id by which it is fetched."""

    file: str
    name: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post; what is hidden or was taken back has no words. `quotes` and `task` are numbers."""

    id: int
    number: int
    author: Party
    is_own: bool
    text: str
    html: str
    quotes: int | None
    task: int | None
    posted_at: datetime
    edited_at: datetime | None
    is_withdrawn: bool
    is_hidden: bool
    files: tuple[MessageFile, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One of one's conversations; `name` says with whom, and about what."""

    name: str
    thread: Thread


@dataclass(frozen=True, slots=True)
class OwnPost:
    """What one wrote; `where` is None where one may not read any more, but may take it back still."""

    id: int
    thread_id: int
    number: int
    where: str | None
    title: str
    words: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class TaskNote:
    """What a requester told everybody who does a task from then on; `task` is its number."""

    id: int
    project_id: int
    task: int
    text: str
    html: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class PostWording:
    """What a post said from one moment to another; `until` is None for what it says now."""

    text: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PostFound:
    """A post that a search found, with the words marked in `html`."""

    thread_id: int
    number: int
    author: Party
    posted_at: datetime
    html: str


@dataclass(frozen=True, slots=True)
class PostsFound:
    """A page of what a search found."""

    found: tuple[PostFound, ...]
    page: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum that one is in."""

    about: str
    about_id: int
    name: str
    threads: int


@dataclass(frozen=True, slots=True)
class FollowedThread:
    """A thread that one follows; `where` is what its subject is called."""

    where: str
    thread: Thread


@dataclass(frozen=True, slots=True)
class Talk:
    """One's forums, and what one follows."""

    forums: tuple[Forum, ...]
    followed: tuple[FollowedThread, ...]
