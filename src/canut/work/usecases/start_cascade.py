"""A project opens: first to those whom its requester rates best, then step by step to everybody."""

from datetime import datetime, timedelta

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.reputation.rules_cascade import may_restart
from canut.work.models import CascadeBeat, Project, Revision
from canut.work.states import CascadePolicy, CascadeWhy
from canut.work.usecases.keep_cascade_clock import keep_cascade_clock
from canut.work.usecases.keep_newcomers_places import keep_newcomers_places
from canut.work.usecases.move_cascades import fall_where_nobody_stands


def start_cascade(project: Project, revision: Revision, *, at: datetime) -> bool:
    """Start the cascade of a project whose tasks have just begun; return whether it was started.

    The first time in each revision always; with added tasks only once it has ended, and not within the
    charter's hours after its last start (MECHANISMS 1.7). Nobody waits for nobody: it falls at once to where
    somebody stands who could come in. A policy of `open`, or the members' moratorium, opens it to everybody.
    The project's row must be locked, and its places be open.
    """
    has_ended = project.threshold is None
    if CascadeBeat.objects.filter(project=project, revision=revision, why=CascadeWhy.STARTED).exists():
        last = project.cascade_started_at
        hours = in_force("cascade.restart_hours", at=at)
        if last is None or not may_restart(started_at=last, ended=has_ended, at=at, restart_hours=hours):
            return False
    is_open = project.cascade_policy == CascadePolicy.OPEN or in_force("moratorium.cascade", at=at)
    project.threshold = None if is_open else in_force("cascade.first_threshold", at=at)
    project.cascade_beat, project.cascade_reference = 1, 0
    project.cascade_started_at = project.cascade_beat_at = at
    beat = timedelta(seconds=in_force("cascade.beat_seconds", at=at))
    project.cascade_next_at, project.cascade_stopped_at = None if is_open else at + beat, None
    project.save(
        update_fields=[
            "threshold",
            "cascade_beat",
            "cascade_reference",
            "cascade_started_at",
            "cascade_beat_at",
            "cascade_next_at",
            "cascade_stopped_at",
        ]
    )
    keep_cascade_clock(project, at=at)
    CascadeBeat.objects.create(
        project=project,
        revision=revision,
        beat=1,
        at=at,
        policy=project.cascade_policy,
        why=CascadeWhy.STARTED,
        threshold=project.threshold,
    )
    keep_newcomers_places([project.pk], kept=not is_open)
    record(
        None,
        "cascade.started",
        project,
        at=at,
        policy=project.cascade_policy,
        threshold=None if project.threshold is None else str(project.threshold),
    )
    if not is_open:
        fall_where_nobody_stands([project.pk], at=at)
        project.refresh_from_db(fields=["threshold", "cascade_next_at", "cascade_stopped_at"])
    return True
