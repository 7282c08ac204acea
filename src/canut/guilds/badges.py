"""Levels as badges: what each level of a guild means, and which of theirs a member can have as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.guilds.access import guild_known
from canut.guilds.credentials import images, site
from canut.guilds.credentials.queries import badges_of
from canut.guilds.credentials.statements import Achievement, Reviewed
from canut.guilds.models import Member, Review
from canut.guilds.rules_levels import window_mean
from canut.guilds.states import ReviewState


@dataclass(frozen=True, slots=True)
class LevelMeaning:
    """One level of a guild: what it takes to come to it, and the picture of its badge."""

    level: int
    criteria: str
    picture: str


@dataclass(frozen=True, slots=True)
class GuildLevels:
    """A guild with all its levels, the highest first."""

    guild_id: int
    guild_name: str
    levels: Sequence[LevelMeaning]


@dataclass(frozen=True, slots=True)
class Offer:
    """A level that a member has and can have as a badge.

    `is_anew`: there is one already, which names an earlier key of theirs, or an earlier name of the site.
    """

    guild_id: int
    guild_name: str
    level: int
    is_anew: bool


def guild_levels(guild_id: int, *, at: datetime) -> GuildLevels:
    """Return what the levels of a guild mean, in the active language; what its badges point at.

    Raises:
        GuildNotFound: there is none of this number.
    """
    guild = guild_known(guild_id)
    name, highest = guild.party.party.screen_name, in_force("guild.highest_level", at=at)
    levels = [
        LevelMeaning(
            level=level,
            criteria=_criteria(level, guild_id=guild_id, at=at),
            picture=images.picture_address(
                guild_name=name, level=level, highest=highest, site_name=site.host()
            ),
        )
        for level in range(highest, 0, -1)
    ]
    return GuildLevels(guild_id, name, levels)


def achievement_of(guild_id: int, *, level: int, at: datetime) -> Achievement:
    """Return a level of a guild as a badge says it, in the active language.

    Raises:
        GuildNotFound: there is none of this number.
    """
    return Achievement(
        guild_name=guild_known(guild_id).party.party.screen_name,
        address=site.guild_address(guild_id),
        level=level,
        criteria=_criteria(level, guild_id=guild_id, at=at),
        language=(get_language() or "en").partition("-")[0],
        highest=max(level, in_force("guild.highest_level", at=at)),
    )


def reviewed(member: Member) -> Reviewed | None:
    """Return how many reviews of a member's work count, and their mean; None without any."""
    counting = Review.objects.filter(author=member, state=ReviewState.DONE, voided_at__isnull=True)
    verdicts = [verdict for verdict in counting.values_list("verdict", flat=True) if verdict is not None]
    return Reviewed(len(verdicts), window_mean(verdicts)) if verdicts else None


def offers_to(person_id: int) -> Sequence[Offer]:
    """Return what a member can have as a badge: their levels now, and anew what names an earlier key."""
    members = Member.objects.filter(person_id=person_id, left_at__isnull=True)
    offers = []
    good = [badge for badge in badges_of(person_id) if badge.revoked_at is None]
    for member in members.select_related("guild__party__party").order_by("guild__party__party__screen_name"):
        name = member.guild.party.party.screen_name
        theirs = {badge.level: badge for badge in good if badge.guild_id == member.guild_id}
        offers += [
            Offer(member.guild_id, name, level, is_anew=level in theirs)
            for level in sorted({member.level, *theirs}, reverse=True)
            if level <= member.level and not (level in theirs and theirs[level].is_current)
        ]
    return offers


def _criteria(level: int, *, guild_id: int, at: datetime) -> str:
    """Return what it takes to come to a level, by the charter as it is in force for the guild."""
    scope = Scope(guild=guild_id)
    if level <= in_force("guild.first_level", at=at):
        return _(
            "Whoever joins the guild begins here. Members fall back to it if reviews of their work say so."
        )
    return _(
        "Pieces of work that a member handed in were drawn at random and reviewed by members of the guild"
        " who did not know whose they were. Of %(window)s reviews in a row, on a scale from 1 to 4, the mean"
        " was above %(one)s at the level below, or above %(two)s two levels below. Founders may have begun"
        " here."
    ) % {
        "window": in_force("guild.window_reviews", at=at, scope=scope),
        "one": _written(in_force("guild.rise_one_review", at=at, scope=scope)),
        "two": _written(in_force("guild.rise_two_review", at=at, scope=scope)),
    }


def _written(number: Decimal) -> str:
    return str(number_format(number.normalize()))
