"""Facilitated discussions and their records."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Party, Said, Sent
from canut.api.shapes.talk import who_said
from canut.discussion.facilitated.limits import LONGEST_PIECE, LONGEST_QUESTION, LONGEST_STATEMENT
from canut.discussion.facilitated.queries import CallSeen, DiscussionCard, DiscussionSeen, StatementSeen
from canut.discussion.facilitated.queries_record import RecordSeen
from canut.discussion.facilitated.states import About, Part, State
from canut.discussion.limits import LONGEST_TEXT


class DiscussionListed(Said):
    """A facilitated discussion in a list."""

    id: int
    question: str
    state: State
    opened_at: Moment
    due_at: Moment | None = Field(description="When it goes on by itself, or ends.")
    ended_at: Moment | None
    has_record: bool


class DiscussionRound(Said):
    """One of the three rounds. Its posts are those of the thread from `first_post` on."""

    number: int
    began_at: Moment
    ends_at: Moment
    summary: str | None = Field(description="What the facilitator said of the round before.")
    posts: int
    first_post: int | None = Field(description="The number of its first post.")


class PartCall(Said):
    """Somebody is asked to take a part, or offers to."""

    id: int
    part: Part
    person: Party
    by: Party
    is_offer: bool
    may_accept: bool
    may_decline: bool


class DiscussionStatement(Said):
    """A sentence of the third round, with how many could live with it."""

    number: int = Field(description="The number of its post in the thread.")
    author: Party
    text: str = Field(description="Empty while it is hidden.")
    can: int
    cannot: int
    own_mark: bool | None = Field(description="Whether the caller could; null before they said.")
    against: Sequence[str] = Field(description="Why some could not, as they wrote it.")


class WeighedStatement(Said):
    """A statement as the record has it: without anybody's name."""

    text: str
    can: int
    cannot: int


class DiscussionObjection(Said):
    """What somebody said against the wording of a record; `who` only where they agreed to be named."""

    text: str = Field(description="Empty if it was taken back, or is hidden.")
    who: Party | None


class DiscussionRecord(Said):
    """What came of a discussion."""

    discussion_id: int
    question: str
    number: int = Field(description="How often it was written; the last one counts.")
    written_at: Moment
    published_at: Moment | None
    objections_until: Moment | None
    asked: str
    said: str
    agreed: str
    left_open: str
    people: int = Field(description="How many took part.")
    named: Sequence[Party] = Field(description="Those of them who agreed to be named.")
    statements: Sequence[WeighedStatement]
    objections: Sequence[DiscussionObjection]


class Discussion(Said):
    """A facilitated discussion, with what is between it and the caller."""

    id: int
    about: About
    about_id: int
    thread_id: int = Field(description="The thread in which the first two rounds are written.")
    question: str
    opened_by: Party
    opened_at: Moment
    state: State
    due_at: Moment | None = Field(description="When it goes on by itself, or ends.")
    ended_at: Moment | None
    lapsed_for: str = Field(description="Why it came to nothing, if it did.")
    facilitator: Party | None
    rapporteur: Party | None
    open_parts: Sequence[Part] = Field(description="The parts for which people are looked for.")
    calls: Sequence[PartCall]
    rounds: Sequence[DiscussionRound]
    statements: Sequence[DiscussionStatement]
    people: int = Field(description="How many took part by now.")
    may_be_named: bool = Field(description="Whether the record may name the caller.")
    record: DiscussionRecord | None


class DiscussionIn(Sent):
    """A question to discuss, and what there is to know about it."""

    question: str = Field(max_length=LONGEST_QUESTION)
    text: str = Field(max_length=LONGEST_TEXT)


class PartCallIn(Sent):
    """Who is asked to take a part, by screen name; null is the caller's own offer."""

    part: str = Field(description="`facilitator` or `rapporteur`.", pattern="^(facilitator|rapporteur)$")
    screen_name: str | None = Field(None, max_length=60)


class PartAnswerIn(Sent):
    """Whether the caller accepts."""

    accepts: bool


class DiscussionTextIn(Sent):
    """A summary, or an objection."""

    text: str = Field(max_length=LONGEST_TEXT)


class StatementIn(Sent):
    """A sentence that all could live with."""

    text: str = Field(max_length=LONGEST_STATEMENT)


class MarkIn(Sent):
    """Whether the caller could live with a statement; if not, why."""

    can_live: bool
    why: str = Field("", max_length=LONGEST_TEXT)


class NamingIn(Sent):
    """Whether the record may name the caller."""

    may_be_named: bool


class RecordIn(Sent):
    """The record, in four pieces."""

    asked: str = Field(max_length=LONGEST_PIECE)
    said: str = Field(max_length=LONGEST_PIECE)
    agreed: str = Field(max_length=LONGEST_PIECE)
    left_open: str = Field(max_length=LONGEST_PIECE)
    are_no_names: bool = Field(False, description="The words in it that look like names of people are none.")


def listed_said(card: DiscussionCard) -> DiscussionListed:
    return DiscussionListed.model_validate(card)


def discussion_said(seen: DiscussionSeen) -> Discussion:
    same = ("id", "about", "about_id", "thread_id", "question", "opened_at", "state", "due_at", "ended_at")
    return Discussion(
        **{name: getattr(seen, name) for name in (*same, "open_parts", "people", "may_be_named")},
        opened_by=who_said(seen.opened_by),
        lapsed_for=str(seen.lapsed_for or ""),
        facilitator=None if seen.facilitator is None else who_said(seen.facilitator),
        rapporteur=None if seen.rapporteur is None else who_said(seen.rapporteur),
        calls=[_call_said(one) for one in seen.calls if one.may_decline],
        rounds=[
            DiscussionRound(
                number=one.number,
                began_at=one.began_at,
                ends_at=one.ends_at,
                summary=None if one.summary is None else one.summary.text,
                posts=one.posts,
                first_post=one.first_post,
            )
            for one in seen.rounds
        ],
        statements=[_statement_said(one) for one in seen.statements],
        record=None if seen.record is None else record_said(seen.record),
    )


def record_said(seen: RecordSeen) -> DiscussionRecord:
    same = ("discussion_id", "question", "number", "written_at", "published_at", "objections_until", "people")
    return DiscussionRecord(
        **{name: getattr(seen, name) for name in same},
        asked=seen.pieces["asked"],
        said=seen.pieces["said"],
        agreed=seen.pieces["agreed"],
        left_open=seen.pieces["left_open"],
        named=[who_said(one) for one in seen.named],
        statements=[
            WeighedStatement(text=one.text, can=one.tally.can, cannot=one.tally.cannot)
            for one in seen.statements
        ],
        objections=[
            DiscussionObjection(text=one.text, who=None if one.who is None else who_said(one.who))
            for one in seen.objections
        ],
    )


def _call_said(seen: CallSeen) -> PartCall:
    same = ("id", "part", "is_offer", "may_accept", "may_decline")
    return PartCall(
        **{name: getattr(seen, name) for name in same},
        person=who_said(seen.person),
        by=who_said(seen.by),
    )


def _statement_said(seen: StatementSeen) -> DiscussionStatement:
    return DiscussionStatement(
        number=seen.post.number,
        author=who_said(seen.post.author),
        text=seen.post.text,
        can=seen.tally.can,
        cannot=seen.tally.cannot,
        own_mark=seen.own_mark,
        against=[one.text for one in seen.against if one.text],
    )
