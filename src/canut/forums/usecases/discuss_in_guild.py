"""A member of a guild puts a question to it, to be discussed in three rounds."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.charter.rules import Scope
from canut.discussion.facilitated.models import Discussion
from canut.discussion.facilitated.states import About
from canut.discussion.facilitated.usecases.open_discussion import open_discussion
from canut.forums.discussions import terms_at
from canut.forums.stands import why_no_writer
from canut.guilds.access import own_membership
from canut.kernel.later import later
from canut.kernel.refusals import NotAllowed
from canut.people.models import Person


class GuildLevelTooLow(NotAllowed):
    """Facts: `level`, the one from which on it is done."""

    code = "guild_level_too_low"


@transaction.atomic
def discuss_in_guild(*, guild_id: int, by: Person, question: str, text: str, at: datetime) -> Discussion:
    """Open a facilitated discussion in a guild. Its founders can, and members from a level on.

    Raises:
        GuildNotFound: there is no such guild. NotAMember: `by` is not in it.
        GuildLevelTooLow: they are, below that level. Else what `open_discussion` raises, and why `by` may not
        write anywhere.
    """
    least = opening_level(guild_id, at=at)
    if not may_open(guild_id, by=by, at=at):
        raise GuildLevelTooLow(
            _(
                "Founders of the guild, and members from level %(level)s on, open a discussion. Suggest it "
                "to one of them, for instance in the forum."
            )
            % {"level": least},
            level=least,
        )
    why_not = why_no_writer(by)
    if why_not is not None:
        raise why_not
    discussion = open_discussion(
        by=by,
        about=About.GUILD,
        about_id=guild_id,
        question=question,
        text=text,
        terms=terms_at(at, guild_id=guild_id),
        at=at,
    )
    later("forums.tell_guild_of_discussion", discussion_id=discussion.pk)
    return discussion


def opening_level(guild_id: int, *, at: datetime) -> int:
    """Return from which level on members of a guild open discussions."""
    return in_force("facilitated.opening_level", at=at, scope=Scope(guild=guild_id))


def may_open(guild_id: int, *, by: Person, at: datetime) -> bool:
    """Tell whether a member of a guild opens discussions in it.

    Raises:
        GuildNotFound: there is no such guild. NotAMember: `by` is not in it.
    """
    member = own_membership(guild_id, by=by)
    return member.is_founder or member.level >= opening_level(guild_id, at=at)
