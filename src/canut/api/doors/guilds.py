"""Guilds: which there are, being in one, one's own work and reviews there, and the draws."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.pages import Cursor, Limit, after, cursor_to, cut, text_after
from canut.api.shapes.common import Page, Words
from canut.api.shapes.guilds import (
    AnsweredInvitation,
    BriefMembership,
    Draw,
    Guild,
    GuildCard,
    GuildInvitation,
    GuildItem,
    InvitationAnswer,
    InvitationIn,
    Membership,
    draw_said,
    guild_said,
    invitation_said,
    item_said,
    membership_said,
)
from canut.guilds.access import GuildNotFound, InvitationNotFound, NotAMember
from canut.guilds.queries.draws import draws_page
from canut.guilds.queries.earnings import level_earnings
from canut.guilds.queries.guilds import (
    guild_seen,
    guilds_page,
    invitations_by,
    invitations_of,
    memberships_of,
)
from canut.guilds.queries.own_record import own_items, own_record
from canut.guilds.states import InvitationState
from canut.guilds.usecases.answer_invitation import answer_invitation
from canut.guilds.usecases.invite_person import AlreadyAMember, TooManyInvitations, invite_person
from canut.guilds.usecases.join_guild import InvitationNeeded, join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.withdraw_invitation import withdraw_invitation
from canut.kernel import clock
from canut.people.access import PersonNotFound, WorkerRoleMissing
from canut.people.models import Scope

doors = Doors("guilds")

MEMBERS = (GuildNotFound, NotAMember)
LARGEST_NUMBER = 2**31 - 1
GuildWords = Annotated[
    Words | None, Query(max_length=80, description="Only guilds with this in their name or craft.")
]
IsDrawn = Annotated[bool, Query(description="Those drawn, the latest day first; or else those to come.")]
DrawnOnly = Annotated[bool, Query(description="Only what was drawn for review.")]
FromMe = Annotated[bool, Query(description="Those that the caller made, instead of those made to them.")]


@doors.get("/guilds", scope=None, answers=Page[GuildCard])
def list_guilds(
    request: HttpRequest, words: GuildWords = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[GuildCard]:
    """All guilds, the oldest first. Needs no key."""
    page = guilds_page(by=None, words=words or "", after_id=after(cursor, "guilds"), most=limit)
    return Page[GuildCard](
        items=[
            GuildCard(id=one.id, name=one.name, craft=one.craft, language=one.language, members=one.members)
            for one in page.cards
        ],
        next_cursor=None if page.next_cursor is None else cursor_to("guilds", page.next_cursor),
    )


@doors.get("/guilds/{guild_id}", scope=None, answers=Guild, refuses=(GuildNotFound,))
def get_guild(request: HttpRequest, guild_id: Id) -> Guild:
    """One guild, with its levels and what they earn an hour. Needs no key."""
    at = clock.now()
    return guild_said(guild_seen(guild_id, by=None, at=at), level_earnings(guild_id, at=at))


@doors.get("/guilds/{guild_id}/draws", scope=None, answers=Page[Draw], refuses=(GuildNotFound,))
def list_draws(
    request: HttpRequest, guild_id: Id, drawn: IsDrawn = True, cursor: Cursor = None, limit: Limit = 50
) -> Page[Draw]:
    """What was drawn for review in a guild, for anybody to recompute. Needs no key.

    A draw's seed is settled and its commitment told before the first of its items is complete.
    """
    listing = "draws-made" if drawn else "draws-to-come"
    page = draws_page(
        guild_id, at=clock.now(), drawn=drawn, after_place=text_after(cursor, listing), most=limit
    )
    return Page[Draw](
        items=[draw_said(draw) for draw in page.draws],
        next_cursor=None if page.next_place is None else cursor_to(listing, page.next_place),
    )


@doors.get("/guild-memberships", scope=Scope.WORK, answers=Page[BriefMembership])
def list_guild_memberships(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[BriefMembership]:
    """The guilds that the caller is in, the oldest first."""
    past = after(cursor, "guild-memberships") or 0
    rows = [one for one in memberships_of(request.auth.by) if one.id > past]
    shown, following = cut(rows, limit=limit, listing="guild-memberships", row_id=lambda one: one.id)
    return Page[BriefMembership](
        items=[
            BriefMembership(guild_id=one.id, guild_name=one.name, level=one.own_level or 0) for one in shown
        ],
        next_cursor=following,
    )


@doors.get("/guilds/{guild_id}/membership", scope=Scope.WORK, answers=Membership, refuses=MEMBERS)
def get_guild_membership(request: Asked, guild_id: Id) -> Membership:
    """The caller's level in a guild, why it is so, and what the next change needs. Also after leaving."""
    return membership_said(own_record(guild_id, by=request.auth.by, at=request.auth.at))


