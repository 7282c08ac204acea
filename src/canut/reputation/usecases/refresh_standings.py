"""When the members change how ratings weigh, every standing follows, a batch at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from canut.charter.queries import held
from canut.people.models import Party
from canut.reputation.models import Rating, ScaleKind, Side, Standing, StandingsRefresh
from canut.reputation.queries import factors_in_force
from canut.reputation.rules_ratings import weighted_mean

AT_ONCE = 500
"""How many people's standings are computed in one transaction."""

DECIDES = (
    "standing.project_group_factor",
    "standing.requester_factor",
    "standing.platform_factor",
    "standing.platform_least_requesters",
    "standing.decimals",
)
"""The charter's parameters that a stored standing was computed with."""


@transaction.atomic
def refresh_standings(*, at: datetime) -> int:
    """Compute the standings of some people anew who have one older than the charter; return of how many.

    Zero means that every standing is what the charter in force makes of the ratings that count. Several
    nodes at once are safe: each takes people whom the others have not locked.
    """
    since = max(held(name, at=at).since for name in DECIDES)
    older = Standing.objects.filter(scale__in=_SCALES, computed_at__lt=since).order_by("computed_at", "pk")
    found = set(older.values_list("party_id", flat=True)[: AT_ONCE * 4])
    mine = Party.objects.filter(pk__in=sorted(found)[:AT_ONCE]).order_by("pk")
    party_ids = [party.pk for party in mine.select_for_update(no_key=True, skip_locked=True)]
    _write_all(party_ids, at=at)
    return len(party_ids)


_SCALES = (ScaleKind.PROJECT_GROUP, ScaleKind.REQUESTER, ScaleKind.PLATFORM)


def _write_all(party_ids: Collection[int], *, at: datetime) -> None:
    factors = factors_in_force(at=at)
    counted = _counted(party_ids, least_requesters=factors.platform_least_requesters)
    factor = {
        ScaleKind.PROJECT_GROUP: factors.project_group,
        ScaleKind.REQUESTER: factors.requester,
        ScaleKind.PLATFORM: factors.platform,
    }
    Standing.objects.bulk_create(
        (
            Standing(
                party_id=party_id,
                scale=scale,
                scale_id=scale_id,
                value=weighted_mean(values, factor=factor[scale], decimals=factors.decimals),
                ratings=len(values),
                computed_at=at,
            )
            for (party_id, scale, scale_id), values in sorted(counted.items())
        ),
        update_conflicts=True,
        unique_fields=["party", "scale", "scale_id"],
        update_fields=["value", "ratings", "computed_at"],
    )
    Standing.objects.filter(party_id__in=party_ids, scale__in=_SCALES, computed_at__lt=at).delete()
    StandingsRefresh.objects.bulk_create(StandingsRefresh(party_id=party_id, at=at) for party_id in party_ids)


def _counted(
    party_ids: Collection[int], *, least_requesters: int
) -> dict[tuple[int, ScaleKind, int], Sequence[Decimal]]:
    """Return the ratings that count on each scale of each of these people, newest first."""
    rows = Rating.objects.filter(side=Side.WORKER, rated_id__in=party_ids, counts_until__isnull=True)
    found: dict[tuple[int, ScaleKind, int], list[Decimal]] = defaultdict(list)
    latest: dict[int, dict[int, Decimal]] = defaultdict(dict)
    newest_first = rows.order_by("-given_at", "-pk").values_list("rated_id", "rater_id", "group_id", "value")
    for party_id, rater_id, group_id, value in newest_first:
        found[party_id, ScaleKind.PROJECT_GROUP, group_id].append(value)
        found[party_id, ScaleKind.REQUESTER, rater_id].append(value)
        latest[party_id].setdefault(rater_id, value)
    for party_id, by_rater in latest.items():
        if len(by_rater) >= least_requesters:
            found[party_id, ScaleKind.PLATFORM, 0] = list(by_rater.values())
    return dict(found)
