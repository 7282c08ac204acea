"""Decisions about work, counted for statistics, and on which ground each rejection was made."""

from collections.abc import Collection, Mapping
from datetime import datetime

from canut.work.models import Decision
from canut.work.states import Outcome

DECIDED = (Outcome.APPROVED, Outcome.RETURNED, Outcome.REJECTED)


def decisions_between(begins: datetime, ends: datetime) -> int:
    """Return how many decisions about work there were from one moment until another."""
    rows = Decision.objects.filter(outcome__in=DECIDED, decided_at__gte=begins, decided_at__lt=ends)
    return rows.count()


def grounds_of_rejections(assignment_ids: Collection[int]) -> Mapping[int, str]:
    """Return the ground on which each of these assignments was rejected, of those that were."""
    rows = Decision.objects.filter(
        outcome=Outcome.REJECTED, submission__assignment__in=assignment_ids
    ).order_by("pk")
    return dict(rows.values_list("submission__assignment", "ground"))
