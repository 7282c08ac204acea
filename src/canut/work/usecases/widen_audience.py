"""A task that is only for some people is opened to more of them."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from canut.work.models import TaskAudience, TaskBar, TaskOffer


@transaction.atomic
def widen_audience(
    *,
    task_id: int,
    at: datetime,
    least: Decimal | int | None = None,
    most: Decimal | int | None = None,
    offered_to: Collection[int] = (),
    barred: Collection[int] = (),
    unbarred: Collection[int] = (),
) -> TaskAudience:
    """Open a task to standings from `least` to `most`, or above without one, and offer it by name.

    Without `least` the standings stay as they are. Whoever could take it still can, but for those who are
    barred from now on: an open place is theirs to take at once. The bars of the unbarred are lifted.
    Repeating it is safe.

    Raises:
        LookupError: the task has no audience. ValueError: it would be for fewer, or has no scale.
    """
    audience = TaskAudience.objects.select_for_update(no_key=True).filter(pk=task_id).first()
    if audience is None:
        raise LookupError(f"task {task_id} has no audience")
    if least is not None:
        _widen(audience, Decimal(least), None if most is None else Decimal(most))
    TaskBar.objects.filter(task=audience, worker_id__in=unbarred).delete()
    TaskBar.objects.bulk_create(
        (TaskBar(task=audience, worker_id=one) for one in barred), ignore_conflicts=True
    )
    TaskOffer.objects.bulk_create(
        (TaskOffer(task=audience, worker_id=one, offered_at=at) for one in offered_to), ignore_conflicts=True
    )
    return audience


def _widen(audience: TaskAudience, least: Decimal, most: Decimal | None) -> None:
    if not audience.scale:
        raise ValueError(f"task {audience.pk} is on no scale")
    if audience.least is not None:
        is_cut_above = most is not None and (audience.most is None or most < audience.most)
        if least > audience.least or is_cut_above:
            raise ValueError(f"task {audience.pk} would be for fewer")
    audience.least, audience.most = least, most
    audience.save(update_fields=["least", "most"])
