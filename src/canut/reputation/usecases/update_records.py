"""Keeping requesters' public records up with what happened."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from canut.kernel.events import Happened, read_new
from canut.reputation.models import Regard, RequesterRecord
from canut.reputation.usecases.keep_regard import keep_regard

READER = "reputation.requester_record"
DECISIONS = ("submission.approved", "submission.returned", "submission.rejected", "submission.overturned")
APPEALS = ("appeal.upheld", "appeal.overturned")
ROUNDS = ("round.passed", "round.stopped", "round.refunded")
PAYMENTS = ("top_up.paid", "session.closed")
EVENTS = (*DECISIONS, *APPEALS, *ROUNDS, *PAYMENTS)
PAID = ("submission.approved", "submission.overturned")
DECIDED = ("submission.approved", "submission.rejected")
CURRENCY = "EUR"
"""Pay in any other currency is left out: a record does not mix currencies."""


@transaction.atomic
def update_records(*, at: datetime, most: int = 2_000) -> int:
    """Count the decisions that came since the last call into their requesters' records; return how many.

    What a fund pays has no requester, and counts for nobody.

    Reads events by cursor in the transaction that counts them, so each counts once however often,
    and on however many nodes, this runs.
    """
    read = read_new(READER, names=EVENTS, most=most)
    happened = [event for event in read if not event.data.get("fund")]
    changes: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for event in happened:
        _count(changes[int(event.data["owner_id"])], event)
    for owner_id, added in sorted(changes.items()):
        RequesterRecord.objects.get_or_create(owner_id=owner_id)
        fields: dict[str, Any] = {name: F(name) + value for name, value in added.items()}
        RequesterRecord.objects.filter(owner_id=owner_id).update(**fields)
    _count_their_regard(happened, at=at)
    return len(read)


def _count_their_regard(happened: Sequence[Happened], *, at: datetime) -> None:
    """Let what workers think of a requester count for others, now that work of theirs was decided."""
    pairs = {
        (int(event.data["owner_id"]), int(event.data["worker_id"]))
        for event in happened
        if event.name in DECIDED
    }
    known = Regard.objects.filter(counts_since__isnull=False, requester_id__in={owner for owner, _ in pairs})
    for owner_id, worker_id in sorted(pairs - set(known.values_list("requester_id", "worker_id"))):
        keep_regard(worker_id=worker_id, requester_id=owner_id, decided_at=at)


def _count(added: dict[str, int], event: Happened) -> None:
    data = event.data
    if event.name in DECISIONS:
        _count_decision(added, event)
    elif event.name in APPEALS:
        added["appeals_heard"] += 1
        added["appeals_lost"] += event.name == "appeal.overturned"
    elif event.name in ROUNDS:
        added["revisions"] += data["helped"] is not None
        added["revisions_helped"] += bool(data["helped"])
    elif data["currency"] == CURRENCY:
        # A top-up raises what an hour paid of work that was counted when it was approved
        added["timed_pay_minor"] += int(data["paid_minor"])
        if event.name == "session.closed" and data["paid_minor"]:
            added["timed_seconds"] += int(data["paid_seconds"])
            added["timed"] += 1


def _count_decision(added: dict[str, int], event: Happened) -> None:
    data = event.data
    added[event.name.removeprefix("submission.")] += 1
    if event.name != "submission.overturned":  # that work was decided when it was rejected
        added["waited_seconds"] += max(0, int(data["waited_seconds"]))
        added["first_decided"] += data["attempt"] == 1
    if event.name in PAID:
        added["automatic"] += bool(data["automatic"])
        if data["active_seconds"] and data["reward_minor"] and data["currency"] == CURRENCY:
            added["timed"] += 1
            added["timed_pay_minor"] += int(data["reward_minor"])
            added["timed_seconds"] += int(data["active_seconds"])
