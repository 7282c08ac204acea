"""What somebody has to do with talk: the forums they are in, and the threads they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.discussion.markdown import excerpt
from canut.discussion.models import Post, SubjectKind
from canut.discussion.queries import ThreadCard, followed, threads_about
from canut.forums.access import name_to_reader
from canut.forums.subjects.college import NUMBERS, college_name
from canut.guilds.queries.guilds import memberships_of
from canut.membership.queries import standing_of
from canut.membership.states import College
from canut.people.models import Person


@dataclass(frozen=True, slots=True)
class Forum:
    """A forum that somebody is in. `college` is None for a guild's."""

    kind: SubjectKind
    subject_id: int
    name: str
    college: College | None
    threads: int


@dataclass(frozen=True, slots=True)
class Followed:
    """A thread that somebody follows and may still read, with what its subject is called."""

    where: str
    thread: ThreadCard


@dataclass(frozen=True, slots=True)
class Talk:
    forums: Sequence[Forum]
    followed: Sequence[Followed]


@dataclass(frozen=True, slots=True)
class OwnPost:
    """What somebody wrote. `where` is None where they may not read any more; they may take it back still."""

    id: int
    thread_id: int
    number: int
    where: str | None
    title: str
    words: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class OwnPosts:
    posts: Sequence[OwnPost]
    next_before: int | None


def own_posts(by: Person, *, at: datetime, before: int | None = None, most: int = 25) -> OwnPosts:
    """Return what somebody wrote anywhere and has not taken back, the latest first, hidden or not."""
    rows = Post.objects.filter(author_id=by.pk, withdrawn_at__isnull=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("thread").order_by("-pk")[: most + 1])
    shown = found[:most]
    subjects = {(SubjectKind(row.thread.subject_kind), row.thread.subject_id) for row in shown}
    names = {one: name_to_reader(*one, person=by, at=at) for one in subjects}
    posts = [
        OwnPost(
            id=row.pk,
            thread_id=row.thread_id,
            number=row.number,
            where=names[SubjectKind(row.thread.subject_kind), row.thread.subject_id],
            title=row.thread.title,
            words=excerpt(row.text),
            posted_at=row.posted_at,
        )
        for row in shown
    ]
    return OwnPosts(posts, shown[-1].pk if len(found) > most else None)


def talk_of(by: Person, *, at: datetime) -> Talk:
    """Return the forums that `by` is in, their college's first, and the threads that they follow."""
    cards = followed(by.pk, at=at)
    subjects = {(card.subject_kind, card.subject_id) for card in cards}
    names = {one: name_to_reader(*one, person=by, at=at) for one in subjects}
    shown = []
    for card in cards:
        name = names[card.subject_kind, card.subject_id]
        if name is not None:
            shown.append(Followed(name, card))
    return Talk(_forums(by, at=at), shown)


def _forums(by: Person, *, at: datetime) -> Sequence[Forum]:
    guilds = {one.id: one.name for one in memberships_of(by)}
    counts = threads_about(SubjectKind.GUILD, guilds)
    found = [Forum(SubjectKind.GUILD, pk, name, None, counts.get(pk, 0)) for pk, name in guilds.items()]
    standing = standing_of(by, at)
    if not standing.is_admitted or standing.college is None:
        return found
    number = NUMBERS[standing.college]
    threads = threads_about(SubjectKind.COLLEGE, [number]).get(number, 0)
    name = college_name(standing.college)
    return [Forum(SubjectKind.COLLEGE, number, name, standing.college, threads), *found]
