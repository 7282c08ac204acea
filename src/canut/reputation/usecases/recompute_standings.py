"""Workers' standings, computed anew from the ratings that count; never patched."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from canut.reputation.models import Rating, ScaleKind, Side, Standing
from canut.reputation.queries import factors_in_force
from canut.reputation.rules_ratings import weighted_mean


def recompute_standings(*, rater_id: int, of: Collection[tuple[int, int]], at: datetime) -> None:
    """Write the standings that ratings by one rater can have changed: `of` are rated parties with groups.

    The caller has locked the parties' rows. A scale without ratings that count loses its standing. The
    number of queries does not grow with the number of parties, but for one a group.
    """
    factors = factors_in_force(at=at)
    party_ids = {party_id for party_id, _group in of}
    by_rater, by_group = _by_rater(rater_id, party_ids)
    everywhere = _newest_of_each(party_ids)
    least = factors.platform_least_requesters
    for group_id in sorted({group for _party, group in of}):
        in_group = {party: by_group.get((party, group_id), ()) for party, group in of if group == group_id}
        _write(ScaleKind.PROJECT_GROUP, group_id, in_group, factors.project_group, factors.decimals, at=at)
    requester = {party_id: by_rater.get(party_id, ()) for party_id in party_ids}
    _write(ScaleKind.REQUESTER, rater_id, requester, factors.requester, factors.decimals, at=at)
    platform = {
        party_id: values if len(values := everywhere.get(party_id, ())) >= least else ()
        for party_id in party_ids
    }
    _write(ScaleKind.PLATFORM, 0, platform, factors.platform, factors.decimals, at=at)


def forget_ratings(
    *, rater_id: int, party_ids: Collection[int], at: datetime, only: Collection[int] | None = None
) -> int:
    """Let one requester's earlier ratings of these workers count no more, and return how many those were.

    What a program asks for with `ignore_history` (CHECKS 42); `only` narrows it to ratings about these
    assignments. The rows stay, as history. The caller has locked the parties' rows.
    """
    gone = Rating.objects.filter(
        side=Side.WORKER, rater_id=rater_id, rated_id__in=party_ids, counts_until__isnull=True
    )
    if only is not None:
        gone = gone.filter(assignment_id__in=only)
    touched = set(gone.values_list("rated_id", "group_id"))
    count = gone.update(counts_until=at)
    if touched:
        recompute_standings(rater_id=rater_id, of=touched, at=at)
    return count


def _by_rater(
    rater_id: int, party_ids: Collection[int]
) -> tuple[Mapping[int, Sequence[Decimal]], Mapping[tuple[int, int], Sequence[Decimal]]]:
    """Return one rater's ratings of these parties that count, newest first: of each, and in each group."""
    rows = Rating.objects.filter(
        side=Side.WORKER, rater_id=rater_id, rated_id__in=party_ids, counts_until__isnull=True
    )
    by_party: dict[int, list[Decimal]] = defaultdict(list)
    by_group: dict[tuple[int, int], list[Decimal]] = defaultdict(list)
    newest_first = rows.order_by("-given_at", "-pk").values_list("rated_id", "group_id", "value")
    for party_id, group_id, value in newest_first:
        by_party[party_id].append(value)
        by_group[party_id, group_id].append(value)
    return by_party, by_group


def _newest_of_each(party_ids: Collection[int]) -> Mapping[int, Sequence[Decimal]]:
    """Return each requester's latest rating of these parties, newest first."""
    rows = Rating.objects.filter(side=Side.WORKER, rated_id__in=party_ids, counts_until__isnull=True)
    latest = rows.order_by("rated_id", "rater_id", "-given_at", "-pk").distinct("rated_id", "rater_id")
    found: dict[int, list[Decimal]] = defaultdict(list)
    read = latest.values_list("rated_id", "given_at", "pk", "value")
    for party_id, _given_at, _pk, value in sorted(read, key=lambda row: row[1:3], reverse=True):
        found[party_id].append(value)
    return found


def _write(
    scale: ScaleKind,
    scale_id: int,
    counted: Mapping[int, Sequence[Decimal]],
    factor: Decimal,
    decimals: int,
    *,
    at: datetime,
) -> None:
    """Write the standings of these parties on one scale; who has no rating on it has none."""
    unrated = [party_id for party_id, values in counted.items() if not values]
    Standing.objects.filter(scale=scale, scale_id=scale_id, party_id__in=unrated).delete()
    Standing.objects.bulk_create(
        (
            Standing(
                party_id=party_id,
                scale=scale,
                scale_id=scale_id,
                value=weighted_mean(values, factor=factor, decimals=decimals),
                ratings=len(values),
                computed_at=at,
            )
            for party_id, values in sorted(counted.items())
            if values
        ),
        update_conflicts=True,
        unique_fields=["party", "scale", "scale_id"],
        update_fields=["value", "ratings", "computed_at"],
    )
