"""Telling somebody that they were invited into a guild."""

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.models import Invitation
from canut.guilds.states import InvitationState
from canut.people.models import Person
from canut.work.usecases.mails import address, as_read_by, mail_to


@transaction.atomic
def tell_invited(*, invitation_id: int) -> bool:
    """Mail the invited person who invited them where; return whether a mail was sent. A job."""
    invitation = Invitation.objects.select_related("guild__party", "by__party").get(pk=invitation_id)
    if invitation.state != InvitationState.OPEN:
        return False
    person = Person.objects.select_related("party").get(pk=invitation.person_id)
    with as_read_by(person):
        names = {"name": invitation.by.screen_name, "guild": invitation.guild.party.name}
        return mail_to(
            person,
            _("You are invited to join “%(guild)s”") % names,
            _("%(name)s invites you to join the guild “%(guild)s”.") % names,
            _("Read what the guild is about, then accept or decline on its page. Nothing happens before."),
            address(f"/guilds/{invitation.guild_id}/"),
        )
