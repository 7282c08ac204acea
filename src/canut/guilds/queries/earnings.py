"""What work for a guild really paid an hour, by the level of those who did it (MECHANISMS 2.10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from canut.charter.queries import in_force
from canut.work.queries.projects import StudioProject
from canut.work.rules import SECONDS_AN_HOUR, hourly_minor, paid_seconds

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


@dataclass(frozen=True, slots=True)
class EarningLine:
    """What members of one level earned an hour. None: too few did such work to tell."""

    level: int
    hourly_minor: int | None
    people: int
    works: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class EarningsSeen:
    """What each level of a guild earned an hour, beside what this project pays.

    `under` is what the least level asked for earned, where the project pays less than that.
    """

    lines: Sequence[EarningLine]
    days: int
    pays_minor: int | None
    under: EarningLine | None


def earnings_seen(project: StudioProject, guild_id: int, level: int | None, *, at: datetime) -> EarningsSeen:
    """Return what members of a guild earned an hour lately, for the project's requester to compare."""
    pays = _pays(project, at=at)
    lines = [
        EarningLine(
            one.level,
            one.hourly_minor,
            one.people,
            one.works,
            is_more=pays is not None and one.hourly_minor is not None and one.hourly_minor > pays,
        )
        for one in level_earnings(guild_id, at=at)
    ]
    under = next((line for line in lines if line.level == level and line.is_more), None)
    return EarningsSeen(lines, in_force("guild.earnings_days", at=at), pays, under)


def _pays(project: StudioProject, *, at: datetime) -> int | None:
    """Return what the project pays an hour; None for volunteer work and where there is no price yet."""
    if project.is_volunteer or project.needs_reward:
        return None
    if project.is_by_the_hour:
        return project.hourly_minor
    share = in_force("pay.risk_break_share", at=at)
    seconds = paid_seconds(project.expected_seconds, project.risks, share)
    return hourly_minor(reward_minor=project.reward_minor, seconds=seconds)
