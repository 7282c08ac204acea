"""Guilds, being in one, and what was drawn for review."""

from collections.abc import Sequence
from datetime import date

from pydantic import Field

from canut.api.shapes.common import Amount, Moment, Said, Sent, amount
from canut.guilds.queries.draws import Draw as DrawSeen
from canut.guilds.queries.earnings import LevelEarning
from canut.guilds.queries.guilds import GuildSeen, InvitationSeen
from canut.guilds.queries.own_record import OwnDecision, OwnItem, OwnRecord, OwnReview
from canut.guilds.states import InvitationState, ItemKind, ReviewState

MEAN = "1 to 4 with two decimals, rounded half up"


class GuildCard(Said):
    """A guild in the list."""

    id: int
    name: str
    craft: str
    language: str = Field(description="BCP 47; empty unless its craft is of one language.")
    members: int


class GuildLevel(Said):
    """A level of a guild: how many have it, and what its members' work paid an hour lately."""

    level: int
    members: int
    hourly: Amount | None = Field(description="Null where fewer than five people did work that was paid.")


class GuildWork(Said):
    """An open project that asks for the guild."""

    project_id: int
    title: str
    least_level: int


class Guild(Said):
    """A craft whose workers certify each other."""

    id: int
    name: str
    craft: str
    language: str
    charter_text: str
    by_invitation: bool = Field(description="Only whom a member invites may join.")
    members: int
    levels: Sequence[GuildLevel]
    open_work: Sequence[GuildWork]
    founded_by: str | None = Field(description="The operator's screen name; null where members founded it.")
    decision_number: int | None = Field(description="The members' decision that founded it.")
    founded_at: Moment
    decision: str = Field(description="Why it was founded.")
    founders: Sequence[str] = Field(
        description="The screen names of those who began at a level of their own."
    )
    draws_paused_since: Moment | None = Field(description="Since when the fund cannot pay for reviews.")


class Draw(Said):
    """So many items of a member, of which one is drawn. Nobody is named; the seed follows with the draw."""

    id: str = Field(description="A UUID.")
    size: int
    commitment: str = Field(description="SHA-256 of the seed's 32 bytes, in hex.")
    seed: str | None
    drawn_number: int | None = Field(description="1 + HMAC-SHA256(seed, the id's 16 bytes) mod size.")
    drawn_on: date | None
    drawn_by: str | None = Field(
        description="`lot`, or `first_come` while the members had stopped the draw: then it is item 1."
    )


class BriefMembership(Said):
    """A guild that the caller is in."""

    guild_id: int
    guild_name: str
    level: int


class PossibleChange(Said):
    """A level that the open window can still lead to."""

    level: int
    mean: str = Field(
        description="What the missing reviews must average: at least for a rise, at most for a fall."
    )
    is_certain: bool = Field(description="Whatever the missing reviews say.")


class Window(Said):
    """The reviews since the last decision on the level, and what the next one needs."""

    size: int
    reviews: int
    missing: int
    mean: str | None
    items: Sequence[int] = Field(description="The numbers of the items that they are about.")
    changes: Sequence[PossibleChange]


class LevelDecision(Said):
    """What a full window came to."""

    number: int
    before: int
    after: int
    why: str = Field(description="The threshold that was passed: rise_two, rise_one, stay or fall.")
    mean: str
    items: Sequence[int] = Field(description="The numbers of the items whose reviews decided.")
    decided_on: date


class DrawToCome(Said):
    """The draw that the member's next items go to."""

    id: str
    commitment: str
    size: int
    items: int = Field(description="How many are there by now.")


class Membership(Said):
    """Where the caller stands in a guild."""

    guild_id: int
    guild_name: str
    level: int
    first_level: int
    joined_at: Moment
    left_at: Moment | None
    mean_review_score: str | None = Field(description=f"Of all reviews that count: {MEAN}.")
    reviews: int
    window: Window
    decisions: Sequence[LevelDecision] = Field(description="The latest first.")
    draw: DrawToCome | None


class GuildReview(Said):
    """What a review of the caller's work says. Who wrote it is not told, and of when only the day."""

    state: ReviewState
    verdict: int | None = Field(
        description="1 under the level, 2 right for it, 3 ready for the next, 4 two on."
    )
    would_accept: bool | None
    advice: str
    day: date | None
    counts: bool
    void_reason: str = Field(description="Why an operator took it out; empty if none did.")


