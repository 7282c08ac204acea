"""The cascade moves: beat by beat, and at once where a project would wait for nobody (MECHANISMS 1.8)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import cast

from django.db import connection, transaction
from django.db.models import QuerySet

from canut.charter.queries import in_force
from canut.reputation.rules_cascade import (
    Beat,
    Ladders,
    Policy,
    fallen,
    has_ended,
    next_threshold,
    shares_of,
)
from canut.work.models import CascadeBeat, CascadeTally, Project, Revision
from canut.work.queries.cascading import (
    Active,
    Span,
    best_standings,
    counts_in,
    done_seconds,
    existing_standings,
    ladders_in_force,
    nobody_stands,
    open_seconds,
)
from canut.work.states import CascadePolicy, CascadeWhy
from canut.work.usecases.end_cascade import end_cascades
from canut.work.usecases.keep_newcomers_places import mend_newcomers_places

AT_ONCE = 2_500
"""How many projects move in one transaction."""

MOST_TURNS = 1_000
"""How many such transactions one run has; what days without a run have left goes on in the next."""

_WRITE = """
UPDATE work_project p
SET threshold = new.threshold, cascade_beat = new.beat, cascade_reference = new.reference,
    cascade_beat_at = p.cascade_next_at, cascade_next_at = p.cascade_next_at + make_interval(secs => %(beat)s)
FROM unnest(%(ids)s::bigint[], %(thresholds)s::numeric[], %(beats)s::int[], %(references)s::int[])
     new (id, threshold, beat, reference)
WHERE p.id = new.id
"""


def move_cascades(*, at: datetime) -> int:
    """Let every beat happen that is due at `at`, each as of its own moment; return how many did.

    A run that comes late makes up for every beat it missed. Runs on several nodes at once are safe: each
    takes projects that the others have not locked. While the members have stopped the cascade, it ends
    everywhere at once instead.
    """
    if in_force("moratorium.cascade", at=at):
        return _stop_all(at=at)
    moved, platform, active = 0, _Platform(at), Active(at)
    for _turn in range(MOST_TURNS):
        batch = _move_some(platform, active, at=at)
        moved += batch
        if not batch:
            break
    return moved


def mind_cascades(*, at: datetime) -> int:
    """Lower at once every threshold at which nobody stands who could come in; return how many fell."""
    mend_newcomers_places(started_since=at - timedelta(minutes=5))
    running = _running().values_list("pk", "threshold")
    thresholds = {pk: threshold for pk, threshold in running if threshold is not None}
    active = Active(at)
    nobody = nobody_stands(thresholds, at=at, active=active)
    fell = 0
    for first in range(0, len(nobody), AT_ONCE):
        with transaction.atomic():
            some = _running().filter(pk__in=nobody[first : first + AT_ONCE])
            fell += _fall(_locked(some), active, at=at)
    return fell


def fall_where_nobody_stands(project_ids: Sequence[int], *, at: datetime) -> None:
    """Lower the threshold of each project at which nobody stands who could come in (MECHANISMS 1.8).

    The projects' rows must be locked.
    """
    _fall(list(Project.objects.filter(pk__in=project_ids, threshold__isnull=False)), Active(at), at=at)


class _Platform:
    """What all projects' work comes to, read once a run and only if a policy asks for it."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    @cached_property
    def open_seconds(self) -> Mapping[int, int]:
        return open_seconds(at=self._at)

    @cached_property
    def all_open_seconds(self) -> int:
        return sum(self.open_seconds.values())


@dataclass(frozen=True, slots=True)
class _Move:
    """One project's beat: what was seen, and the threshold that its policy makes of it."""

    project: Project
    seen: Beat
    to: Decimal
    fell: bool = False

    @property
    def holds(self) -> bool:
        return self.to == self.seen.threshold


def _running() -> "QuerySet[Project]":
    return Project.objects.filter(threshold__isnull=False, cascade_stopped_at__isnull=True)


def _locked(projects: "QuerySet[Project]") -> list[Project]:
    return list(projects.order_by("pk").select_for_update(no_key=True, skip_locked=True))


@transaction.atomic
def _move_some(platform: _Platform, active: Active, *, at: datetime) -> int:
    due = _locked_some(_running().filter(cascade_next_at__lte=at))
    if not due:
        return 0
    numbers = ladders_in_force(at=at)
    seen = _seen(due, platform, numbers)
    moves = [
        _Move(project, seen[project.pk], _by_policy(project, seen[project.pk], numbers)) for project in due
    ]
    _write(_down_to_somebody(moves, numbers, active, at=at), numbers, at=at)
    return len(due)


