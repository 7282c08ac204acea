"""What level somebody has in each of their guilds, as a portfolio tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.guilds.models import Member, Review
from canut.guilds.rules_levels import window_mean
from canut.guilds.states import ReviewState


@dataclass(frozen=True, slots=True)
class GuildLevel:
    """A member's level, and the mean score of the reviews of their work, where there were any."""

    guild_id: int
    guild: str
    level: int
    mean: Decimal | None
    reviews: int

    @property
    def in_words(self) -> str:
        """Say it in a line."""
        if self.mean is None:
            return _("level %(level)s; no reviews yet") % {"level": self.level}
        return ngettext(
            "level %(level)s; mean score %(mean)s of 4 in %(count)s blind review",
            "level %(level)s; mean score %(mean)s of 4 in %(count)s blind reviews",
            self.reviews,
        ) % {"level": self.level, "mean": self.mean, "count": self.reviews}


def levels_of(person_id: int) -> Sequence[GuildLevel]:
    """Return somebody's level in each guild they are in, by the guild's name; the voided reviews left out."""
    members = Member.objects.filter(person_id=person_id, left_at__isnull=True).select_related("guild__party")
    verdicts: dict[int, list[int]] = {member.pk: [] for member in members}
    reviews = Review.objects.filter(
        author__in=verdicts, verdict__isnull=False, state=ReviewState.DONE, voided_at__isnull=True
    )
    for author_id, verdict in reviews.values_list("author_id", "verdict"):
        verdicts[author_id].append(verdict or 0)
    levels = [
        GuildLevel(
            guild_id=member.guild_id,
            guild=member.guild.party.name,
            level=member.level,
            mean=window_mean(verdicts[member.pk]) if verdicts[member.pk] else None,
            reviews=len(verdicts[member.pk]),
        )
        for member in members
    ]
    return sorted(levels, key=lambda level: (level.guild, level.guild_id))
