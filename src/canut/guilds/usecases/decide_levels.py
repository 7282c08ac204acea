"""A member's level is what their reviews come to: decided at each full window, and anew after a void."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from canut.guilds.credentials.models import RevokedFor
from canut.guilds.credentials.usecases.revoke_credential import revoke_levels_above
from canut.guilds.models import LevelDecision, Member
from canut.guilds.queries.verdicts import verdicts_of
from canut.guilds.rules_levels import Decision, decided
from canut.kernel.events import record_each
from canut.reputation.models import ScaleKind
from canut.reputation.usecases.keep_standing import keep_standing


def decide_levels(
    *, member: Member, at: datetime, because: RevokedFor = RevokedFor.LEVEL_CHANGED
) -> Sequence[LevelDecision]:
    """Bring a member's decisions, level and standing to what their reviews come to; return what is new.

    Everything is replayed from the first review that counts, so what was decided and does not follow from
    them any more is superseded, from the first such decision on. A level that fell takes the badges above it
    along, `because` of it. Who has left keeps their level, and has no standing. The member's row must be
    locked.
    """
    verdicts = verdicts_of(member)
    follows = decided(member.first_level, verdicts)
    rows = LevelDecision.objects.filter(member=member, superseded_at__isnull=True).order_by("number")
    before = list(rows)
    same = 0
    while same < min(len(before), len(follows)) and _is(before[same], follows[same]):
        same += 1
    LevelDecision.objects.filter(pk__in=[one.pk for one in before[same:]]).update(superseded_at=at)
    new = LevelDecision.objects.bulk_create(
        LevelDecision(
            member=member,
            number=number,
            review_ids=list(one.reviews),
            mean=one.mean,
            before=one.before,
            after=one.after,
            why=one.why,
            decided_at=at,
        )
        for number, one in enumerate(follows[same:], start=same + 1)
    )
    level = follows[-1].after if follows else member.first_level
    if level != member.level:
        has_fallen, member.level = level < member.level, level
        member.save(update_fields=["level"])
        if has_fallen:
            revoke_levels_above(
                holder_id=member.person_id, guild_id=member.guild_id, level=level, reason=because, at=at
            )
    if member.left_at is None:
        keep_standing(
            party_id=member.person_id,
            scale=ScaleKind.GUILD,
            scale_id=member.guild_id,
            value=Decimal(level),
            ratings=sum(not one.is_voided for one in verdicts),
            at=at,
        )
    record_each(
        None,
        "guild.level_decided",
        (
            (
                one,
                {
                    "guild_id": member.guild_id,
                    "number": one.number,
                    "before": one.before,
                    "after": one.after,
                    "mean": str(one.mean),
                },
            )
            for one in new
        ),
        at=at,
    )
    return new


def _is(row: LevelDecision, follows: Decision) -> bool:
    kept = (tuple(row.review_ids), row.mean, row.before, row.after, row.why)
    return kept == (follows.reviews, follows.mean, follows.before, follows.after, follows.why)
