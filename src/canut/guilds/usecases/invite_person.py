"""A member, or an operator, invites somebody into a guild."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.access import guild_known, own_membership
from canut.guilds.models import Invitation, Member
from canut.guilds.states import InvitationState
from canut.kernel.events import record
from canut.kernel.later import later
from canut.kernel.refusals import Refusal
from canut.people.access import PersonNotFound
from canut.people.models import Person
from canut.people.queries import person_named, worker

MOST_OPEN = 20
"""How many invitations of one person to one guild may wait for an answer."""


class AlreadyAMember(Refusal):
    code = "already_a_guild_member"


class TooManyInvitations(Refusal):
    code = "too_many_invitations"


@transaction.atomic
def invite_person(*, guild_id: int, by: Person, screen_name: str, at: datetime) -> Invitation:
    """Invite the worker of this exact screen name, and tell them. An invitation that is open stays as it is.

    Raises:
        GuildNotFound: there is none. NotAMember: `by` is neither in it nor runs this site.
        PersonNotFound: nobody who works here has this name. AlreadyAMember: they are in it.
        TooManyInvitations: twenty of `by`'s wait for an answer.
    """
    guild = guild_known(guild_id, lock=True)
    if not by.is_operator:
        own_membership(guild_id, by=by)
    who = person_named(screen_name)
    known = worker(who.id) if who is not None else None
    if who is None or known is None or not known.may_work:
        raise PersonNotFound(
            _("Nobody who works here has this name. Check the spelling; capitals make no difference.")
        )
    if Member.objects.filter(guild=guild, person_id=who.id, left_at__isnull=True).exists():
        raise AlreadyAMember(_("This person is in the guild already."))
    waiting = Invitation.objects.filter(guild=guild, state=InvitationState.OPEN)
    if found := waiting.filter(person_id=who.id).first():
        return found
    if waiting.filter(by=by).count() >= MOST_OPEN:
        raise TooManyInvitations(
            _("Twenty of your invitations wait for an answer. Withdraw some, or wait for the answers."),
            limit=MOST_OPEN,
        )
    invitation = Invitation.objects.create(guild=guild, person_id=who.id, by=by, invited_at=at)
    record(by, "guild.invited", guild, at=at, person_id=who.id)
    later("guilds.tell_invited", invitation_id=invitation.pk)
    return invitation
