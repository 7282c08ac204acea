"""What level somebody has in each of their guilds, as a portfolio tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


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
    """Return the levels that somebody has. Nobody is a member of a guild before there are any."""
    return ()
