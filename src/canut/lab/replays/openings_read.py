"""What was recorded of projects that opened, and of the ratings that counted then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import Sum

from canut.lab.replays.openings import Judgement, Moved, Opening, Taking
from canut.reputation.models import Rating, Side
from canut.reputation.rules_ratings import Rating as Judged
from canut.work.models import Admission, Assignment, CascadeBeat, Place, Project
from canut.work.states import CascadeWhy, PlaceState


def starts_of(since: datetime, until: datetime, *, using: str) -> list[int]:
    """Return the projects that began to open in the time, by id; work of a fund opens to all and is none."""
    rows = CascadeBeat.objects.using(using).filter(
        why=CascadeWhy.STARTED, at__gte=since, at__lt=until, project__fund=""
    )
    return sorted(set(rows.values_list("project_id", flat=True)))


def openings_of(project_id: int, since: datetime, until: datetime, *, using: str) -> list[Opening]:
    """Return each start of a project's cascade in the time, with what followed it."""
    project = Project.objects.using(using).get(pk=project_id)
    rows = CascadeBeat.objects.using(using).filter(project=project, at__gte=since, at__lt=until)
    beats = list(rows.order_by("pk"))
    begins = [number for number, row in enumerate(beats) if row.why == CascadeWhy.STARTED]
    taken = Assignment.objects.using(using).filter(
        project=project, round__isnull=True, taken_at__gte=since, taken_at__lt=until
    )
    takings = [
        Taking(*one)
        for one in taken.order_by("taken_at", "pk").values_list("worker_id", "taken_at", "submitted_at")
    ]
    places = Place.objects.using(using).filter(project=project).exclude(state=PlaceState.CLOSED).count()
    ratings = ratings_of({one.worker_id for one in takings}, until, using=using)
    found = []
    for nth, number in enumerate(begins):
        last = begins[nth + 1] if nth + 1 < len(begins) else len(beats)
        start, ends = beats[number], until if last == len(beats) else beats[last].at
        found.append(
            Opening(
                project_id=project.pk,
                owner_id=project.owner_id,
                group_id=project.group_id,
                policy=start.policy,
                started_at=start.at,
                until=ends,
                moves=[
                    Moved(
                        row.at, row.written_at or row.at, row.threshold, row.potential, row.worked, row.best
                    )
                    for row in beats[number:last]
                ],
                takings=[one for one in takings if start.at <= one.at < ends],
                places=places,
                ratings=ratings,
            )
        )
    return found


def ratings_of(worker_ids: set[int], until: datetime, *, using: str) -> Mapping[int, Sequence[Judgement]]:
    """Return every rating of these workers' work that was given by then, also those replaced since."""
    rows = Rating.objects.using(using).filter(side=Side.WORKER, rated_id__in=worker_ids, given_at__lt=until)
    found = [
        (
            row.rated_id,
            Judgement(Judged(row.pk, row.rater_id, row.group_id, row.value, row.given_at), row.counts_until),
        )
        for row in rows.order_by("rated_id", "given_at", "pk")
    ]
    return {
        worker: [judgement for _worker, judgement in theirs]
        for worker, theirs in groupby(found, key=lambda one: one[0])
    }


def standings_on_record(
    project_id: int, since: datetime, until: datetime, *, using: str
) -> Mapping[tuple[int, datetime], Decimal]:
    """Return the standing by which each worker was let in, by worker and moment."""
    rows = Admission.objects.using(using).filter(project=project_id, at__gte=since, at__lt=until)
    return {
        (worker, at): standing for worker, at, standing in rows.values_list("worker_id", "at", "standing")
    }


def incomes(since: datetime, until: datetime, *, using: str) -> Mapping[int, int]:
    """Return what each worker's approved work of the time pays, in minor units: who stands in which tenth."""
    rows = Assignment.objects.using(using).filter(submitted_at__gte=since, submitted_at__lt=until)
    paid = rows.values_list("worker_id").annotate(minor=Sum("reward_minor"))
    return {worker: int(minor) for worker, minor in paid}


def spendings(since: datetime, until: datetime, *, using: str) -> Mapping[int, int]:
    """Return what the work handed in of each requester costs in rewards: who is large and who is small."""
    rows = Assignment.objects.using(using).filter(
        submitted_at__gte=since, submitted_at__lt=until, project__fund=""
    )
    paid = rows.values_list("project__owner_id").annotate(minor=Sum("reward_minor"))
    found: dict[int, int] = defaultdict(int)
    found.update({owner: int(minor) for owner, minor in paid})
    return found
