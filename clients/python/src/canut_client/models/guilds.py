"""Guilds, being in one, and what was drawn for review."""

from dataclasses import dataclass
from datetime import date, datetime

from canut_client.models.common import Amount


@dataclass(frozen=True, slots=True)
class GuildCard:
    """A guild in the list; `language` is empty unless its craft is of one."""

    id: int
    name: str
    craft: str
    language: str
    members: int


@dataclass(frozen=True, slots=True)
class GuildLevel:
    """How many have a level, and what it paid an hour lately: None of fewer than five people."""

    level: int
    members: int
    hourly: Amount | None


@dataclass(frozen=True, slots=True)
class GuildWork:
    """An open project that asks for the guild."""

    project_id: int
    title: str
    least_level: int


@dataclass(frozen=True, slots=True)
class Guild:
    """A craft whose workers certify each other; `decision` says why it was founded."""

    id: int
    name: str
    craft: str
    language: str
    charter_text: str
    by_invitation: bool
    members: int
    levels: tuple[GuildLevel, ...]
    open_work: tuple[GuildWork, ...]
    founded_by: str | None
    decision_number: int | None
    founded_at: datetime
    decision: str
    founders: tuple[str, ...]
    draws_paused_since: datetime | None


@dataclass(frozen=True, slots=True)
class Draw:
    """So many items of a member, of which one is drawn: 1 + HMAC-SHA256(seed, the id's bytes) mod size.

    `commitment` is the SHA-256 of the seed's bytes; the seed itself follows with the draw.
    `drawn_by` is `lot`, or `first_come` where the members had stopped the draw: then it is item 1.
    """

    id: str
    size: int
    commitment: str
    seed: str | None
    drawn_number: int | None
    drawn_on: date | None
    drawn_by: str | None


@dataclass(frozen=True, slots=True)
class BriefMembership:
    """A guild that the caller is in."""

    guild_id: int
    guild_name: str
    level: int


@dataclass(frozen=True, slots=True)
class PossibleChange:
    """A level that the window can still lead to, if the missing reviews average `mean`."""

    level: int
    mean: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Window:
    """The reviews since the last decision on the level, by the numbers of their items."""

    size: int
    reviews: int
    missing: int
    mean: str | None
    items: tuple[int, ...]
    changes: tuple[PossibleChange, ...]


@dataclass(frozen=True, slots=True)
class LevelDecision:
    """What a full window came to; `why` is "rise_two", "rise_one", "stay" or "fall"."""

    number: int
    before: int
    after: int
    why: str
    mean: str
    items: tuple[int, ...]
    decided_on: date


@dataclass(frozen=True, slots=True)
class DrawToCome:
    """The draw that the caller's next items go to, with how many are there by now."""

    id: str
    commitment: str
    size: int
    items: int


@dataclass(frozen=True, slots=True)
class Membership:
    """Where the caller stands in a guild. Means are text, from 1 to 4; decisions come latest first."""

    guild_id: int
    guild_name: str
    level: int
    first_level: int
    joined_at: datetime
    left_at: datetime | None
    mean_review_score: str | None
    reviews: int
    window: Window
    decisions: tuple[LevelDecision, ...]
    draw: DrawToCome | None


@dataclass(frozen=True, slots=True)
class GuildReview:
    """What a review of the caller's work says: `verdict` 1 under the level, 2 right for it, 3 or 4 over it.

    Who wrote it is not told, and of when only the day.
    """

    state: str
    verdict: int | None
    would_accept: bool | None
    advice: str
    day: date | None
    counts: bool
    void_reason: str


@dataclass(frozen=True, slots=True)
class GuildItem:
    """Something the caller completed for a guild. `is_drawn` is None before the draw."""

    number: int
    kind: str
    title: str
    assignment_id: int
    level: int
    completed_at: datetime
    draw_id: str
    place: int
    is_drawn: bool | None
    review: GuildReview | None


@dataclass(frozen=True, slots=True)
class GuildInvitation:
    """An invitation that waits for an answer; `who` invites the caller, or is invited by them."""

    id: int
    guild_id: int
    guild_name: str
    who: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class AnsweredInvitation:
    """An invitation that was "accepted" or "declined"."""

    id: int
    guild_id: int
    state: str
