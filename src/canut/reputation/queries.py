"""Reading records, ratings and what they come to, for one page of projects or for one worker."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from canut.charter.queries import in_force
from canut.reputation import rules_ratings as rules
from canut.reputation.models import Regard, RequesterRecord, RequesterRegard
from canut.reputation.rules import NO_RECORD, Record, record_of


def requester_records(owner_ids: Collection[int]) -> dict[int, Record]:
    """Return the public record of each requester, an empty one where nothing was decided yet."""
    rows = RequesterRecord.objects.filter(owner_id__in=set(owner_ids))
    known = {
        row.owner_id: record_of(
            approved=row.approved,
            returned=row.returned,
            rejected=row.rejected,
            overturned=row.overturned,
            timed_pay_minor=row.timed_pay_minor,
            timed_seconds=row.timed_seconds,
            waited_seconds=row.waited_seconds,
        )
        for row in rows
    }
    return {owner_id: known.get(owner_id, NO_RECORD) for owner_id in owner_ids}


def own_regard(worker_id: int, requester_id: int) -> Decimal | None:
    """Return a worker's latest rating of a requester, for the worker's own eyes."""
    regard = Regard.objects.filter(worker_id=worker_id, requester_id=requester_id)
    return regard.values_list("latest", flat=True).first()


def score_of(requester_id: int, *, worker_id: int, at: datetime) -> Decimal:
    """Return where a requester stands in a worker's feed; `feed.sql` computes the same for all at once."""
    own = Regard.objects.filter(worker_id=worker_id, requester_id=requester_id).first()
    sums = RequesterRegard.objects.filter(requester_id=requester_id).first()
    workers, total = (sums.workers, sums.total) if sums else (0, Decimal(0))
    if own is not None and own.latest is not None and own.has_decided_work:
        workers, total = workers - 1, total - own.latest
    return rules.score_from_mean(
        own=None if own is None else own.latest,
        mean=total / workers if workers else None,
        others_factor=in_force("feed.others_factor", at=at),
        neutral=in_force("feed.neutral_rating", at=at),
        unrated=in_force("feed.unrated_rating", at=at),
    )
