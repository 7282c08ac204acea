"""Standings and scores as they were at any moment, rebuilt from the history of ratings.

Ratings are written once with `given_at` and `counts_until`, so those that counted at a moment can be told;
the charter gives the numbers in force then. What comes out is what the claim and the feed went by then:
a property test compares it with what they stored.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, Q

from canut.charter.queries import in_force
from canut.reputation import rules_explained as explained
from canut.reputation.models import QualificationGrant, Rating, Side, Standing, StandingsRefresh
from canut.reputation.queries import factors_in_force
from canut.reputation.rules_explained import ScaleThen, ScoreExplained, StandingExplained
from canut.reputation.rules_ratings import Rating as Judgement

# Every worker whose judgement of the requester counted for others then, with the latest that counted.
_OTHERS = """
WITH counted AS (
    SELECT j.id, j.rater_id, j.value, j.given_at FROM reputation_rating j
    WHERE j.rated_id = %(requester)s AND j.side = 'requester' AND j.counts_until IS NULL
    UNION ALL
    SELECT j.id, j.rater_id, j.value, j.given_at FROM reputation_rating j
    WHERE j.rated_id = %(requester)s AND j.side = 'requester' AND j.counts_until IS NOT NULL
      AND j.counts_until > %(at)s)
SELECT DISTINCT ON (c.rater_id) c.rater_id, c.value
FROM counted c JOIN reputation_regard g ON g.requester_id = %(requester)s AND g.worker_id = c.rater_id
WHERE c.rater_id <> %(worker)s AND c.given_at <= %(at)s AND g.counts_since <= %(at)s
ORDER BY c.rater_id, c.given_at DESC, c.id DESC
"""


def qualification_at(qualification_id: int, *, worker_id: int, at: datetime) -> Decimal | None:
    """Return the value of a qualification that counted for a worker at a moment, None where none did."""
    grants = QualificationGrant.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=at),
        qualification_id=qualification_id,
        worker_id=worker_id,
        granted_at__lte=at,
    )
    return grants.order_by("-pk").values_list("value", flat=True).first()


def kept_since(scale: str, scale_id: int, *, worker_id: int, at: datetime) -> tuple[Decimal | None, bool]:
    """Return a standing that a room above keeps, as it is now, and whether it was the same at a moment.

    Without one, whether there was one then is not known here.
    """
    found = Standing.objects.filter(party_id=worker_id, scale=scale, scale_id=scale_id).first()
    return (None, False) if found is None else (found.value, found.computed_at <= at)


def standing_at(worker_id: int, *, requester_id: int, group_id: int, at: datetime) -> StandingExplained:
    """Return a worker's standing toward a project at a moment, with every step.

    A standing is computed when a rating changes it, and when the charter weighs ratings differently, by the
    charter of that moment; only the standing of whom nobody has rated is read from the charter at `at`.
    """
    rows = _history(side=Side.WORKER, rated_id=worker_id, given_at__lte=at)
    by_requester = [row for row in rows if row.rater_id == requester_id]
    in_group = [row for row in by_requester if row.group_id == group_id]
    counting = _counting(rows, at)
    latest: dict[int, Judgement] = {}
    for one in counting:
        latest.setdefault(one.rater_id, one)
    refreshes = StandingsRefresh.objects.filter(party_id=worker_id, at__lte=at)
    refreshed_at = refreshes.aggregate(last=Max("at"))["last"]
    scales = [
        _scale("project_group", in_group, _counting(in_group, at), refreshed_at, at=at),
        _scale("requester", by_requester, _counting(by_requester, at), refreshed_at, at=at),
        _scale("platform", rows, list(latest.values()), refreshed_at, at=at),
    ]
    return explained.explain_standing(
        scales,
        unrated=in_force("standing.unrated", at=at),
        weights=in_force("rating.weights", at=at),
        times_rated=len(counting),
        raters=len(latest),
    )


def score_at(worker_id: int, *, requester_id: int, at: datetime) -> ScoreExplained:
    """Return where a requester stood in a worker's feed at a moment, with every step.

    Another worker's judgement counts from the moment on at which decided work of theirs was counted
    (`Regard.counts_since`).
    """
    said = _history(side=Side.REQUESTER, rated_id=requester_id, rater_id=worker_id, given_at__lte=at)
    own = next((one.value for one in _counting(said, at)), None)
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, {"requester": requester_id, "worker": worker_id, "at": at})
        others = [(int(rater), Decimal(value)) for rater, value in cursor.fetchall()]
    return explained.explain_score(
        own=own,
        others=others,
        others_factor=in_force("feed.others_factor", at=at),
        neutral=in_force("feed.neutral_rating", at=at),
        unrated=in_force("feed.unrated_rating", at=at),
    )


def _scale(
    scope: explained.Scope,
    touching: Sequence[Rating],
    counting: Sequence[Judgement],
    refreshed_at: datetime | None,
    *,
    at: datetime,
) -> ScaleThen:
    """Return one scope as it was last computed: when a rating in it was given or replaced."""
    moments = [row.given_at for row in touching]
    if touching and refreshed_at is not None:
        moments.append(refreshed_at)
    moments += [row.counts_until for row in touching if row.counts_until and row.counts_until <= at]
    computed_at = max(moments, default=None)
    factors = factors_in_force(at=computed_at or at)
    by_scope = {
        "project_group": factors.project_group,
        "requester": factors.requester,
        "platform": factors.platform,
    }
    return ScaleThen(
        scope=scope,
        ratings=tuple(counting),
        factor=by_scope[scope],
        decimals=factors.decimals,
        least_raters=factors.platform_least_requesters if scope == "platform" else 1,
        computed_at=computed_at,
    )


def _history(**about: Any) -> list[Rating]:
    """Return ratings, those that were replaced since among them, newest first; each kind has its index."""
    rows = Rating.objects.filter(**about)
    found = [*rows.filter(counts_until__isnull=True), *rows.filter(counts_until__isnull=False)]
    return sorted(found, key=lambda row: (row.given_at, row.pk), reverse=True)


def _counting(rows: Iterable[Rating], at: datetime) -> list[Judgement]:
    return [
        Judgement(row.pk, row.rater_id, row.group_id, row.value, row.given_at)
        for row in rows
        if row.counts_until is None or row.counts_until > at
    ]
