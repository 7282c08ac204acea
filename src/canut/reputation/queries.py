"""Reading records: one call for a page of projects."""

from collections.abc import Collection

from canut.reputation.models import RequesterRecord
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
