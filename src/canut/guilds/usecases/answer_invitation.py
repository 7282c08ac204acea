"""Somebody who was invited into a guild accepts or declines."""

from datetime import datetime

from django.db import transaction

from canut.guilds.access import invitation_to_answer
from canut.guilds.models import Invitation
from canut.guilds.states import InvitationState
from canut.guilds.usecases.enter_guild import enter_guild
from canut.kernel.events import record
from canut.people.access import as_worker
from canut.people.models import Person


@transaction.atomic
def answer_invitation(*, invitation_id: int, by: Person, accept: bool, at: datetime) -> Invitation:
    """Accept, which makes `by` a member, or decline. Nobody is sent a message about it.

    Raises:
        WorkerRoleMissing: `by` accepts and does not work here.
        InvitationNotFound: it is not `by`'s, or was answered or withdrawn.
    """
    if accept:
        as_worker(by)
    invitation = invitation_to_answer(invitation_id, by=by)
    invitation.state = InvitationState.ACCEPTED if accept else InvitationState.DECLINED
    invitation.answered_at = at
    invitation.save(update_fields=["state", "answered_at"])
    if accept:
        enter_guild(invitation.guild, by, at=at)
    else:
        record(by, "guild.invitation_declined", invitation.guild, at=at)
    return invitation
