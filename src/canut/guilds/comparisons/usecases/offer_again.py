"""A comparison that nobody takes is offered to further workers of the project."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from canut.charter.queries import in_force
from canut.guilds.comparisons.models import Comparison, Pair
from canut.guilds.comparisons.queries import undecided
from canut.work.models import Assignment, Place, TaskOffer
from canut.work.queries.accepted import accepted_workers
from canut.work.states import PlaceState
from canut.work.usecases.widen_audience import widen_audience

MOST_AT_ONCE = 100


def offer_again(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Offer each free pair to as many more workers, so long after its last offer; return how many pairs.

    How many and how long, the charter says. They are those with accepted work in the project who have not
    been offered the pair, first those who worked last, and never its authors. Each round of a task is a
    transaction of its own; doing it again at once offers nothing more. A job.
    """
    since = at - timedelta(hours=in_force("comparison.offer_again_hours", at=at))
    waiting = Comparison.objects.filter(over__isnull=True, asked_at__lte=since)
    waiting = waiting.annotate(offered_at=Max("pairs__task__audience__offers__offered_at"))
    ids = waiting.filter(offered_at__lte=since).order_by("offered_at", "pk").values_list("pk", flat=True)
    return sum(_offer(comparison_id, since=since, at=at) for comparison_id in ids[:most])


@transaction.atomic
def _offer(comparison_id: int, *, since: datetime, at: datetime) -> int:
    comparison = Comparison.objects.select_for_update(no_key=True).get(pk=comparison_id)
    judges, most = accepted_workers(comparison.project_id), in_force("comparison.offer_members", at=at)
    pairs = undecided(comparison.pk)
    places = Place.objects.filter(task__in=[pair.task_id for pair in pairs], state=PlaceState.OPEN)
    free = set(places.values_list("task_id", flat=True))
    widened = 0
    for pair in pairs:
        if pair.task_id not in free:
            continue
        offers = dict(TaskOffer.objects.filter(task=pair.task_id).values_list("worker_id", "offered_at"))
        if max(offers.values(), default=since) > since:
            continue
        not_yet = [one for one in judges if one not in offers and one not in _authors(pair)][:most]
        if not_yet:
            widen_audience(task_id=pair.task_id, offered_to=not_yet, at=at)
            widened += 1
    return widened


def _authors(pair: Pair) -> set[int]:
    works = Assignment.objects.filter(submissions__in=[pair.first_id, pair.second_id])
    return set(works.values_list("worker_id", flat=True))
