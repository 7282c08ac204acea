"""What a worker thinks of a requester, and its part in what other workers' feeds go by."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Count, F, Sum

from canut.reputation.models import Rating, Regard, RequesterRegard, Side


@transaction.atomic
def keep_regard(*, worker_id: int, requester_id: int, decided_at: datetime | None = None) -> None:
    """Bring one worker's regard of a requester, and the requester's sums, up to their latest judgement.

    `decided_at` says that the requester has decided work of theirs, and from when on it counts for others;
    the first such moment stays. The requester's sums are locked first, so that two changes at once both
    count.
    """
    RequesterRegard.objects.get_or_create(requester_id=requester_id)
    RequesterRegard.objects.select_for_update(no_key=True).get(requester_id=requester_id)
    regard, _made = Regard.objects.get_or_create(worker_id=worker_id, requester_id=requester_id)
    before = _part(regard)
    newest = Rating.objects.filter(
        side=Side.REQUESTER, rater_id=worker_id, rated_id=requester_id, counts_until__isnull=True
    ).order_by("-given_at", "-pk")
    regard.latest = newest.values_list("value", flat=True).first()
    regard.counts_since = regard.counts_since or decided_at
    regard.save(update_fields=["latest", "counts_since"])
    after = _part(regard)
    RequesterRegard.objects.filter(requester_id=requester_id).update(
        workers=F("workers") + after[0] - before[0], total=F("total") + after[1] - before[1]
    )


def recount_regard() -> list[int]:
    """Return the requesters whose sums are not those of their workers' judgements, and put them right."""
    counting = Regard.objects.filter(counts_since__isnull=False, latest__isnull=False)
    sums = counting.values("requester_id").annotate(workers=Count("pk"), total=Sum("latest"))
    right = {row["requester_id"]: (row["workers"], row["total"]) for row in sums}
    wrong = []
    for kept in RequesterRegard.objects.all():
        workers, total = right.get(kept.requester_id, (0, Decimal(0)))
        if (kept.workers, kept.total) != (workers, total):
            wrong.append(kept.requester_id)
            RequesterRegard.objects.filter(pk=kept.pk).update(workers=workers, total=total)
    return wrong


def _part(regard: Regard) -> tuple[int, Decimal]:
    if regard.latest is None or regard.counts_since is None:
        return 0, Decimal(0)
    return 1, Decimal(regard.latest)
