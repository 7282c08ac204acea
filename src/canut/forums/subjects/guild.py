"""The forum of a guild: its members' own."""

from datetime import datetime

from canut.forums.stands import Stand, why_no_writer
from canut.guilds.access import own_membership
from canut.people.models import Person
from canut.people.queries import names_of_bodies


def stand_in_guild(guild_id: int, *, by: Person, at: datetime) -> Stand:
    """Return where a member of a guild stands in its forum; nobody else reads there.

    Raises:
        GuildNotFound: there is no such guild. NotAMember: `by` is not in it.
    """
    own_membership(guild_id, by=by)
    return Stand(names_of_bodies([guild_id])[guild_id], why_no_writer(by))
