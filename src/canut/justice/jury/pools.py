"""Who is in the pools that peers are drawn among. Whoever is drawn is an active member besides."""

from collections.abc import Collection, Mapping

from canut.guilds.models import Member
from canut.justice.jury.rules import reads_language
from canut.justice.states import PoolKind
from canut.justice.subjects.subject import Pool
from canut.membership.states import College
from canut.people.models import Person

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


def readers_of(language: str, *, among: Collection[int]) -> set[int]:
    """Return who of these people says that they read a language well; all of them where none is named."""
    languages = Person.objects.filter(pk__in=among).values_list("pk", "languages")
    return {person for person, theirs in languages if reads_language(language, theirs)}
