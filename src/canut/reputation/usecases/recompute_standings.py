"""A worker's standings, computed anew from the ratings that count; never patched."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from canut.reputation.models import Rating, ScaleKind, Side, Standing
from canut.reputation.queries import factors_in_force, newest_by_each, ratings_of
from canut.reputation.rules_ratings import weighted_mean


def recompute_standings(*, party_id: int, rater_id: int, group_id: int, at: datetime) -> None:
    """Write the three standings that a rating of `party_id` by `rater_id` in the group can have changed.

    The caller has locked the party's row. A scale without ratings that count loses its standing.
    """
    factors = factors_in_force(at=at)
    by_rater = ratings_of(party_id, rater_id=rater_id)
    in_group = [one for one in by_rater if one.group_id == group_id]
    latest = newest_by_each(party_id)
    everywhere = latest if len(latest) >= factors.platform_least_requesters else []
    for scale, scale_id, counted, factor in (
        (ScaleKind.PROJECT_GROUP, group_id, in_group, factors.project_group),
        (ScaleKind.REQUESTER, rater_id, by_rater, factors.requester),
        (ScaleKind.PLATFORM, 0, everywhere, factors.platform),
    ):
        row: dict[str, Any] = {"party_id": party_id, "scale": scale, "scale_id": scale_id}
        if not counted:
            Standing.objects.filter(**row).delete()
            continue
        value = weighted_mean([one.value for one in counted], factor=factor, decimals=factors.decimals)
        Standing.objects.update_or_create(
            **row, defaults={"value": value, "ratings": len(counted), "computed_at": at}
        )


def forget_ratings(*, rater_id: int, party_ids: Sequence[int], at: datetime) -> int:
    """Let one requester's earlier ratings of these workers count no more, and return how many those were.

    What a program asks for with `ignore_history` (CHECKS 42). The rows stay, as history.
    """
    gone = Rating.objects.filter(
        side=Side.WORKER, rater_id=rater_id, rated_id__in=party_ids, counts_until__isnull=True
    )
    groups = set(gone.values_list("rated_id", "group_id"))
    count = gone.update(counts_until=at)
    for party_id, group_id in sorted(groups):
        recompute_standings(party_id=party_id, rater_id=rater_id, group_id=group_id, at=at)
    return count
