"""Rounds of comparisons come to their end, which is told once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from canut.guilds.comparisons.models import Comparison, ComparisonProject, Pair, RoundOver
from canut.guilds.comparisons.queries import stands_of
from canut.kernel.events import Happened, read_new, record_each
from canut.work.models import Assignment

READER = "comparisons"
HANDED_IN, CLOSED, WITHDRAWN = "assignment.submitted", "project.closed", "broken_row.withdrawn"


@transaction.atomic
def follow_comparisons(*, at: datetime, most: int = 200) -> int:
    """Note which rounds are over by what happened since the last call; return how much that was.

    Each round is told once, as the event `comparison.over`: not again when a judgement is returned and comes
    again. What is read, and what follows from it, is one transaction, and runners take turns.
    """
    happened = read_new(READER, names=[HANDED_IN, CLOSED, WITHDRAWN], most=most)
    rows = Comparison.objects.filter(pk__in=_touched(happened), over__isnull=True).order_by("pk")
    waiting = list(rows)
    stands = stands_of({one.task_id for one in waiting})
    over = [one for one in waiting if stands[one.task_id].round > one.round or stands[one.task_id].is_over]
    RoundOver.objects.bulk_create(RoundOver(comparison=one, over_at=at) for one in over)
    record_each(
        None,
        "comparison.over",
        ((one, {"project_id": one.project_id, "task_id": one.task_id, "round": one.round}) for one in over),
        at=at,
    )
    return len(happened)


def _touched(happened: Sequence[Happened]) -> set[int]:
    """Return the comparisons of which something happened to a pair."""
    made_in = {int(one.data["project_id"]) for one in happened if one.name == HANDED_IN}
    made_in = set(ComparisonProject.objects.filter(pk__in=made_in).values_list("pk", flat=True))
    handed_in = [
        one.subject_id for one in happened if one.name == HANDED_IN and int(one.data["project_id"]) in made_in
    ]
    tasks = Assignment.objects.filter(pk__in=handed_in).values_list("task_id", flat=True)
    closed = {one.subject_id for one in happened if one.name == CLOSED}
    withdrawn = {one.subject_id for one in happened if one.name == WITHDRAWN}
    found = Pair.objects.filter(
        Q(task__in=list(tasks))
        | Q(task__project__in=ComparisonProject.objects.filter(pk__in=closed).values("pk"))
        | Q(task__broken_rows__in=withdrawn)
    )
    return set(found.values_list("comparison_id", flat=True))
