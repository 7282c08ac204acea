"""Facilitated discussions: what is asked, the two parts, the rounds, and the record."""

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page
from canut.api.shapes.discussions import (
    Discussion,
    DiscussionIn,
    DiscussionListed,
    DiscussionRecord,
    DiscussionTextIn,
    MarkIn,
    NamingIn,
    PartAnswerIn,
    PartCallIn,
    RecordIn,
    StatementIn,
    discussion_said,
    listed_said,
    record_said,
)
from canut.discussion.facilitated.access import discussion_known
from canut.discussion.facilitated.queries import discussion_seen, discussions_about
from canut.discussion.facilitated.refusals import (
    CallNotFound,
    DiscussionGoesOn,
    DiscussionNotFound,
    NamesSomebody,
    NotItsRound,
    NotYourPart,
    PartIsTaken,
    StatementNotFound,
    TooManyCalls,
    TooManyRecords,
    TooManyStatements,
)
from canut.discussion.facilitated.states import About, Part
from canut.discussion.facilitated.usecases.fill_part import step_down
from canut.discussion.facilitated.usecases.open_discussion import withdraw_discussion
from canut.discussion.facilitated.usecases.weigh import mark_statement, put_statement
from canut.discussion.facilitated.usecases.write_record import (
    choose_naming,
    object_to_record,
    write_record,
)
from canut.discussion.facilitated.usecases.write_summary import write_summary
from canut.discussion.models import SubjectKind
from canut.discussion.place import Place
from canut.discussion.usecases.write_post import TooManyPosts
from canut.forums.access import place_about
from canut.forums.discussions import holder_is_here, place_before, record_to_read
from canut.forums.usecases.discuss_in_guild import GuildLevelTooLow, discuss_in_guild
from canut.forums.usecases.take_part import answer_call, call_for_part
from canut.governance.access import proposal_known
from canut.governance.refusals import NotADraft, ProposalNotFound
from canut.governance.usecases.discuss_idea import discuss_idea
from canut.guilds.access import GuildNotFound
from canut.guilds.access import NotAMember as NotInGuild
from canut.membership.access import NotAMember
from canut.people.access import PersonNotFound
from canut.people.models import Scope

doors = Doors("discussions")

OF_GUILD = (GuildNotFound, NotInGuild)
THERE = (DiscussionNotFound,)
OPENS = (DiscussionGoesOn, TooManyPosts)


@doors.get(
    "/guilds/{guild_id}/discussions", scope=Scope.TALK, answers=Page[DiscussionListed], refuses=OF_GUILD
)
def list_guild_discussions(
    request: Asked, guild_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[DiscussionListed]:
    """The facilitated discussions of a guild, the last opened first."""
    place = place_about(SubjectKind.GUILD, guild_id, by=request.auth.by, at=request.auth.at)
    return _listed(About.GUILD, place.subject_id, cursor, limit)


@doors.post(
    "/guilds/{guild_id}/discussions",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*OF_GUILD, GuildLevelTooLow, *OPENS),
)
def open_guild_discussion(request: Asked, guild_id: Id, body: DiscussionIn) -> Discussion:
    """Put a question to a guild, to be discussed in three rounds; its founders can, and higher levels."""
    by, at = request.auth.by, request.auth.at
    return _said(request, discuss_in_guild(guild_id=guild_id, by=by, at=at, **body.model_dump()).pk)


@doors.get(
    "/proposals/{proposal_id}/discussions",
    scope=None,
    answers=Page[DiscussionListed],
    refuses=(ProposalNotFound,),
)
def list_proposal_discussions(
    request: Asked, proposal_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[DiscussionListed]:
    """The facilitated discussions about a proposal, the last opened first."""
    return _listed(About.IDEA, proposal_known(proposal_id).pk, cursor, limit)


@doors.post(
    "/proposals/{proposal_id}/discussions",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(NotAMember, ProposalNotFound, NotADraft, *OPENS),
)
def open_proposal_discussion(request: Asked, proposal_id: Id, body: DiscussionIn) -> Discussion:
    """Put a question about an idea or a draft, to be discussed in three rounds; any member can."""
    by, at = request.auth.by, request.auth.at
    return _said(request, discuss_idea(proposal_id=proposal_id, by=by, at=at, **body.model_dump()).pk)


@doors.get("/discussions/{discussion_id}", scope=Scope.TALK, answers=Discussion, refuses=THERE)
def get_discussion(request: Asked, discussion_id: Id) -> Discussion:
    """A facilitated discussion; what is said in its first two rounds is in its thread."""
    return _said(request, discussion_id)


@doors.delete(
    "/discussions/{discussion_id}",
    scope=Scope.TALK,
    answers=None,
    status=204,
    refuses=(*THERE, NotYourPart, NotItsRound),
)
def withdraw_a_discussion(request: Asked, discussion_id: Id) -> None:
    """Withdraw a question that the caller asked, before the first round."""
    withdraw_discussion(place=_place(request, discussion_id), at=request.auth.at)


@doors.post(
    "/discussions/{discussion_id}/calls",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*THERE, NotYourPart, PartIsTaken, NotItsRound, TooManyCalls, PersonNotFound),
)
def call_for_a_part(request: Asked, discussion_id: Id, body: PartCallIn) -> Discussion:
    """Offer to facilitate or to write the record, or as who opened it ask somebody by their screen name."""
    call_for_part(
        place=_place(request, discussion_id),
        part=Part(body.part),
        screen_name=body.screen_name or "",
        at=request.auth.at,
    )
    return _said(request, discussion_id)


