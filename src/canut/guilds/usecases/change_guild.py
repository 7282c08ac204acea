"""An operator changes what a guild says of itself and who may join."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.access import guild_known
from canut.guilds.founding import shape_errors
from canut.guilds.models import Guild
from canut.guilds.usecases.found_guild import LONGEST_DECISION
from canut.kernel.events import record
from canut.kernel.refusals import BadInput
from canut.people.access import as_operator
from canut.people.models import Person


@transaction.atomic
def change_guild(
    *,
    guild_id: int,
    by: Person,
    craft: str,
    charter_text: str,
    joining: str,
    language: str,
    reason: str,
    at: datetime,
) -> Guild:
    """Change a guild's craft, charter text, language or who may join; what was before is kept.

    Raises:
        OperatorRoleMissing: `by` does not run this site. GuildNotFound: there is none.
        BadInput: a field has the wrong shape; `errors` names each.
    """
    as_operator(by)
    guild = guild_known(guild_id, lock=True)
    craft, charter_text, reason = " ".join(craft.split()), charter_text.strip(), reason.strip()
    errors = shape_errors(
        name=guild.party.name, craft=craft, charter_text=charter_text, joining=joining, language=language
    )
    if not reason or len(reason) > LONGEST_DECISION or "\0" in reason:
        errors["reason"] = _("Say in at most 2,000 characters who decided the change, and why.")
    if errors:
        raise BadInput(_("Some of what you entered cannot be accepted. Nothing was changed."), errors=errors)
    new = {"craft": craft, "charter_text": charter_text, "joining": joining, "language": language}
    before = {field: getattr(guild, field) for field in new if getattr(guild, field) != new[field]}
    if not before:
        return guild
    for field in before:
        setattr(guild, field, new[field])
    guild.save(update_fields=list(before))
    record(by, "guild.changed", guild, at=at, before=before, reason=reason)
    return guild
