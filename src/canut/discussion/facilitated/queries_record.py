"""The record of a facilitated discussion as pages and programs show it.

It names nobody who has not agreed: neither who put up a statement, nor who marked it or objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.going_on import who_took_part
from canut.discussion.facilitated.models import Discussion, Mark, Naming, Record, Statement
from canut.discussion.facilitated.rules import Tally, tally
from canut.discussion.facilitated.states import About, State
from canut.discussion.markdown import as_html
from canut.discussion.queries import posts_seen
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are

PIECES = ("asked", "said", "agreed", "left_open")


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    """What somebody said against the wording of a record; `who` only where they agreed to be named."""

    text: str
    html: SafeString
    who: WhoIs | None
    is_own: bool
    is_withdrawn: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class WeighedSeen:
    """A statement as the record shows it: without anybody's name."""

    html: SafeString
    text: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """What came of a discussion. `people` took part; those in `named` agreed to be named."""

    discussion_id: int
    about: About
    about_id: int
    question: str
    number: int
    state: State
    written_at: datetime
    published_at: datetime | None
    objections_until: datetime | None
    pieces: Mapping[str, str]
    html: Mapping[str, SafeString]
    people: int
    named: Sequence[WhoIs]
    statements: Sequence[WeighedSeen]
    objections: Sequence[ObjectionSeen]


def record_seen(discussion_id: int, *, by: Person | None, at: datetime) -> RecordSeen | None:
    """Return the record of a discussion, while it is open to objections or once it is published; else None.

    Raises:
        DiscussionNotFound: there is no such discussion.
    """
    row = discussion_known(discussion_id)
    last = row.records.order_by("-number").first()
    return None if last is None else record_of(row, last, reader_id=by.pk if by else None, at=at)


def record_of(row: Discussion, last: Record, *, reader_id: int | None, at: datetime) -> RecordSeen:
    """Return a record as somebody sees it, or with None everybody."""
    pieces = {name: getattr(last, name) for name in PIECES}
    named = set(Naming.objects.filter(discussion=row).values_list("person_id", flat=True))
    objections = list(last.objections.select_related("post").order_by("pk"))
    who = who_are(named)
    posts = {
        post.id: post for post in posts_seen([one.post for one in objections], reader_id=reader_id, at=at)
    }
    statements = live_statements(row)
    marks, weighed = marks_of(statements), posts_seen([o.post for o in statements], reader_id=None, at=at)
    took_part = {*who_took_part(row), row.facilitator_id, row.rapporteur_id}
    return RecordSeen(
        discussion_id=row.pk,
        about=About(row.about_kind),
        about_id=row.about_id,
        question=row.question,
        number=last.number,
        state=State(row.state),
        written_at=last.written_at,
        published_at=row.ended_at if row.state == State.PUBLISHED else None,
        objections_until=row.due_at if row.state == State.OBJECTING else None,
        pieces=pieces,
        html={name: as_html(text, called=()) for name, text in pieces.items()},
        people=last.people,
        named=[one for one in who.values() if one.id in took_part and not one.is_closed],
        statements=[
            WeighedSeen(post.html, post.text, tally(mark.can_live for mark in marks[one.pk]))
            for one, post in zip(statements, weighed, strict=True)
            if not post.is_hidden
        ],
        objections=[
            ObjectionSeen(
                text=posts[one.post_id].text,
                html=posts[one.post_id].html,
                who=who.get(one.person_id),
                is_own=one.person_id == reader_id,
                is_withdrawn=posts[one.post_id].is_withdrawn,
                is_hidden=posts[one.post_id].is_hidden,
            )
            for one in objections
        ],
    )


def live_statements(row: Discussion) -> Sequence[Statement]:
    """Return the statements of a discussion that were not taken back, in the order they came."""
    rows = Statement.objects.filter(discussion=row, post__withdrawn_at__isnull=True).select_related("post")
    return list(rows.order_by("post__number"))


def marks_of(statements: Sequence[Statement]) -> Mapping[int, Sequence[Mark]]:
    """Return the marks of statements, by statement, the first made first."""
    found: dict[int, list[Mark]] = {one.pk: [] for one in statements}
    for mark in Mark.objects.filter(statement__in=statements).select_related("why").order_by("marked_at"):
        found[mark.statement_id].append(mark)
    return found
