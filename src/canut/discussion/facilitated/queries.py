"""Facilitated discussions as pages and programs show them: the lists, and one of them.

Whoever calls has made sure by a `Place` that the reader may read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.discussion.access import own_word
from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.going_on import who_took_part
from canut.discussion.facilitated.limits import MOST_RECORDS
from canut.discussion.facilitated.models import (
    Call,
    Discussion,
    Naming,
    Objection,
    Round,
    Statement,
)
from canut.discussion.facilitated.queries_record import RecordSeen, live_statements, marks_of, record_of
from canut.discussion.facilitated.rules import Tally, can_be_filled, tally, what_follows
from canut.discussion.facilitated.states import ENDED, ROUNDS, About, Answer, Lapse, Part, State
from canut.discussion.models import Post, Reader, SubjectKind
from canut.discussion.place import Place
from canut.discussion.queries import PostSeen, posts_seen, thread_of
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are

A_PAGE = 20


@dataclass(frozen=True, slots=True)
class DiscussionCard:
    """A discussion in a list."""

    id: int
    question: str
    state: State
    opened_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    has_record: bool


@dataclass(frozen=True, slots=True)
class DiscussionsPage:
    cards: Sequence[DiscussionCard]
    next_before: int | None


@dataclass(frozen=True, slots=True)
class RoundSeen:
    """A round; `first_post` is where its posts begin in the thread, None while there is none."""

    number: int
    began_at: datetime
    ends_at: datetime
    summary: PostSeen | None
    posts: int
    first_post: int | None


@dataclass(frozen=True, slots=True)
class CallSeen:
    """A call to take a part, or an offer; `may_accept` and `may_decline` are the reader's."""

    id: int
    part: Part
    person: WhoIs
    by: WhoIs
    is_offer: bool
    may_accept: bool
    may_decline: bool


@dataclass(frozen=True, slots=True)
class StatementSeen:
    """A statement with its marks; `own_mark` is None while the reader has not marked it."""

    post: PostSeen
    tally: Tally
    own_mark: bool | None
    own_why: str
    against: Sequence[PostSeen]


@dataclass(frozen=True, slots=True)
class DiscussionSeen:
    """All of a discussion, and what is between it and who looks.

    `may` holds the verbs to offer; whether one is allowed is its own question. `round_now` is the number of
    the round that runs. `own_word` is the number of what the reader has said in the first round, while it
    can be changed.
    """

    id: int
    about: About
    about_id: int
    thread_id: int
    question: str
    background: PostSeen
    opened_by: WhoIs
    opened_at: datetime
    state: State
    state_since: datetime
    due_at: datetime | None
    ended_at: datetime | None
    lapsed_for: Lapse | None
    round_now: int | None
    facilitator: WhoIs | None
    rapporteur: WhoIs | None
    open_parts: Sequence[Part]
    calls: Sequence[CallSeen]
    rounds: Sequence[RoundSeen]
    statements: Sequence[StatementSeen]
    people: int
    records_left: int
    record: RecordSeen | None
    own_objection: str
    may_be_named: bool
    took_part: bool
    own_word: int | None
    follows: bool
    may: frozenset[str]


def discussions_about(
    about: About, about_id: int, *, before: int | None = None, most: int = A_PAGE
) -> DiscussionsPage:
    """Return the discussions about one thing, the last opened first."""
    rows = Discussion.objects.filter(about_kind=about, about_id=about_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: most + 1])
    shown = found[:most]
    return DiscussionsPage([_card(row) for row in shown], shown[-1].pk if len(found) > most else None)


def count_about(about: About, about_id: int) -> int:
    """Return how many discussions about one thing go on."""
    rows = Discussion.objects.filter(about_kind=about, about_id=about_id)
    return rows.exclude(state__in=ENDED).count()


