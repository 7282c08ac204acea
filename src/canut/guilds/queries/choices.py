"""The guilds there are, for a requester to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from canut.guilds.models import Guild

MOST_CHOICES = 500


@dataclass(frozen=True, slots=True)
class GuildChoice:
    id: int
    name: str
    craft: str


def guild_choices() -> Sequence[GuildChoice]:
    """Return the guilds by name, as many as a list to choose from can hold."""
    rows = Guild.objects.select_related("party").order_by("party__name", "pk")[:MOST_CHOICES]
    return [GuildChoice(row.pk, row.party.name, row.craft) for row in rows]
