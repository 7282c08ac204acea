"""A cascade ends: everybody may come, and the places kept for newcomers are everybody's."""

from collections.abc import Sequence
from datetime import datetime

from canut.kernel.events import record_each
from canut.people.models import Person
from canut.work.models import Project
from canut.work.usecases.keep_newcomers_places import keep_newcomers_places


def end_cascades(projects: Sequence[Project], *, by: Person | None = None, at: datetime) -> None:
    """Let everybody into these projects. Why they end is the caller's to write down (`CascadeBeat`).

    The projects' rows must be locked.
    """
    for project in projects:
        forget_clock(project)
    ids = [project.pk for project in projects]
    Project.objects.filter(pk__in=ids).update(
        threshold=None, cascade_next_at=None, cascade_stopped_at=None, cascade_reference=0
    )
    keep_newcomers_places(ids, kept=False)
    record_each(
        by, "cascade.ended", ((project, {"beat": project.cascade_beat}) for project in projects), at=at
    )


def forget_clock(project: Project) -> None:
    """Set the fields of a project so that no cascade runs in it; to be saved by the caller."""
    project.threshold = project.cascade_next_at = project.cascade_stopped_at = None
    project.cascade_reference = 0
