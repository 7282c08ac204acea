"""Threads, posts and forums."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Party, Said, Sent
from canut.discussion.limits import LONGEST_TEXT, LONGEST_TITLE
from canut.discussion.models import SubjectKind
from canut.discussion.queries import PostSeen, ThreadCard, Wording
from canut.discussion.queries_search import Found
from canut.forums.conversations.models import Attachment
from canut.forums.conversations.queries import NoteSeen
from canut.forums.queries import OwnPost as OwnPostSeen
from canut.forums.queries import Talk as TalkSeen
from canut.people.queries import WhoIs
from canut.work.queries.taking_part import CitedTask

LARGEST_NUMBER = 2**31 - 1


class Thread(Said):
    """Posts about a project, in the forum of a guild or a college, or in a conversation of two."""

    id: int
    about: SubjectKind
    about_id: int = Field(description="Of colleges: 1 the workers, 2 the requesters, 3 the team.")
    title: str = Field(description="Empty for the thread of a project.")
    started_by: Party
    started_at: Moment
    last_post_at: Moment | None
    posts: int
    new: int = Field(description="Posts that the caller has not read.")
    follows: bool
    is_closed: bool


class MessageFile(Said):
    """A file that came with a message between two."""

    file: str = Field(description="By which it is fetched.")
    name: str
    size: int = Field(description="In bytes.")
    type: str


class Post(Said):
    """A post. What is hidden or was taken back has no words."""

    id: int
    number: int = Field(description="Counted from 1 in its thread; it never changes.")
    author: Party
    is_own: bool
    text: str = Field(description="As it was written, in Markdown.")
    html: str = Field(description="The same drawn, with only harmless tags.")
    quotes: int | None = Field(description="The number of the post that it answers.")
    task: int | None = Field(description="The number of the task that it speaks of.")
    posted_at: Moment
    edited_at: Moment | None
    is_withdrawn: bool
    is_hidden: bool
    files: Sequence[MessageFile] = Field(description="Of a message between two; empty elsewhere.")


class PostIn(Sent):
    """What somebody writes in a thread."""

    text: str = Field(max_length=LONGEST_TEXT, description="Markdown; @ and a screen name calls somebody.")
    quotes: int | None = Field(None, ge=1, le=LARGEST_NUMBER, description="The number of a post to answer.")
    task: int | None = Field(
        None, ge=1, le=LARGEST_NUMBER, description="In a project's thread, the number of one of its tasks."
    )


class MessageIn(Sent):
    """What somebody writes to one other alone."""

    text: str = Field(max_length=LONGEST_TEXT, description="Markdown.")
    task: int | None = Field(None, ge=1, le=LARGEST_NUMBER, description="The number of the task it is about.")
    worker_id: int | None = Field(
        None, ge=1, lt=2**63, description="From the requester: whom they write to, who took part."
    )


class Conversation(Said):
    """One of the caller's conversations; `name` says with whom, and about what."""

    name: str
    thread: Thread


class OwnPost(Said):
    """What the caller wrote; they may take it back even where they may not read any more."""

    id: int
    thread_id: int
    number: int
    where: str | None = Field(description="What its subject is called; null where the caller reads no more.")
    title: str = Field(description="Of its thread, in a forum.")
    words: str = Field(description="How it begins.")
    posted_at: Moment


class TaskNote(Said):
    """What a requester told everybody who does a task from then on."""

    id: int
    project_id: int
    task: int = Field(description="The number of the task.")
    text: str = Field(description="As it was written, in Markdown.")
    html: str
    said_at: Moment


class PostChange(Sent):
    """Words for a post, or for a note."""

    text: str = Field(max_length=LONGEST_TEXT)


class ThreadIn(Sent):
    """A thread to begin, with its first post."""

    title: str = Field(max_length=LONGEST_TITLE)
    text: str = Field(max_length=LONGEST_TEXT, description="The first post, in Markdown.")


class PostWording(Said):
    """What a post said from one moment to another; `until` is null for what it says now."""

    text: str
    since: Moment
    until: Moment | None


class PostFound(Said):
    """A post that a search found."""

    thread_id: int
    number: int
    author: Party
    posted_at: Moment
    html: str = Field(description="A piece of it, with the words in `<mark>`.")


class PostsFound(Said):
    """A page of what a search found."""

    found: Sequence[PostFound]
    page: int
    has_more: bool


class ReadingIn(Sent):
    """Whether the caller follows a thread, and how far they have read; what is left out stays as it is."""

    follows: bool | None = None
    read_to: int | None = Field(None, ge=0, le=LARGEST_NUMBER, description="The last post that was read.")


class ClosingIn(Sent):
    """Whether a thread is to be closed, or open."""

    closed: bool


class Forum(Said):
    """A forum that the caller is in."""

    about: SubjectKind
    about_id: int
    name: str
    threads: int


class FollowedThread(Said):
    """A thread that the caller follows; `where` is what its subject is called."""

    where: str
    thread: Thread


class Talk(Said):
    """The caller's forums, and what they follow: those with something new first, 50 at most."""

    forums: Sequence[Forum]
    followed: Sequence[FollowedThread]


def who_said(who: WhoIs) -> Party:
    return Party(id=who.id, screen_name=who.screen_name, simulated=who.simulated)


def thread_said(card: ThreadCard) -> Thread:
    same = ("id", "title", "started_at", "last_post_at", "posts", "new", "follows", "is_closed")
    return Thread(
        **{name: getattr(card, name) for name in same},
        about=card.subject_kind,
        about_id=card.subject_id,
        started_by=who_said(card.started_by),
    )


def file_said(file: Attachment) -> MessageFile:
    return MessageFile(file=str(file.pk), name=file.filename, size=file.size_bytes, type=file.media_type)


def own_post_said(one: OwnPostSeen) -> OwnPost:
    return OwnPost(**{name: getattr(one, name) for name in OwnPost.model_fields})


def post_said(seen: PostSeen, tasks: Mapping[int, CitedTask], files: Sequence[Attachment]) -> Post:
    same = ("id", "number", "is_own", "text", "posted_at", "edited_at", "is_withdrawn", "is_hidden")
    cited = None if seen.cites_id is None else tasks.get(seen.cites_id)
    return Post(
        **{name: getattr(seen, name) for name in same},
        author=who_said(seen.author),
        html=str(seen.html),
        quotes=None if seen.quotes is None else seen.quotes.number,
        task=None if cited is None else cited.number,
        files=[file_said(one) for one in files],
    )


def note_said(note: NoteSeen) -> TaskNote:
    same = ("id", "project_id", "text", "said_at")
    return TaskNote(
        **{name: getattr(note, name) for name in same}, task=note.task_number, html=str(note.html)
    )


def wording_said(one: Wording) -> PostWording:
    return PostWording(text=one.text, since=one.since, until=one.until)


def found_said(one: Found) -> PostFound:
    return PostFound(
        thread_id=one.thread_id,
        number=one.number,
        author=who_said(one.author),
        posted_at=one.posted_at,
        html=str(one.html),
    )


def talk_said(talk: TalkSeen) -> Talk:
    return Talk(
        forums=[
            Forum(about=one.kind, about_id=one.subject_id, name=one.name, threads=one.threads)
            for one in talk.forums
        ],
        followed=[FollowedThread(where=one.where, thread=thread_said(one.thread)) for one in talk.followed],
    )
