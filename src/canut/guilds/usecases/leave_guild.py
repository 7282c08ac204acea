"""A member leaves a guild; their record there stays, should they come back."""

from datetime import datetime

from django.db import transaction

from canut.guilds.access import own_membership
from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.usecases.revoke_credential import revoke_levels_above
from canut.guilds.models import Member
from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import drop_standing


@transaction.atomic
def leave_guild(*, guild_id: int, by: Person, at: datetime) -> Member:
    """End `by`'s membership. Work in hand stays theirs; no more work that asks for the guild is offered.

    Their level, the reviews they have had and those under way are kept and count again if they come back.
    Their badges of this guild are taken back: what they say is followed by reviews no more. Leaving twice
    changes nothing.

    Raises:
        GuildNotFound: there is none. NotAMember: `by` was never in it.
    """
    member = own_membership(guild_id, by=by, lock=True, left_too=True)
    if member.left_at is not None:
        return member
    member.left_at = at
    member.save(update_fields=["left_at"])
    revoke_levels_above(holder_id=by.pk, guild_id=guild_id, level=0, reason=RevokedFor.LEFT_GUILD, at=at)
    drop_standing(party_id=by.pk, scale=ScaleKind.GUILD, scale_id=guild_id)
    record(by, "guild.left", member.guild, at=at, person_id=by.pk)
    return member
