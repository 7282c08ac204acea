"""The only way to a guild, a membership or an invitation on somebody's behalf."""

from django.utils.translation import gettext_lazy as _

from canut.guilds.models import Guild, Invitation, Member
from canut.guilds.states import InvitationState
from canut.kernel.refusals import NotAllowed, NotFound
from canut.people.models import Person


class GuildNotFound(NotFound):
    code = "guild_not_found"


class InvitationNotFound(NotFound):
    code = "invitation_not_found"


class NotAMember(NotAllowed):
    code = "not_a_guild_member"


def guild_known(guild_id: int, *, lock: bool = False) -> Guild:
    """Return a guild; everybody may know of it.

    Raises:
        GuildNotFound: there is none of this number.
    """
    rows = Guild.objects.select_related("party__party")
    rows = rows.select_for_update(of=("self",), no_key=True) if lock else rows
    guild = rows.filter(pk=guild_id).first()
    if guild is None:
        raise GuildNotFound(_("There is no such guild. The list of guilds shows those there are."))
    return guild


def own_membership(guild_id: int, *, by: Person, lock: bool = False, left_too: bool = False) -> Member:
    """Return `by`'s membership in a guild; with `left_too` also one that has ended.

    Raises:
        GuildNotFound: there is none of this number.
        NotAMember: `by` is not in it.
    """
    guild = guild_known(guild_id)
    rows = Member.objects.select_for_update(no_key=True) if lock else Member.objects.all()
    member = rows.filter(guild=guild, person=by).first()
    if member is None or (member.left_at is not None and not left_too):
        raise NotAMember(_("Only members of this guild can do this. You can join it on its page."))
    return member


def invitation_to_answer(invitation_id: int, *, by: Person) -> Invitation:
    """Lock and return an open invitation that was made to `by`.

    Raises:
        InvitationNotFound: there is none, or it was answered or withdrawn.
    """
    return _open_invitation(invitation_id, person=by)


def invitation_to_withdraw(invitation_id: int, *, by: Person) -> Invitation:
    """Lock and return an open invitation that `by` made.

    Raises:
        InvitationNotFound: there is none, or it was answered or withdrawn.
    """
    return _open_invitation(invitation_id, by=by)


def _open_invitation(invitation_id: int, **whose: Person) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(no_key=True)
        .filter(pk=invitation_id, state=InvitationState.OPEN, **whose)
        .first()
    )
    if invitation is None:
        raise InvitationNotFound(_("This invitation is not open any more, or there is none."))
    return invitation
