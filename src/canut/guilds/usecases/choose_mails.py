"""A member chooses whether mails tell them of reviews of their work."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.access import own_membership
from canut.guilds.mail_token import member_of
from canut.guilds.models import Member
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.models import Person


class MailLinkNotUsable(NotFound):
    code = "guild_mail_link_not_usable"


@transaction.atomic
def choose_mails(*, guild_id: int, by: Person, wanted: bool, at: datetime) -> Member:
    """Send `by` mails about reviews of their work in a guild from now on, or none. Repeating it is safe.

    Raises:
        GuildNotFound: there is none of this number. NotAMember: `by` is not in it.
    """
    member = own_membership(guild_id, by=by, lock=True, left_too=True)
    _choose(member, wanted=wanted, at=at)
    return member


@transaction.atomic
def stop_mails(*, token: str, at: datetime) -> Member:
    """Send no more mails about reviews to the member whom a token names, who need not be signed in.

    Raises:
        MailLinkNotUsable: this site did not make the token.
    """
    member = member_to_stop(token)
    locked = Member.objects.select_for_update(no_key=True).get(pk=member.pk)
    _choose(locked, wanted=False, at=at)
    return member


def member_to_stop(token: str) -> Member:
    """Return whose mails a token ends.

    Raises:
        MailLinkNotUsable: this site did not make the token.
    """
    member_id = member_of(token)
    found = None
    if member_id is not None:
        found = Member.objects.select_related("guild__party").filter(pk=member_id).first()
    if found is None:
        raise MailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or stop the mails on your guild's page.")
        )
    return found


def _choose(member: Member, *, wanted: bool, at: datetime) -> None:
    if member.wants_mails == wanted:
        return
    member.wants_mails = wanted
    member.save(update_fields=["wants_mails"])
    record(member.person, "guild.mails_chosen", member, at=at, wanted=wanted)