def discussion_seen(place: Place, *, at: datetime, here: Mapping[Part, bool] | None = None) -> DiscussionSeen:
    """Return a discussion as the place's person sees it.

    `here` tells of each part whether whoever has it can still do it; left out, they can.

    Raises:
        DiscussionNotFound: there is none.
    """
    row = discussion_known(place.subject_id)
    by, state = place.person, State(row.state)
    thread_id = thread_of(SubjectKind.FACILITATED, row.pk) or 0
    posts = Post.objects.filter(thread_id=thread_id)
    rounds = list(row.rounds.select_related("summary").order_by("number"))
    took_part = who_took_part(row)
    has_said = _own_word(row, place, rounds, at=at)
    own = [row.opened_by_id, *filter(None, [row.facilitator_id, row.rapporteur_id])]
    calls = list(Call.objects.filter(discussion=row, answer=Answer.OPEN).order_by("pk"))
    who = who_are({*own, *(call.person_id for call in calls), *(call.by_id for call in calls)})
    open_parts = [part for part in Part if _is_open(row, part, here)]
    records = list(row.records.order_by("-number"))
    last = records[0] if records else None
    objection = (
        Objection.objects.filter(record=last, person=by).select_related("post").first() if last else None
    )
    return DiscussionSeen(
        id=row.pk,
        about=About(row.about_kind),
        about_id=row.about_id,
        thread_id=thread_id,
        question=row.question,
        background=posts_seen(list(posts.filter(number=1)), reader_id=by.pk, at=at)[0],
        opened_by=who[row.opened_by_id],
        opened_at=row.opened_at,
        state=state,
        state_since=row.state_since,
        due_at=row.due_at,
        ended_at=row.ended_at,
        lapsed_for=Lapse(row.lapsed_for) if row.lapsed_for else None,
        round_now=ROUNDS.get(state),
        facilitator=who.get(row.facilitator_id or 0),
        rapporteur=who.get(row.rapporteur_id or 0),
        open_parts=open_parts,
        calls=[_call(call, row, by, who) for call in calls],
        rounds=_rounds(rounds, thread_id, reader_id=by.pk, at=at),
        statements=_statements(row, reader_id=by.pk, at=at),
        people=len(took_part),
        records_left=MOST_RECORDS - len(records),
        record=None if last is None else record_of(row, last, reader_id=by.pk, at=at),
        own_objection=objection.post.text if objection else "",
        may_be_named=Naming.objects.filter(discussion=row, person=by).exists(),
        took_part=by.pk in took_part,
        own_word=has_said,
        follows=Reader.objects.filter(thread_id=thread_id, person=by, follows=True).exists(),
        may=_may(row, place, took_part, open_parts, has_said=has_said is not None, at=at),
    )


def published_about(about: About, about_id: int, *, most: int = 5) -> Sequence[DiscussionCard]:
    """Return the discussions about one thing that have a published record, the last first."""
    rows = Discussion.objects.filter(about_kind=about, about_id=about_id, state=State.PUBLISHED)
    return [_card(row) for row in rows.order_by("-pk")[:most]]


def _card(row: Discussion) -> DiscussionCard:
    return DiscussionCard(
        id=row.pk,
        question=row.question,
        state=State(row.state),
        opened_at=row.opened_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        has_record=row.state in (State.OBJECTING, State.PUBLISHED),
    )


def _is_open(row: Discussion, part: Part, here: Mapping[Part, bool] | None) -> bool:
    return row.state != State.OBJECTING and can_be_filled(
        holder=row.holder_of(part) is not None,
        holder_is_here=here is None or here[part],
        waits_for_holder=row.waits_for == part,
        reminded=row.reminded_at is not None,
        has_ended=row.state in ENDED,
    )


def _call(call: Call, row: Discussion, by: Person, who: Mapping[int, WhoIs]) -> CallSeen:
    is_offer = call.person_id == call.by_id
    chooses = by.pk in (row.opened_by_id, row.facilitator_id, row.rapporteur_id)
    return CallSeen(
        id=call.pk,
        part=Part(call.part),
        person=who[call.person_id],
        by=who[call.by_id],
        is_offer=is_offer,
        may_accept=chooses if is_offer else call.person_id == by.pk,
        may_decline=chooses or by.pk in (call.person_id, call.by_id),
    )


