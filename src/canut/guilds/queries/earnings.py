"""What work for a guild really paid an hour, by the level of those who did it (MECHANISMS 2.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from canut.charter.queries import in_force
from canut.work.rules import SECONDS_AN_HOUR

LEAST_PEOPLE = 5
"""Under so many people's pay nothing is told, or it would tell what one of them earns."""

_EARNED = """
SELECT i.level, count(DISTINCT i.member_id), count(*), sum(a.reward_minor)::bigint, sum(t.seconds)::bigint
FROM guilds_item i
JOIN guilds_member m ON m.id = i.member_id
JOIN work_assignment a ON a.id = i.assignment_id
JOIN work_project p ON p.id = a.project_id
CROSS JOIN LATERAL (SELECT sum(coalesce(s.active_seconds, s.measured_seconds)) AS seconds
                    FROM work_submission s WHERE s.assignment_id = a.id) t
WHERE m.guild_id = %(guild)s AND i.kind = 'work' AND i.completed_at > %(since)s AND i.completed_at <= %(at)s
  AND a.state = 'approved' AND p.kind = 'paid' AND p.pay_basis = 'piece' AND t.seconds > 0
GROUP BY i.level ORDER BY i.level
"""


@dataclass(frozen=True, slots=True)
class LevelEarning:
    """What members of one level earned an hour, in minor units; None where too few people did it."""

    level: int
    hourly_minor: int | None
    people: int
    works: int


def level_earnings(guild_id: int, *, at: datetime) -> Sequence[LevelEarning]:
    """Return what approved work for a guild paid an hour of active time, by its members' level then.

    Of the last days that the charter says, by the piece, and only work whose time is known; rewards without
    top-ups, which come later. A level at which nobody did such work is left out.
    """
    days = in_force("guild.earnings_days", at=at)
    with connection.cursor() as cursor:
        cursor.execute(_EARNED, {"guild": guild_id, "since": at - timedelta(days=days), "at": at})
        rows = cursor.fetchall()
    return [
        LevelEarning(
            level,
            pay_minor * SECONDS_AN_HOUR // seconds if people >= LEAST_PEOPLE else None,
            people,
            works,
        )
        for level, people, works, pay_minor, seconds in rows
    ]
