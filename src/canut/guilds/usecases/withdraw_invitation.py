"""Whoever invited somebody into a guild takes it back."""

from datetime import datetime

from django.db import transaction

from canut.guilds.access import invitation_to_withdraw
from canut.guilds.models import Invitation
from canut.guilds.states import InvitationState
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, by: Person, at: datetime) -> Invitation:
    """Take back an invitation that waits for an answer.

    Raises:
        InvitationNotFound: it is not `by`'s, or was answered or withdrawn.
    """
    invitation = invitation_to_withdraw(invitation_id, by=by)
    invitation.state, invitation.answered_at = InvitationState.WITHDRAWN, at
    invitation.save(update_fields=["state", "answered_at"])
    record(by, "guild.invitation_withdrawn", invitation.guild, at=at, person_id=invitation.person_id)
    return invitation