def _rounds(rows: Sequence[Round], thread_id: int, *, reader_id: int, at: datetime) -> Sequence[RoundSeen]:
    summaries = [row.summary for row in rows if row.summary is not None]
    seen = {post.id: post for post in posts_seen(summaries, reader_id=reader_id, at=at)}
    found = []
    for row in rows:
        posts = Post.objects.filter(
            thread_id=thread_id,
            number__gt=row.fixed_to,
            posted_at__lt=row.ends_at,  # what is said against the record belongs to no round
            withdrawn_at__isnull=True,
        )
        if row.summary is not None:
            posts = posts.exclude(pk=row.summary.pk)
        numbers = list(posts.order_by("number").values_list("number", flat=True))
        found.append(
            RoundSeen(
                row.number,
                row.began_at,
                row.ends_at,
                None if row.summary is None else seen[row.summary.pk],
                len(numbers),
                numbers[0] if numbers else None,
            )
        )
    return found


def _statements(row: Discussion, *, reader_id: int, at: datetime) -> Sequence[StatementSeen]:
    statements = live_statements(row)
    marks = marks_of(statements)
    whys = [mark.why for each in marks.values() for mark in each if mark.why and not mark.can_live]
    seen = posts_seen([*(one.post for one in statements), *whys], reader_id=reader_id, at=at)
    posts = {post.id: post for post in seen}

    def shown(one: Statement) -> StatementSeen:
        own = next((mark for mark in marks[one.pk] if mark.person_id == reader_id), None)
        against = [posts[mark.why.pk] for mark in marks[one.pk] if mark.why and not mark.can_live]
        return StatementSeen(
            post=posts[one.post_id],
            tally=tally(mark.can_live for mark in marks[one.pk]),
            own_mark=None if own is None else own.can_live,
            own_why=own.why.text if own is not None and own.why is not None else "",
            against=against,
        )

    return [shown(one) for one in statements]


def _own_word(row: Discussion, place: Place, rounds: Sequence[Round], *, at: datetime) -> int | None:
    if row.state != State.SAYING or _is_over(row, at=at) or not place.may_write:
        return None
    return own_word(place, fixed_to=rounds[0].fixed_to)


def _is_over(row: Discussion, *, at: datetime) -> bool:
    return row.due_at is not None and at >= row.due_at


def _may(
    row: Discussion,
    place: Place,
    took_part: frozenset[int],
    open_parts: Sequence[Part],
    *,
    has_said: bool,
    at: datetime,
) -> frozenset[str]:
    by, state = place.person.pk, State(row.state)
    is_over = _is_over(row, at=at)
    if is_over:  # whoever writes the summary or the record now lets it go on first
        state, _lapse = what_follows(state, people=len(took_part), least_people=row.least_people)
    writes, facilitates = place.may_write, by == row.facilitator_id
    records = by == row.rapporteur_id
    goes_on = state not in ENDED
    may = {
        "write": writes
        and not facilitates
        and state in (State.SAYING, State.ANSWERING)
        and not is_over
        and not has_said,
        "sum_up": writes and facilitates and state in (State.SUMMING_SAID, State.SUMMING_ANSWERS),
        "weigh": writes and not facilitates and state == State.WEIGHING and not is_over,
        "record": writes and records and state in (State.RECORDING, State.OBJECTING),
        "object": writes
        and not records
        and state == State.OBJECTING
        and not is_over
        and (by in took_part or facilitates),
        "offer": writes and bool(open_parts) and not facilitates and not records,
        "ask": writes
        and bool(open_parts)
        and by in (row.opened_by_id, row.facilitator_id, row.rapporteur_id),
        "step_down": goes_on and (facilitates or records),
        "withdraw": by == row.opened_by_id and state == State.GATHERING,
        "be_named": by in took_part or facilitates or records,
    }
    return frozenset(verb for verb, held in may.items() if held)
