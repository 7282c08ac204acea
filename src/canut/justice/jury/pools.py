"""Who is in the pools that peers are drawn among. Whoever is drawn is an active member besides."""

from collections.abc import Mapping

from canut.guilds.models import Member
from canut.justice.states import PoolKind
from canut.justice.subjects.subject import Pool
from canut.membership.states import College

COLLEGE = {PoolKind.WORKERS: College.WORKERS, PoolKind.REQUESTERS: College.REQUESTERS}


def people_in(pool: Pool, active: Mapping[int, College]) -> set[int]:
    """Return the people of a pool among the active members, whose colleges `active` names."""
    if pool.kind == PoolKind.MEMBERS:
        return set(active)
    if pool.kind in COLLEGE:
        return {person for person, college in active.items() if college == COLLEGE[pool.kind]}
    members = Member.objects.filter(left_at__isnull=True, person_id__in=active)
    if pool.kind != PoolKind.OTHER_GUILDS:
        members = members.filter(guild_id=pool.guild_id, level__gte=pool.least or 1)
    return set(members.values_list("person_id", flat=True))
