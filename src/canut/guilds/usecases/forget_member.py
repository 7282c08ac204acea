"""Somebody's account is closed: they leave their guilds, and what they kept there goes with them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Greatest

from canut.guilds.credentials.usecases.forget_holder import forget_holder
from canut.guilds.journal.usecases.forget_writer import forget_writer
from canut.guilds.models import Invitation, Member
from canut.guilds.states import InvitationState
from canut.kernel.events import record
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import drop_standing


@transaction.atomic
def forget_member(*, person_id: int, at: datetime) -> None:
    """End a person's memberships and open invitations, and delete their journal. Safe to repeat.

    Their badges stay good, for they are theirs; that they were theirs is forgotten. Reviews that they
    wrote stay, and count for those about whom they are.
    """
    mine = Member.objects.select_for_update(no_key=True).select_related("guild")
    for member in mine.filter(person_id=person_id, left_at__isnull=True).order_by("pk"):
        member.left_at = max(at, member.joined_at)
        member.save(update_fields=["left_at"])
        drop_standing(party_id=person_id, scale=ScaleKind.GUILD, scale_id=member.guild_id)
        record(None, "guild.left", member.guild, at=at, person_id=person_id)
    open_ones = Invitation.objects.filter(
        Q(person_id=person_id) | Q(by_id=person_id), state=InvitationState.OPEN
    )
    open_ones.update(state=InvitationState.WITHDRAWN, answered_at=Greatest(at, "invited_at"))
    forget_holder(party_id=person_id)
    forget_writer(party_id=person_id)