class GuildItem(Said):
    """Something the caller completed for a guild, by a number of their own."""

    number: int
    kind: ItemKind
    title: str
    assignment_id: int
    level: int = Field(description="The caller's when they completed it.")
    completed_at: Moment
    draw_id: str
    place: int = Field(description="Its number in the draw.")
    is_drawn: bool | None = Field(description="Null before the draw.")
    review: GuildReview | None


class GuildInvitation(Said):
    """An invitation into a guild that waits for an answer."""

    id: int
    guild_id: int
    guild_name: str
    who: str = Field(description="The screen name of who invites, or is invited.")
    invited_at: Moment


class InvitationIn(Sent):
    """Whom to invite."""

    screen_name: str = Field(max_length=30, description="As it is written, in capitals or not.")


class InvitationAnswer(Sent):
    """What to answer."""

    accept: bool


class AnsweredInvitation(Said):
    """An invitation that was answered."""

    id: int
    guild_id: int
    state: InvitationState


def guild_said(seen: GuildSeen, earned: Sequence[LevelEarning]) -> Guild:
    """Return a guild as it goes out, with what its levels earned."""
    hourly = {one.level: one.hourly_minor for one in earned}
    levels = [
        GuildLevel(
            level=level,
            members=seen.members_at.get(level, 0),
            hourly=None if (minor := hourly.get(level)) is None else amount(minor, "EUR"),
        )
        for level in sorted({*seen.members_at, *hourly})
    ]
    return Guild(
        id=seen.id,
        name=seen.name,
        craft=seen.craft,
        language=seen.language,
        charter_text=seen.charter_text,
        by_invitation=seen.by_invitation,
        members=seen.members,
        levels=levels,
        open_work=[
            GuildWork(project_id=project_id, title=title, least_level=least)
            for project_id, title, least in seen.open_work
        ],
        founded_by=seen.founded_by or None,
        decision_number=seen.decision_number,
        founded_at=seen.founded_at,
        decision=seen.decision,
        founders=seen.founders,
        draws_paused_since=seen.paused_since,
    )


def draw_said(draw: DrawSeen) -> Draw:
    return Draw(
        id=str(draw.draw_id),
        size=draw.size,
        commitment=draw.commitment,
        seed=draw.seed,
        drawn_number=draw.drawn_number,
        drawn_on=draw.drawn_on,
        drawn_by=draw.drawn_by if draw.drawn_on else None,
    )


def membership_said(record: OwnRecord) -> Membership:
    """Return where somebody stands, as it goes out to themselves."""
    progress, draw = record.progress, record.draw
    return Membership(
        guild_id=record.guild_id,
        guild_name=record.guild_name,
        level=record.level,
        first_level=record.first_level,
        joined_at=record.joined_at,
        left_at=record.left_at,
        mean_review_score=None if record.mean is None else str(record.mean),
        reviews=record.reviews,
        window=Window(
            size=record.rule.window,
            reviews=progress.reviews,
            missing=progress.missing,
            mean=None if progress.mean is None else str(progress.mean),
            items=record.window,
            changes=[
                PossibleChange(level=one.after, mean=str(one.mean), is_certain=one.is_certain)
                for one in progress.changes
            ],
        ),
        decisions=[_decision_said(decision) for decision in record.decisions],
        draw=None
        if draw is None
        else DrawToCome(id=str(draw.draw_id), commitment=draw.commitment, size=draw.size, items=draw.items),
    )


def _decision_said(decision: OwnDecision) -> LevelDecision:
    return LevelDecision(
        number=decision.number,
        before=decision.before,
        after=decision.after,
        why=decision.why,
        mean=str(decision.mean),
        items=decision.items,
        decided_on=decision.day,
    )


def item_said(item: OwnItem) -> GuildItem:
    return GuildItem(
        number=item.number,
        kind=item.kind,
        title=item.title,
        assignment_id=item.assignment_id,
        level=item.level,
        completed_at=item.completed_at,
        draw_id=str(item.draw_id),
        place=item.place,
        is_drawn=item.is_drawn,
        review=None if item.review is None else _review_said(item.review),
    )


def _review_said(review: OwnReview) -> GuildReview:
    return GuildReview(
        state=review.state,
        verdict=review.verdict,
        would_accept=review.would_accept,
        advice=review.advice,
        day=review.day,
        counts=review.counts,
        void_reason=review.void_reason,
    )


def invitation_said(invitation: InvitationSeen) -> GuildInvitation:
    return GuildInvitation(
        id=invitation.id,
        guild_id=invitation.guild_id,
        guild_name=invitation.guild_name,
        who=invitation.who,
        invited_at=invitation.invited_at,
    )
