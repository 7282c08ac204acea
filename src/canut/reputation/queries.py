"""Reading records, ratings and standings, for one page of projects or for one worker."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from canut.charter.queries import in_force
from canut.reputation import rules_ratings as rules
from canut.reputation.models import (
    Rating,
    Regard,
    RequesterRecord,
    RequesterRegard,
    ScaleKind,
    Side,
    Standing,
)
from canut.reputation.rules import NO_RECORD, Record, record_of


@dataclass(frozen=True, slots=True)
class RatingGiven:
    """One rating as the one who gave it sees it. It counts until `counts_until`, None while it does."""

    id: int
    rated_id: int
    assignment_id: int
    value: Decimal
    given_at: datetime
    counts_until: datetime | None


def requester_records(owner_ids: Collection[int]) -> dict[int, Record]:
    """Return the public record of each requester, an empty one where nothing was decided yet."""
    rows = RequesterRecord.objects.filter(owner_id__in=set(owner_ids))
    known = {
        row.owner_id: record_of(
            approved=row.approved,
            returned=row.returned,
            rejected=row.rejected,
            overturned=row.overturned,
            first_decided=row.first_decided,
            timed=row.timed,
            timed_pay_minor=row.timed_pay_minor,
            timed_seconds=row.timed_seconds,
            waited_seconds=row.waited_seconds,
            appeals_heard=row.appeals_heard,
            appeals_lost=row.appeals_lost,
            revisions=row.revisions,
            revisions_helped=row.revisions_helped,
        )
        for row in rows
    }
    return {owner_id: known.get(owner_id, NO_RECORD) for owner_id in owner_ids}


def own_regard(worker_id: int, requester_id: int) -> Decimal | None:
    """Return a worker's latest rating of a requester, for the worker's own eyes."""
    regard = Regard.objects.filter(worker_id=worker_id, requester_id=requester_id)
    return regard.values_list("latest", flat=True).first()


def own_regards(worker_id: int, requester_ids: Collection[int]) -> dict[int, Decimal]:
    """Return a worker's latest rating of each of these requesters, for the worker's own eyes."""
    regards = Regard.objects.filter(worker_id=worker_id, requester_id__in=requester_ids, latest__isnull=False)
    return {one.requester_id: one.latest for one in regards if one.latest is not None}


def factors_in_force(*, at: datetime) -> rules.Factors:
    """Return the charter's numbers for standings at this moment."""
    return rules.Factors(
        project_group=in_force("standing.project_group_factor", at=at),
        requester=in_force("standing.requester_factor", at=at),
        platform=in_force("standing.platform_factor", at=at),
        platform_least_requesters=in_force("standing.platform_least_requesters", at=at),
        unrated=in_force("standing.unrated", at=at),
        decimals=in_force("standing.decimals", at=at),
    )


def ratings_of(worker_id: int, *, rater_id: int) -> list[rules.Rating]:
    """Return the ratings of a worker by one requester that count, newest first."""
    rows = Rating.objects.filter(
        side=Side.WORKER, rated_id=worker_id, rater_id=rater_id, counts_until__isnull=True
    )
    return [_read(row) for row in rows.order_by("-given_at", "-pk")]


def newest_by_each(worker_id: int) -> list[rules.Rating]:
    """Return each requester's latest rating of a worker, newest first."""
    rows = Rating.objects.filter(side=Side.WORKER, rated_id=worker_id, counts_until__isnull=True)
    latest = rows.order_by("rater_id", "-given_at", "-pk").distinct("rater_id")
    return sorted(map(_read, latest), key=lambda one: (one.given_at, one.id), reverse=True)


def stands_on(party_id: int, *, scale: ScaleKind, scale_id: int = 0) -> bool:
    """Tell whether somebody has a standing on a scale that a room above keeps, such as membership."""
    return Standing.objects.filter(party_id=party_id, scale=scale, scale_id=scale_id).exists()


def standing_of(worker_id: int, *, requester_id: int, group_id: int, at: datetime) -> rules.Standing:
    """Return a worker's standing toward a project, recomputed from the ratings that count."""
    counted = {one.id: one for one in ratings_of(worker_id, rater_id=requester_id)}
    counted |= {one.id: one for one in newest_by_each(worker_id)}
    return rules.standing_toward(
        list(counted.values()), requester_id=requester_id, group_id=group_id, factors=factors_in_force(at=at)
    )


def score_of(requester_id: int, *, worker_id: int, at: datetime) -> Decimal:
    """Return where a requester stands in a worker's feed; `feed.sql` computes the same for all at once."""
    own = Regard.objects.filter(worker_id=worker_id, requester_id=requester_id).first()
    sums = RequesterRegard.objects.filter(requester_id=requester_id).first()
    workers, total = (sums.workers, sums.total) if sums else (0, Decimal(0))
    if own is not None and own.latest is not None and own.counts_since is not None:
        workers, total = workers - 1, total - own.latest
    return rules.score_from_mean(
        own=None if own is None else own.latest,
        mean=total / workers if workers else None,
        others_factor=in_force("feed.others_factor", at=at),
        neutral=in_force("feed.neutral_rating", at=at),
        unrated=in_force("feed.unrated_rating", at=at),
    )


def own_ratings(rater_id: int, *, side: Side, assignment_ids: Collection[int]) -> dict[int, Decimal]:
    """Return what `rater_id` has said about these assignments, for their own eyes."""
    rows = Rating.objects.filter(
        rater_id=rater_id, side=side, assignment_id__in=assignment_ids, counts_until__isnull=True
    )
    return dict(rows.values_list("assignment_id", "value"))


def counting(side: Side) -> "QuerySet[Rating]":
    """Return the ratings of one side that count, for a room above to ask whether its rows have one."""
    return Rating.objects.filter(side=side, counts_until__isnull=True)


def ratings_given(
    rater_id: int, *, side: Side, before_id: int | None = None, most: int
) -> Sequence[RatingGiven]:
    """Return what somebody has said of others, newest first, replaced ratings too: for their own eyes."""
    rows = Rating.objects.filter(rater_id=rater_id, side=side)
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [
        RatingGiven(row.pk, row.rated_id, row.assignment_id, row.value, row.given_at, row.counts_until)
        for row in rows.order_by("-pk")[:most]
    ]


def latest_of_each(rater_id: int, *, side: Side, rated_ids: Collection[int]) -> frozenset[int]:
    """Return the ids of somebody's latest counting ratings of these people, one of each."""
    rows = counting(side).filter(rater_id=rater_id, rated_id__in=rated_ids)
    newest = rows.order_by("rated_id", "-given_at", "-pk").distinct("rated_id")
    return frozenset(newest.values_list("pk", flat=True))


def rated_assignments(rater_id: int, *, party_ids: Collection[int]) -> dict[int, int]:
    """Return which work of these workers a requester has rated: assignments, each with its worker."""
    rows = Rating.objects.filter(
        side=Side.WORKER, rater_id=rater_id, rated_id__in=party_ids, counts_until__isnull=True
    )
    return dict(rows.values_list("assignment_id", "rated_id"))


def _read(row: Rating) -> rules.Rating:
    return rules.Rating(row.pk, row.rater_id, row.group_id, row.value, row.given_at)
