"""A comparison that nobody takes is offered to further workers of the project."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from canut.charter.queries import in_force
from canut.guilds.comparisons.models import Comparison, Pair
from canut.guilds.comparisons.queries import undecided
from canut.work.models import Assignment, Place, TaskOffer
from canut.work.queries.accepted import accepted_workers
from canut.work.states import PlaceState
from canut.work.usecases.widen_audience import widen_audience

MOST_AT_ONCE = 100
LOOKED_AT_ONCE = 500


def offer_again(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Offer each free pair to as many more workers, so long after its last offer; return how many pairs.

    How many and how long, the charter says. They are those with accepted work in the project who have not
    been offered the pair, first those who worked last, and never its authors. Each round of a task is a
    transaction of its own; doing it again at once offers nothing more. A job.
    """
    since = at - timedelta(hours=in_force("comparison.offer_again_hours", at=at))
    waiting = Comparison.objects.filter(over__isnull=True, asked_at__lte=since)
    waiting = waiting.annotate(offered_at=Max("pairs__task__audience__offers__offered_at"))
    rows = waiting.filter(offered_at__lte=since).order_by("offered_at", "pk").values_list("pk", "project_id")
    some = islice(_with_somebody_left(list(rows)), most)
    return sum(_offer(comparison_id, since=since, at=at) for comparison_id in some)


def _with_somebody_left(waiting: Sequence[tuple[int, int]]) -> Iterator[int]:
    """Yield those comparisons of which a free pair has not been offered to all who could judge it.

    The others wait for those who have been asked, and must not stand before what can be offered. `waiting`
    are comparisons with the projects they are about.
    """
    judges: dict[int, set[int]] = {}
    for start in range(0, len(waiting), LOOKED_AT_ONCE):
        about = dict(waiting[start : start + LOOKED_AT_ONCE])
        free = Place.objects.filter(task=OuterRef("task"), state=PlaceState.OPEN)
        pairs = Pair.objects.filter(Exists(free), comparison__in=about).values_list(
            "comparison_id", "task_id", "first__assignment__worker_id", "second__assignment__worker_id"
        )
        found = list(pairs)
        asked: dict[int, set[int]] = {}
        for task_id, worker_id in TaskOffer.objects.filter(
            task__in=[task_id for _comparison, task_id, *_authors in found]
        ).values_list("task_id", "worker_id"):
            asked.setdefault(task_id, set()).add(worker_id)
        left = set()
        for comparison_id, task_id, *authors in found:
            project_id = about[comparison_id]
            if project_id not in judges:
                judges[project_id] = set(accepted_workers(project_id))
            if judges[project_id] - asked.get(task_id, set()) - set(authors):
                left.add(comparison_id)
        yield from (comparison_id for comparison_id in about if comparison_id in left)


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
