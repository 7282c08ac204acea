"""Reading threads, for pages, programs and mails. Everything comes out frozen, without what is hidden.

Whoever calls has made sure by a `Place` that the reader may read.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Case, Count, F, Min, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString, mark_safe

from canut.discussion.access import LARGEST_NUMBER, own_post, post_at, thread_at
from canut.discussion.hiding.queries import hidden_among, hiding_changed_in_query
from canut.discussion.hiding.states import HiddenKind
from canut.discussion.limits import A_PAGE
from canut.discussion.markdown import as_html, excerpt
from canut.discussion.models import Mention, Post, Reader, SubjectKind, Thread
from canut.discussion.place import Place
from canut.discussion.queries_news import to_be_read
from canut.people.queries import WhoIs, who_are


@dataclass(frozen=True, slots=True)
class ThreadCard:
    """A thread in a list. `new` counts the posts of others that can be read, and the reader has not."""

    id: int
    subject_kind: SubjectKind
    subject_id: int
    title: str
    started_by: WhoIs
    started_at: datetime
    last_post_at: datetime | None
    posts: int
    new: int
    follows: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ThreadsPage:
    threads: Sequence[ThreadCard]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a post answers: the beginning of another's words, empty if they are gone or hidden."""

    number: int
    author: WhoIs
    words: str


@dataclass(frozen=True, slots=True)
class PostSeen:
    """A post. What is hidden or was taken back has no words: `text` and `html` are empty then."""

    id: int
    number: int
    author: WhoIs
    is_own: bool
    text: str
    html: SafeString
    quotes: Quoted | None
    cites_id: int | None
    posted_at: datetime
    edited_at: datetime | None
    is_withdrawn: bool
    is_hidden: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class ThreadSeen:
    """One page of a thread; `id` is None before anybody wrote. `first_new` is the first post not read."""

    id: int | None
    title: str
    started_by_id: int | None
    count: int
    page: int
    pages: int
    posts: Sequence[PostSeen]
    follows: bool
    first_new: int | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Wording:
    """What a post said at one time; `until` is None for what it says now."""

    html: SafeString
    text: str
    since: datetime
    until: datetime | None


def threads_page(place: Place, *, at: datetime, page: int = 1, most: int = A_PAGE) -> ThreadsPage:
    """Return the threads of a forum, those written in last first."""
    rows = Thread.objects.filter(subject_kind=place.subject_kind, subject_id=place.subject_id)
    count = rows.count()
    pages, page = _pages(count, page, most)
    shown = rows.order_by("-last_post_at", "-pk")[(page - 1) * most : page * most]
    return ThreadsPage(cards_of(list(shown), reader_id=place.person.pk, at=at), page, pages)


def followed(person_id: int, *, at: datetime, most: int = A_PAGE) -> Sequence[ThreadCard]:
    """Return the threads that somebody follows, those written in since they read first, the latest first.

    Whether they may still read each, rooms above know.
    """
    rows = Reader.objects.filter(person_id=person_id, follows=True, thread__posts__gt=0)
    has_news = Case(When(thread__posts__gt=F("read_to"), then=0), default=1)
    ordered = rows.order_by(has_news, "-thread__last_post_at", "-thread_id").select_related("thread")
    return cards_of([row.thread for row in ordered[:most]], reader_id=person_id, at=at)


def threads_after(place: Place, *, after_id: int | None, at: datetime, most: int) -> Sequence[ThreadCard]:
    """Return threads of a forum, the last begun first, from the one that was begun before `after_id` on."""
    rows = Thread.objects.filter(subject_kind=place.subject_kind, subject_id=place.subject_id)
    if after_id is not None:
        rows = rows.filter(pk__lt=after_id)
    return cards_of(list(rows.order_by("-pk")[:most]), reader_id=place.person.pk, at=at)


