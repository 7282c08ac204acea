"""Telling somebody that they were invited into a guild."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.models import Invitation
from canut.guilds.states import InvitationState
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by


@transaction.atomic
def tell_invited(*, invitation_id: int, at: datetime) -> bool:
    """Tell the invited person who invited them where; return whether they were told. A job."""
    invitation = Invitation.objects.select_related("guild__party", "by__party").get(pk=invitation_id)
    if invitation.state != InvitationState.OPEN:
        return False
    person = Person.objects.select_related("party").get(pk=invitation.person_id)
    with as_read_by(person):
        names = {"name": invitation.by.screen_name, "guild": invitation.guild.party.name}
        told = tell(
            person,
            NoticeKind.GUILD,
            _("You are invited to join “%(guild)s”") % names,
            _("%(name)s invites you to join the guild “%(guild)s”.") % names,
            _("Read what the guild is about, then accept or decline on its page. Nothing happens before."),
            path=f"/guilds/{invitation.guild_id}/",
            at=at,
            key=f"invited:{invitation_id}",
        )
    return told is not None
