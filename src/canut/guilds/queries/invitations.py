"""What became of the invitations that somebody made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from canut.guilds.models import Invitation
from canut.guilds.queries.draws import day_of
from canut.guilds.states import InvitationState
from canut.people.models import Person

ANSWERED_WITHIN = timedelta(days=30)
MOST_ANSWERED = 20


@dataclass(frozen=True, slots=True)
class AnsweredInvitation:
    """Whom somebody invited, and what they answered."""

    who: str
    accepted: bool
    answered_on: date


def answered_lately(by: Person, *, guild_id: int, at: datetime) -> Sequence[AnsweredInvitation]:
    """Return the invitations that `by` made into a guild and that were answered lately, the latest first."""
    rows = Invitation.objects.filter(
        by=by,
        guild_id=guild_id,
        state__in=[InvitationState.ACCEPTED, InvitationState.DECLINED],
        answered_at__gt=at - ANSWERED_WITHIN,
    )
    rows = rows.select_related("person__party").order_by("-answered_at", "-pk")[:MOST_ANSWERED]
    return [
        AnsweredInvitation(
            who=row.person.screen_name,
            accepted=row.state == InvitationState.ACCEPTED,
            answered_on=day_of(row.answered_at or at),
        )
        for row in rows
    ]
