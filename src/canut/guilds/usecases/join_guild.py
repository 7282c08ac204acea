"""A worker joins a guild that is open to all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.access import guild_known
from canut.guilds.models import Member
from canut.guilds.states import InvitationState, Joining
from canut.guilds.usecases.enter_guild import enter_guild
from canut.kernel.refusals import NotAllowed
from canut.people.access import as_worker
from canut.people.models import Person


class InvitationNeeded(NotAllowed):
    code = "guild_by_invitation"


@transaction.atomic
def join_guild(*, guild_id: int, by: Person, at: datetime) -> Member:
    """Make `by` a member. Who was one before goes on at the level, window and block where they stopped.

    Joining a guild one is in changes nothing. Who was a member may come back without an invitation.

    Raises:
        WorkerRoleMissing: `by` does not work here. GuildNotFound: there is none.
        InvitationNeeded: it takes whom its members invite, and `by` was never in it.
    """
    as_worker(by)
    guild = guild_known(guild_id)
    was_in = Member.objects.filter(guild=guild, person=by).exists()
    if guild.joining == Joining.INVITATION and not was_in:
        raise InvitationNeeded(_("This guild takes people whom its members invite. Ask one of them."))
    member = enter_guild(guild, by, at=at)
    guild.invitations.filter(person=by, state=InvitationState.OPEN).update(
        state=InvitationState.ACCEPTED, answered_at=at
    )
    return member
