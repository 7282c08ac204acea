"""What joining, founding and accepting an invitation have in common: somebody is in the guild from now on."""

from datetime import datetime
from decimal import Decimal

from canut.charter.queries import in_force
from canut.guilds.models import Guild, Member, Review
from canut.guilds.states import ReviewState
from canut.guilds.usecases.open_block import open_block
from canut.kernel.events import record
from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing


def enter_guild(
    guild: Guild,
    person: Person,
    *,
    at: datetime,
    first_level: int | None = None,
    is_founder: bool = False,
) -> Member:
    """Make a person a member at the first level, or let them go on where they stopped when they left.

    Being in it already changes nothing. Several at once are safe: they take turns on the person's row.
    """
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    level = in_force("guild.first_level", at=at) if first_level is None else first_level
    member, is_new = Member.objects.select_for_update(no_key=True).get_or_create(
        guild=guild,
        person=person,
        defaults={"is_founder": is_founder, "first_level": level, "level": level, "joined_at": at},
    )
    if not is_new and member.left_at is None:
        return member
    if not is_new:
        member.left_at = None
        member.save(update_fields=["left_at"])
    open_block(member=member, at=at)
    reviews = Review.objects.filter(author=member, state=ReviewState.DONE, voided_at__isnull=True)
    keep_standing(
        party_id=person.pk,
        scale=ScaleKind.GUILD,
        scale_id=guild.pk,
        value=Decimal(member.level),
        ratings=reviews.count(),
        at=at,
    )
    record(person, "guild.joined", guild, at=at, person_id=person.pk, again=not is_new)
    return member
