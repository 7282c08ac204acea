"""Which flags count now: those of members, of this episode, whose flags were not mostly wrong of late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from canut.charter.queries import in_force
from canut.justice.flags.models import Flag, Matter
from canut.justice.flags.rules_flags import cries_wolf, hides
from canut.justice.flags.states import DECIDED, MatterState
from canut.membership.queries import memberships_at
from canut.work.queries.ties import project_ties


@dataclass(frozen=True, slots=True)
class Trust:
    """What became of what somebody flagged, of what a person has decided on of late."""

    decided: int
    restored: int
    counts: bool


def trust_of(person_ids: Collection[int], *, at: datetime) -> dict[int, Trust]:
    """Return for each of these people what became of what they flagged, and whether their flags count."""
    since = at - timedelta(days=in_force("flag.wolf_days", at=at))
    least, share = in_force("flag.wolf_least_flags", at=at), in_force("flag.wolf_share", at=at)
    rows = Flag.objects.filter(
        by_id__in=person_ids,
        matter__state__in=DECIDED,
        matter__decided_at__gt=since,
        matter__decided_at__lte=at,
    )
    found: dict[int, list[bool]] = {person_id: [] for person_id in person_ids}
    for person_id, state in rows.values_list("by_id", "matter__state"):
        found[person_id].append(state == MatterState.RESTORED)
    return {
        person_id: Trust(
            decided=len(decided),
            restored=sum(decided),
            counts=not cries_wolf(decided, least_flags=least, most_share=share),
        )
        for person_id, decided in found.items()
    }


def members_counted(matter: Matter, *, at: datetime) -> list[int]:
    """Return the members whose flags count against a matter now, by id."""
    given = Flag.objects.filter(matter=matter, episode=matter.episode).values_list("by_id", flat=True)
    flaggers = set(given)
    members = memberships_at(at).filter(person_id__in=flaggers).values_list("person_id", flat=True)
    trust = trust_of(flaggers, at=at)
    return sorted(person_id for person_id in set(members) if trust[person_id].counts)


def is_enough(matter: Matter, *, at: datetime) -> bool:
    """Tell whether the flags of a matter hide it now."""
    people = members_counted(matter, at=at)
    least = in_force("flag.hide_members", at=at)
    if len(people) < least:
        return False
    since = at - timedelta(days=in_force("flag.tie_days", at=at))
    return hides(people, project_ties(people, since=since), least_members=least)
