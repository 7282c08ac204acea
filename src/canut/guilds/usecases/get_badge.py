"""A member has a level of theirs made a badge."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.badges import achievement_of, reviewed
from canut.guilds.credentials.models import IssuedCredential
from canut.guilds.credentials.usecases.issue_credential import issue_credential
from canut.guilds.models import Member
from canut.kernel.refusals import NotAllowed
from canut.people.access import as_worker, person_for_change
from canut.people.models import Person


class LevelNotHeld(NotAllowed):
    """The level is above the one that the member has now, or they are no member."""

    code = "level_not_held"


@transaction.atomic
def get_badge(*, guild_id: int, level: int, by: Person, at: datetime) -> IssuedCredential:
    """Issue a badge for a level that `by` has in a guild, the one they have now or one below it.

    Getting it again is safe, and gives the one that there is, unless that names an earlier key of theirs or
    an earlier name of the site: then it ends, and there is a new one. Its texts are in the active language.

    Raises:
        LevelNotHeld: `by` does not have this level, or is no member.
        SubjectKeyMissing: `by` has no key yet.
        SiteHasNoDid: the site cannot issue credentials.
        WorkerRoleMissing, NotActivated, TermsNotAccepted, AccountIsClosed: the account is not ready.
    """
    as_worker(person_for_change(by))
    rows = Member.objects.select_for_update(of=("self",))
    member = rows.filter(guild_id=guild_id, person_id=by.pk, left_at__isnull=True).first()
    if member is None or not 1 <= level <= member.level:
        raise LevelNotHeld(
            _("You do not have this level in this guild now. Your page of badges lists those that you have.")
        )
    return issue_credential(
        holder_id=by.pk,
        guild_id=guild_id,
        achievement=achievement_of(guild_id, level=level, at=at),
        reviewed=reviewed(member),
        by=by,
        at=at,
    )
