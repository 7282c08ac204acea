"""Telling somebody that they were invited into a guild."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.models import Invitation
from canut.guilds.states import InvitationState
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Notice
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by

QUIET_FOR = timedelta(days=30)


@transaction.atomic
def tell_invited(*, invitation_id: int, at: datetime) -> bool:
    """Tell the invited person who invited them where; return whether they were told. A job.

    Who was told of an earlier one into the same guild within 30 days is told nothing: the new one stands on
    their page. So nobody is called again and again by invitations that are taken back and made anew.
    """
    invitation = Invitation.objects.select_related("guild__party", "by__party").get(pk=invitation_id)
    if invitation.state != InvitationState.OPEN or _told_lately(invitation):
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
            key=_key(invitation_id),
        )
    return told is not None


def _told_lately(invitation: Invitation) -> bool:
    earlier = Invitation.objects.filter(
        guild_id=invitation.guild_id,
        person_id=invitation.person_id,
        pk__lt=invitation.pk,
        invited_at__gt=invitation.invited_at - QUIET_FOR,
    )
    keys = [_key(invitation_id) for invitation_id in earlier.values_list("pk", flat=True)]
    return Notice.objects.filter(person_id=invitation.person_id, key__in=keys).exists()


def _key(invitation_id: int) -> str:
    return f"invited:{invitation_id}"