@doors.put(
    "/guilds/{guild_id}/membership",
    scope=Scope.WORK,
    answers=Membership,
    refuses=(GuildNotFound, WorkerRoleMissing, InvitationNeeded),
)
def join_a_guild(request: Asked, guild_id: Id) -> Membership:
    """Join a guild, or come back to it at the level one had. Being in it already changes nothing."""
    by, at = request.auth.by, request.auth.at
    join_guild(guild_id=guild_id, by=by, at=at)
    return membership_said(own_record(guild_id, by=by, at=at))


@doors.delete("/guilds/{guild_id}/membership", scope=Scope.WORK, answers=None, status=204, refuses=MEMBERS)
def leave_a_guild(request: Asked, guild_id: Id) -> None:
    """Leave a guild. The level and the reviews are kept, should the caller come back."""
    leave_guild(guild_id=guild_id, by=request.auth.by, at=request.auth.at)


@doors.get("/guilds/{guild_id}/membership/items", scope=Scope.WORK, answers=Page[GuildItem], refuses=MEMBERS)
def list_guild_items(
    request: Asked, guild_id: Id, drawn: DrawnOnly = False, cursor: Cursor = None, limit: Limit = 50
) -> Page[GuildItem]:
    """What the caller completed for a guild, the latest first, and what reviews say of what was drawn.

    The order is that of the caller's own work; of a review only the day is told.
    """
    past = after(cursor, "guild-items")
    page = own_items(
        guild_id,
        by=request.auth.by,
        drawn_only=drawn,
        before_number=None if past is None else min(past, LARGEST_NUMBER),
        most=limit,
    )
    return Page[GuildItem](
        items=[item_said(item) for item in page.items],
        next_cursor=None if page.next_cursor is None else cursor_to("guild-items", page.next_cursor),
    )


@doors.get("/guild-invitations", scope=Scope.WORK, answers=Page[GuildInvitation])
def list_guild_invitations(
    request: Asked, from_me: FromMe = False, cursor: Cursor = None, limit: Limit = 50
) -> Page[GuildInvitation]:
    """Invitations into guilds that wait for an answer, newest first."""
    listing = "invitations-made" if from_me else "invitations-received"
    past, by = after(cursor, listing), request.auth.by
    every = invitations_by(by) if from_me else invitations_of(by)
    rows = [one for one in every if past is None or one.id < past]
    shown, following = cut(rows, limit=limit, listing=listing, row_id=lambda one: one.id)
    return Page[GuildInvitation](items=[invitation_said(one) for one in shown], next_cursor=following)


@doors.post(
    "/guilds/{guild_id}/invitations",
    scope=Scope.WORK,
    answers=GuildInvitation,
    status=201,
    refuses=(*MEMBERS, PersonNotFound, AlreadyAMember, TooManyInvitations),
)
def invite_into_guild(request: Asked, guild_id: Id, body: InvitationIn) -> GuildInvitation:
    """Invite a worker into a guild that the caller is in. An invitation that waits already is returned."""
    made = invite_person(
        guild_id=guild_id, by=request.auth.by, screen_name=body.screen_name, at=request.auth.at
    )
    return GuildInvitation(
        id=made.pk,
        guild_id=made.guild_id,
        guild_name=made.guild.party.name,
        who=made.person.screen_name,
        invited_at=made.invited_at,
    )


@doors.post(
    "/guild-invitations/{invitation_id}/answer",
    scope=Scope.WORK,
    answers=AnsweredInvitation,
    refuses=(InvitationNotFound, WorkerRoleMissing),
)
def answer_guild_invitation(request: Asked, invitation_id: Id, body: InvitationAnswer) -> AnsweredInvitation:
    """Accept an invitation made to the caller, and so join; or decline it."""
    answered = answer_invitation(
        invitation_id=invitation_id, by=request.auth.by, accept=body.accept, at=request.auth.at
    )
    return AnsweredInvitation(
        id=answered.pk, guild_id=answered.guild_id, state=InvitationState(answered.state)
    )


@doors.delete(
    "/guild-invitations/{invitation_id}",
    scope=Scope.WORK,
    answers=None,
    status=204,
    refuses=(InvitationNotFound,),
)
def withdraw_guild_invitation(request: Asked, invitation_id: Id) -> None:
    """Take back an invitation that the caller made and that waits for an answer."""
    withdraw_invitation(invitation_id=invitation_id, by=request.auth.by, at=request.auth.at)
