"""A member leaves a guild; their record there stays, should they come back."""

from datetime import datetime

from django.db import transaction

from canut.guilds.access import own_membership
from canut.guilds.models import Member
from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import drop_standing


@transaction.atomic
def leave_guild(*, guild_id: int, by: Person, at: datetime) -> Member:
    """End `by`'s membership. Work in hand stays theirs; no more work that asks for the guild is offered.

    Their level, the reviews they have had and those under way are kept and count again if they come back.
    Leaving twice changes nothing.

    Raises:
        GuildNotFound: there is none. NotAMember: `by` was never in it.
    """
    member = own_membership(guild_id, by=by, lock=True, left_too=True)
    if member.left_at is not None:
        return member
    member.left_at = at
    member.save(update_fields=["left_at"])
    drop_standing(party_id=by.pk, scale=ScaleKind.GUILD, scale_id=guild_id)
    record(by, "guild.left", member.guild, at=at, person_id=by.pk)
    return member