def _locked_some(projects: "QuerySet[Project]") -> list[Project]:
    """Lock some of the projects whose beat has waited longest, and read what concerns their cascade."""
    some = projects.order_by("cascade_next_at", "pk").select_for_update(no_key=True, skip_locked=True)
    some = some.only(
        "cascade_policy",
        "threshold",
        "cascade_beat",
        "cascade_started_at",
        "cascade_beat_at",
        "cascade_next_at",
        "cascade_reference",
    )
    return sorted(some[:AT_ONCE], key=lambda project: project.pk)


def _by_policy(project: Project, seen: Beat, numbers: Ladders) -> Decimal:
    """Return where the policy leads, as if somebody stood at the threshold: `fallen` comes after it."""
    return next_threshold(cast(Policy, project.cascade_policy), replace(seen, best=seen.threshold), numbers)


def _seen(due: Sequence[Project], platform: _Platform, numbers: Ladders) -> Mapping[int, Beat]:
    """Return what this beat sees of each project, but for who could come in."""
    seen = {project.pk: Beat(threshold=_threshold(project)) for project in due}
    counting = [project for project in due if project.cascade_policy == CascadePolicy.THROUGHPUT]
    counts = counts_in([_span(project) for project in counting])
    for project in counting:
        seen[project.pk] = replace(
            seen[project.pk], count=counts[project.pk], reference=project.cascade_reference
        )
    moving = {
        project.pk: seen[project.pk].threshold
        for project in counting
        if _by_policy(project, seen[project.pk], numbers) < seen[project.pk].threshold
    }
    for project_id, standing in existing_standings(moving).items():
        if standing is not None:
            seen[project_id] = replace(seen[project_id], standings=(standing,))
    sharing = [project for project in due if project.cascade_policy == CascadePolicy.SHARE]
    for project_id, tally in _tallied(sharing).items():
        seen[project_id] = replace(
            seen[project_id],
            potential_seconds=platform.open_seconds.get(project_id, 0),
            platform_potential_seconds=platform.all_open_seconds,
            worked_seconds=tally.done_seconds,
            platform_worked_seconds=tally.platform_done_seconds,
        )
    return seen


def _span(project: Project) -> Span:
    began, ended = project.cascade_beat_at, project.cascade_next_at
    if began is None or ended is None:
        raise RuntimeError(f"the cascade of project {project.pk} runs without a clock")
    return Span(project.pk, began, ended)


def _threshold(project: Project) -> Decimal:
    if project.threshold is None:
        raise RuntimeError(f"the cascade of project {project.pk} has ended")
    return project.threshold


def _tallied(projects: Collection[Project]) -> Mapping[int, CascadeTally]:
    """Bring the sums of work done since each cascade started up to the end of its beat, and return them.

    Of a project whose policy was another before, everything since the start is counted now.
    """
    if not projects:
        return {}
    kept = CascadeTally.objects.in_bulk([project.pk for project in projects])
    tallies, spans = {}, []
    for project in projects:
        span, started_at = _span(project), cast(datetime, project.cascade_started_at)
        tally = kept.get(project.pk)
        if tally is None or tally.since != started_at:
            tally = CascadeTally(project=project, since=started_at, upto=started_at)
        tallies[project.pk] = tally
        spans.append(replace(span, began=tally.upto))
        tally.upto = max(tally.upto, span.ended)
    for project_id, (own, everybodys) in done_seconds(spans).items():
        tallies[project_id].done_seconds += own
        tallies[project_id].platform_done_seconds += everybodys
    CascadeTally.objects.bulk_create(
        tallies.values(),
        update_conflicts=True,
        unique_fields=["project"],
        update_fields=["since", "upto", "done_seconds", "platform_done_seconds"],
    )
    return tallies


def _down_to_somebody(
    moves: Sequence[_Move], numbers: Ladders, active: Active, *, at: datetime
) -> list[_Move]:
    """Return the moves with those thresholds fallen at which nobody stands who could come in."""
    open_to_some = {move.project.pk: move.to for move in moves if not has_ended(move.to, numbers)}
    nobody = nobody_stands(open_to_some, at=at, active=active)
    best = best_standings(nobody, at=at, below=open_to_some, active=active)
    return [
        _Move(
            move.project,
            seen=replace(move.seen, best=best[move.project.pk]),
            to=fallen(move.to, best=best[move.project.pk], last=numbers.last),
            fell=True,
        )
        if move.project.pk in best
        else move
        for move in moves
    ]