@doors.put(
    "/discussions/{discussion_id}/calls/{call_id}",
    scope=Scope.TALK,
    answers=Discussion,
    refuses=(*THERE, CallNotFound, NotYourPart, PartIsTaken, NotItsRound, PersonNotFound),
)
def answer_a_part_call(request: Asked, discussion_id: Id, call_id: Id, body: PartAnswerIn) -> Discussion:
    """Accept or decline: what the caller was asked, or as who opened it somebody's offer."""
    place = _place(request, discussion_id)
    answer_call(place=place, call_id=call_id, accepts=body.accepts, at=request.auth.at)
    return _said(request, discussion_id)


@doors.delete(
    "/discussions/{discussion_id}/part",
    scope=Scope.TALK,
    answers=None,
    status=204,
    refuses=(*THERE, NotYourPart, NotItsRound),
)
def give_a_part_back(request: Asked, discussion_id: Id) -> None:
    """Give back the part that the caller has, so that somebody else can take it."""
    step_down(place=_place(request, discussion_id), at=request.auth.at)


@doors.post(
    "/discussions/{discussion_id}/summaries",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*THERE, NotYourPart, NotItsRound, TooManyPosts),
)
def sum_up_a_round(request: Asked, discussion_id: Id, body: DiscussionTextIn) -> Discussion:
    """Sum up a round as its facilitator; the next one begins with it."""
    write_summary(place=_place(request, discussion_id), text=body.text, at=request.auth.at)
    return _said(request, discussion_id)


@doors.post(
    "/discussions/{discussion_id}/statements",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*THERE, NotYourPart, NotItsRound, TooManyStatements, TooManyPosts),
)
def put_up_a_statement(request: Asked, discussion_id: Id, body: StatementIn) -> Discussion:
    """Put up a sentence that all could live with, in the third round. To take it back, take back its post."""
    put_statement(place=_place(request, discussion_id), text=body.text, at=request.auth.at)
    return _said(request, discussion_id)


@doors.put(
    "/discussions/{discussion_id}/statements/{number}/mark",
    scope=Scope.TALK,
    answers=Discussion,
    refuses=(*THERE, StatementNotFound, NotYourPart, NotItsRound, TooManyPosts),
)
def mark_a_statement(request: Asked, discussion_id: Id, number: Id, body: MarkIn) -> Discussion:
    """Say whether the caller could live with a statement; if not, why."""
    place = _place(request, discussion_id)
    mark_statement(place=place, number=number, at=request.auth.at, **body.model_dump())
    return _said(request, discussion_id)


@doors.put("/discussions/{discussion_id}/naming", scope=Scope.TALK, answers=Discussion, refuses=THERE)
def choose_to_be_named(request: Asked, discussion_id: Id, body: NamingIn) -> Discussion:
    """Say whether the record may name the caller as somebody who took part."""
    place = _place(request, discussion_id)
    choose_naming(place=place, may_be_named=body.may_be_named, at=request.auth.at)
    return _said(request, discussion_id)


@doors.get("/discussions/{discussion_id}/record", scope=Scope.TALK, answers=DiscussionRecord, refuses=THERE)
def get_discussion_record(request: Asked, discussion_id: Id) -> DiscussionRecord:
    """The record of a discussion; about a proposal everybody may read it once it is published."""
    return record_said(record_to_read(discussion_id, by=request.auth.by, at=request.auth.at))


@doors.post(
    "/discussions/{discussion_id}/records",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*THERE, NotYourPart, NotItsRound, NamesSomebody, TooManyRecords),
)
def write_a_record(request: Asked, discussion_id: Id, body: RecordIn) -> Discussion:
    """Write the record as its rapporteur, or anew while it is open to objections."""
    write_record(place=_place(request, discussion_id), at=request.auth.at, **body.model_dump())
    return _said(request, discussion_id)


@doors.post(
    "/discussions/{discussion_id}/objections",
    scope=Scope.TALK,
    answers=Discussion,
    status=201,
    refuses=(*THERE, NotYourPart, NotItsRound, TooManyPosts),
)
def object_to_a_record(request: Asked, discussion_id: Id, body: DiscussionTextIn) -> Discussion:
    """Say what the wording of a record gets wrong; it stands beside it."""
    object_to_record(place=_place(request, discussion_id), text=body.text, at=request.auth.at)
    return _said(request, discussion_id)


def _place(request: Asked, discussion_id: int) -> Place:
    return place_before(discussion_id, by=request.auth.by, at=request.auth.at)


def _said(request: Asked, discussion_id: int) -> Discussion:
    at = request.auth.at
    row, place = discussion_known(discussion_id), _place(request, discussion_id)
    here = {part: holder_is_here(row, part, at=at) for part in Part}
    return discussion_said(discussion_seen(place, at=at, here=here))


def _listed(about: About, about_id: int, cursor: str | None, limit: int) -> Page[DiscussionListed]:
    before = after(cursor, "discussions")
    rows = discussions_about(about, about_id, before=before, most=limit + 1).cards
    shown, following = cut(rows, limit=limit, listing="discussions", row_id=lambda one: one.id)
    return Page[DiscussionListed](items=[listed_said(one) for one in shown], next_cursor=following)
