"""The cascade moves: no project waits for nobody."""

from collections.abc import Sequence
from datetime import datetime

from canut.kernel.events import record
from canut.reputation.rules_cascade import fallen, has_ended
from canut.work.access import published_revision
from canut.work.models import CascadeBeat, Project
from canut.work.queries.cascading import best_standings, ladders_in_force
from canut.work.states import CascadeWhy
from canut.work.usecases.keep_newcomers_places import keep_newcomers_places


def fall_where_nobody_stands(project_ids: Sequence[int], *, at: datetime) -> None:
    """Lower the threshold of each project at which nobody stands who could come in (MECHANISMS 1.8).

    The projects' rows must be locked.
    """
    numbers = ladders_in_force(at=at)
    best = best_standings(project_ids, at=at)
    for project in Project.objects.filter(pk__in=project_ids, threshold__isnull=False).order_by("pk"):
        before = project.threshold or numbers.last
        to = fallen(before, best=best[project.pk], last=numbers.last)
        if to < before:
            ended = has_ended(to, numbers)
            CascadeBeat.objects.create(
                project=project,
                revision=published_revision(project),
                beat=project.cascade_beat,
                at=at,
                policy=project.cascade_policy,
                why=CascadeWhy.ENDED if ended else CascadeWhy.FELL,
                threshold_before=before,
                threshold=None if ended else to,
                best=best[project.pk],
            )
            project.threshold, project.cascade_reference = (None if ended else to), 0
            if ended:
                project.cascade_next_at = None
                keep_newcomers_places([project.pk], kept=False)
                record(None, "cascade.ended", project, at=at, beat=project.cascade_beat)
            project.save(update_fields=["threshold", "cascade_reference", "cascade_next_at"])