def thread_card(place: Place, *, at: datetime) -> ThreadCard:
    """Return a thread without its posts.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    return cards_of([thread_at(place)], reader_id=place.person.pk, at=at)[0]


def posts_after(place: Place, *, after: int, at: datetime, most: int) -> Sequence[PostSeen]:
    """Return the posts of a thread that follow the one numbered `after`, in their order.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    rows = Post.objects.filter(thread=thread_at(place), number__gt=min(after, LARGEST_NUMBER))
    return posts_seen(list(rows.order_by("number")[:most]), reader_id=place.person.pk, at=at)


def posts_changed(
    place: Place, *, since: datetime, first: int, last: int, at: datetime, most: int = A_PAGE
) -> Sequence[PostSeen]:
    """Return those of a thread's posts, by their numbers, that have other words or none since a moment.

    Raises:
        ThreadNotFound: nobody has written there yet.
    """
    rows = Post.objects.filter(thread=thread_at(place), number__gte=first, number__lte=last)
    changed = rows.filter(
        Q(edited_at__gte=since)
        | Q(withdrawn_at__gte=since)
        | Q(hiding_changed_in_query(HiddenKind.POST, "pk", since))
    )
    return posts_seen(list(changed.order_by("number")[:most]), reader_id=place.person.pk, at=at)