def _write(moves: Sequence[_Move], numbers: Ladders, *, at: datetime) -> None:
    """Write where each project's threshold is from its beat on, in few statements for all of them."""
    ended = [move.project for move in moves if has_ended(move.to, numbers)]
    revisions = _published_revisions([move.project.pk for move in moves])
    rows = [_row(move, numbers, revisions[move.project.pk], at=at) for move in moves]
    first_of_newcomers = in_force("newcomers.first_beat", at=at)
    CascadeBeat.objects.bulk_create(
        row
        for move, row in zip(moves, rows, strict=True)
        if not move.holds or row.count or row.beat == first_of_newcomers
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "ids": [move.project.pk for move in moves],
                "thresholds": [move.to for move in moves],
                "beats": [row.beat for row in rows],
                "references": [
                    max(move.seen.count, move.seen.reference) if move.holds else 0 for move in moves
                ],
                "beat": in_force("cascade.beat_seconds", at=at),
            },
        )
    for project in ended:
        project.cascade_beat += 1
    if ended:
        end_cascades(ended, at=at)


def _row(move: _Move, numbers: Ladders, revision_id: int, *, at: datetime) -> CascadeBeat:
    project, seen = move.project, move.seen
    ended = _span(project).ended
    potential, worked = None, None
    if project.cascade_policy == CascadePolicy.SHARE:
        potential, worked = shares_of(seen)
    return CascadeBeat(
        project=project,
        revision_id=revision_id,
        beat=project.cascade_beat + 1,
        at=ended,
        written_at=at if at > ended else None,
        policy=project.cascade_policy,
        why=_why(move, numbers),
        threshold_before=seen.threshold,
        threshold=None if has_ended(move.to, numbers) else move.to,
        count=seen.count,
        reference=seen.reference,
        potential=potential,
        worked=worked,
        best=seen.best,
    )


def _why(move: _Move, numbers: Ladders) -> CascadeWhy:
    if has_ended(move.to, numbers):
        return CascadeWhy.CHOSEN if move.project.cascade_policy == CascadePolicy.OPEN else CascadeWhy.ENDED
    if move.holds:
        return CascadeWhy.HELD
    return CascadeWhy.FELL if move.fell else CascadeWhy.STEP


def _fall(projects: Sequence[Project], active: Active, *, at: datetime) -> int:
    """Lower thresholds between beats, to where somebody stands; return how many fell."""
    numbers = ladders_in_force(at=at)
    best = best_standings([project.pk for project in projects], at=at, active=active)
    before = {project.pk: _threshold(project) for project in projects}
    to = {key: fallen(threshold, best=best[key], last=numbers.last) for key, threshold in before.items()}
    fell = [project for project in projects if to[project.pk] < before[project.pk]]
    revisions = _published_revisions([project.pk for project in fell])
    ended = [project for project in fell if has_ended(to[project.pk], numbers)]
    CascadeBeat.objects.bulk_create(
        CascadeBeat(
            project=project,
            revision_id=revisions[project.pk],
            beat=project.cascade_beat,
            at=at,
            policy=project.cascade_policy,
            why=CascadeWhy.ENDED if project in ended else CascadeWhy.FELL,
            threshold_before=before[project.pk],
            threshold=None if project in ended else to[project.pk],
            best=best[project.pk],
        )
        for project in fell
    )
    for project in fell:
        project.threshold, project.cascade_reference = to[project.pk], 0
    Project.objects.bulk_update(fell, ["threshold", "cascade_reference"])
    if ended:
        end_cascades(ended, at=at)
    return len(fell)


def _stop_all(*, at: datetime) -> int:
    """End every cascade, those whose clock stands still too: the members have stopped it."""
    stopped = 0
    for _turn in range(MOST_TURNS):
        with transaction.atomic():
            some = Project.objects.filter(threshold__isnull=False).order_by("pk")
            projects = list(some.select_for_update(no_key=True, skip_locked=True)[:AT_ONCE])
            revisions = _published_revisions([project.pk for project in projects])
            CascadeBeat.objects.bulk_create(
                CascadeBeat(
                    project=project,
                    revision_id=revisions[project.pk],
                    beat=project.cascade_beat,
                    at=at,
                    policy=project.cascade_policy,
                    why=CascadeWhy.STOPPED,
                    threshold_before=project.threshold,
                )
                for project in projects
            )
            end_cascades(projects, at=at)
        stopped += len(projects)
        if not projects:
            break
    return stopped


def _published_revisions(project_ids: Collection[int]) -> Mapping[int, int]:
    """Return of each project the revision that workers work on."""
    published = Revision.objects.filter(project_id__in=project_ids, published_at__isnull=False)
    latest = published.order_by("project_id", "-number").distinct("project_id")
    return dict(latest.values_list("project_id", "pk"))
