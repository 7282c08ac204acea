"""The cascade's clock: it stands still while nobody can take anything by standing."""

from datetime import datetime

from canut.work.models import Project
from canut.work.states import ProjectState


def keep_cascade_clock(project: Project, *, at: datetime) -> None:
    """Stop a project's cascade, or let it go on, by what the project is now. Twice is safe.

    It stands still while the project is paused or a prototype round runs; what was missed of the beat is
    made up for afterwards. To be called wherever either begins or ends, with the project's row locked.
    """
    if project.threshold is None or project.cascade_next_at is None:
        return
    stands_still = project.state != ProjectState.LIVE or project.round_id is not None
    if stands_still and project.cascade_stopped_at is None:
        project.cascade_stopped_at = at
    elif not stands_still and project.cascade_stopped_at is not None:
        project.cascade_next_at += at - project.cascade_stopped_at
        project.cascade_stopped_at = None
    else:
        return
    project.save(update_fields=["cascade_next_at", "cascade_stopped_at"])