def thread_seen(
    place: Place, *, at: datetime, page: int | None = None, post: int | None = None, most: int = A_PAGE
) -> ThreadSeen:
    """Return a page of a thread: the one asked for, the one with a post, or where the reader has not read.

    Where everything is read, that is the last page.
    """
    if place.thread_id is None:
        return ThreadSeen(None, "", None, 0, 1, 1, (), False, None, None)
    thread = thread_at(place)
    reader = Reader.objects.filter(thread=thread, person=place.person).first()
    read_to = reader.read_to if reader else 0
    unread = to_be_read(reader_id=place.person.pk, at=at).filter(thread=thread, number__gt=read_to)
    first_new = unread.aggregate(first=Min("number"))["first"]
    wanted = post or first_new or thread.posts
    pages, page = _pages(thread.posts, page or -(-wanted // most), most)
    first = (page - 1) * most
    rows = Post.objects.filter(thread=thread, number__gt=first, number__lte=first + most).order_by("number")
    return ThreadSeen(
        id=thread.pk,
        title=thread.title,
        started_by_id=thread.started_by_id,
        count=thread.posts,
        page=page,
        pages=pages,
        posts=posts_seen(list(rows), reader_id=place.person.pk, at=at, read_to=read_to),
        follows=reader is not None and reader.follows,
        first_new=first_new,
        closed_at=thread.closed_at,
    )


def post_seen(place: Place, number: int, *, at: datetime) -> PostSeen:
    """Return one post.

    Raises:
        ThreadNotFound, PostNotFound: there is none.
    """
    return posts_seen([post_at(place, number)], reader_id=place.person.pk, at=at)[0]


def own_post_seen(place: Place, number: int, *, at: datetime) -> PostSeen:
    """Return one post that the reader wrote, with its words even while it is hidden from others.

    Raises:
        PostOfAnother: somebody else wrote it. ThreadNotFound, PostNotFound: there is none.
    """
    post = own_post(place, number)
    return replace(posts_seen([post], reader_id=place.person.pk, at=at)[0], text=post.text)


def posts_seen(
    rows: Sequence[Post], *, reader_id: int | None, at: datetime, read_to: int | None = None
) -> Sequence[PostSeen]:
    """Return posts as a reader sees them; with `read_to`, the number they have read to, what is new."""
    quoted = {one.pk: one for one in Post.objects.filter(pk__in=[row.quotes_id for row in rows])}
    every = [*rows, *quoted.values()]
    hidden = hidden_among(HiddenKind.POST, [row.pk for row in every], at)
    who = who_are({row.author_id for row in every})
    called = _called(rows)

    def seen(row: Post) -> PostSeen:
        is_shown = row.withdrawn_at is None and row.pk not in hidden
        quote = None if row.quotes_id is None else quoted[row.quotes_id]
        return PostSeen(
            id=row.pk,
            number=row.number,
            author=who[row.author_id],
            is_own=row.author_id == reader_id,
            text=row.text if is_shown else "",
            html=as_html(row.text, called=called.get(row.pk, ())) if is_shown else mark_safe(""),
            quotes=None if quote is None else _quoted(quote, who, is_hidden=quote.pk in hidden),
            cites_id=row.cites_id,
            posted_at=row.posted_at,
            edited_at=row.edited_at,
            is_withdrawn=row.withdrawn_at is not None,
            is_hidden=row.pk in hidden,
            is_new=is_shown and read_to is not None and row.number > read_to and row.author_id != reader_id,
        )

    return [seen(row) for row in rows]


def wordings(place: Place, number: int, *, at: datetime) -> Sequence[Wording]:
    """Return all that a post has said, the newest first; nothing of what is hidden or was taken back.

    Raises:
        ThreadNotFound, PostNotFound: there is none.
    """
    post = post_at(place, number)
    if post.withdrawn_at is not None or post.pk in hidden_among(HiddenKind.POST, [post.pk], at):
        return ()
    called = _called([post]).get(post.pk, ())
    earlier = [
        Wording(as_html(row.text, called=called), row.text, row.since, row.until)
        for row in post.earlier.order_by("-pk")
    ]
    now = Wording(as_html(post.text, called=called), post.text, post.edited_at or post.posted_at, None)
    return [now, *earlier]


def thread_of(subject_kind: SubjectKind, subject_id: int) -> int | None:
    """Return the one thread of a subject, None if nobody has written about it."""
    return (
        Thread.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
        .values_list("pk", flat=True)
        .first()
    )


def threads_about(subject_kind: SubjectKind, subject_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many threads there are about each of these subjects; those without any are left out."""
    rows = Thread.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    return dict(rows.values_list("subject_id").annotate(Count("pk")).order_by())


def cards_of(rows: Sequence[Thread], *, reader_id: int, at: datetime) -> Sequence[ThreadCard]:
    """Return threads as they stand in a list, with what `reader_id` has not read."""
    readers = {
        one.thread_id: one
        for one in Reader.objects.filter(person_id=reader_id, thread_id__in=[row.pk for row in rows])
    }
    who = who_are({row.started_by_id for row in rows})
    new = _unread([row.pk for row in rows], reader_id=reader_id, at=at)
    return [
        ThreadCard(
            id=row.pk,
            subject_kind=SubjectKind(row.subject_kind),
            subject_id=row.subject_id,
            title=row.title,
            started_by=who[row.started_by_id],
            started_at=row.started_at,
            last_post_at=row.last_post_at,
            posts=row.posts,
            new=new.get(row.pk, 0),
            follows=row.pk in readers and readers[row.pk].follows,
            is_closed=row.closed_at is not None,
        )
        for row in rows
    ]


def _unread(thread_ids: Collection[int], *, reader_id: int, at: datetime) -> Mapping[int, int]:
    """Return how many posts of others somebody has not read, by thread; a thread without any is left out."""
    read_to = Reader.objects.filter(thread_id=OuterRef("thread_id"), person_id=reader_id).values("read_to")
    rows = to_be_read(reader_id=reader_id, at=at).filter(
        thread_id__in=thread_ids, number__gt=Coalesce(Subquery(read_to), 0)
    )
    return dict(rows.values_list("thread_id").order_by().annotate(Count("pk")))


def _pages(count: int, page: int, most: int) -> tuple[int, int]:
    """Return how many pages there are, and the one asked for, or the nearest to it that there is."""
    pages = max(1, -(-count // most))
    return pages, min(max(page, 1), pages)


def _quoted(row: Post, who: Mapping[int, WhoIs], *, is_hidden: bool) -> Quoted:
    return Quoted(row.number, who[row.author_id], "" if is_hidden else excerpt(row.text))


def _called(rows: Iterable[Post]) -> Mapping[int, Sequence[str]]:
    """Return the names, in small letters, that each of these posts calls."""
    found: dict[int, list[str]] = {}
    mentions = Mention.objects.filter(post__in=rows).select_related("person__party")
    for one in mentions:
        found.setdefault(one.post_id, []).append(one.person.party.screen_name.lower())
    return found
