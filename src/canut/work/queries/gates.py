"""Whether what waits in a project must begin with a prototype round, or may go live (MECHANISMS 3)."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, Sum

from canut.charter.queries import in_force
from canut.work.models import Project, Revision, Round, Task
from canut.work.queries.wanted import begun_under, source_of, wanted_of
from canut.work.rules_rounds import (
    RoundSize,
    Standing,
    Terms,
    design_hash,
    is_same_design,
    needs_round,
    round_size,
    words_hash,
)
from canut.work.states import RoundState


@dataclass(frozen=True, slots=True)
class Gate:
    """What a project's waiting tasks need before they are open to everybody.

    `needs_round` tells that they begin with a prototype round, whose size follows: tasks, workers a
    task, places in all, places for one worker; else these are zero. `may_launch` tells that some or all of
    what waits may go live now; `covered_upto` is the position up to which passed rounds allow it.
    `covered_tasks` is what passed rounds of this design cover in all. `why` is a code: "nothing_waits",
    "small" (too small to need a round), "covered", "new_design", "more_tasks" (than are covered),
    "stopped_before", "round_running", "not_revised" (the design is still the one that was stopped).
    """

    needs_round: bool
    may_launch: bool
    tasks: int
    workers_a_task: int
    places: int
    most_per_worker: int
    covered_tasks: int
    why: str
    waiting_tasks: int = 0
    waiting_places: int = 0
    covered_upto: int = 0


def gate_of(project: Project, revision: Revision, *, at: datetime) -> Gate:
    """Return what stands between the revision's waiting tasks and everybody, by the charter in force.

    For a draft, a live project's rows that wait, and a revision that is not published yet.
    """
    wanted = wanted_of(project, revision)
    same, covered = _covering(project, revision)
    begun = begun_under(project, revision, same=same, covered=covered)
    last = last_round(project)
    ends = (RoundState.STOPPED, RoundState.REFUNDED)
    running = last if last is not None and last.state == RoundState.RUNNING else None
    standing = Standing(
        tasks_waiting=begun.waiting_new,
        tasks_begun=begun.tasks,
        tasks_covered=covered,
        places_in_all=places_together(project, revision),
        # A round of another revision is ended by publishing this one.
        stopped_before=last is not None and (last.state in ends or last is running),
    )
    needs = needs_round(standing, least_places=in_force("prototype.least_places", at=at))
    size = RoundSize(0, 0, 0, 0)
    if needs and wanted.tasks:
        size = round_size(
            wanted.by_number,
            least_workers=in_force("prototype.least_workers", at=at),
            places_divisor=in_force("prototype.worker_places_divisor", at=at),
        )
    why = _why(standing, needs=needs, waits=bool(wanted.tasks))
    if running is not None and running.revision_id == revision.pk:
        why = "round_running"
    elif last is not None and needs and is_unrevised(last, project, revision):
        why = "not_revised"
    stops = why in ("nothing_waits", "round_running", "not_revised")
    return Gate(
        needs_round=needs and not stops,
        may_launch=not stops and (not needs or begun.covered_upto > 0),
        tasks=size.tasks,
        workers_a_task=size.workers_a_task,
        places=size.places,
        most_per_worker=size.most_per_worker,
        covered_tasks=covered,
        why=why,
        waiting_tasks=wanted.tasks,
        waiting_places=wanted.places,
        covered_upto=begun.covered_upto if needs else _last_position(source_of(project, revision)),
    )


def _why(standing: Standing, *, needs: bool, waits: bool) -> str:
    if not waits:
        return "nothing_waits"
    if not needs:
        return "covered" if standing.tasks_covered else "small"
    if standing.tasks_covered:
        return "more_tasks"
    return "stopped_before" if standing.stopped_before else "new_design"


def last_round(project: Project) -> Round | None:
    """Return the project's latest prototype round, whatever became of it."""
    return Round.objects.filter(project=project).select_related("revision").order_by("-pk").first()


def is_unrevised(last: Round, project: Project, revision: Revision) -> bool:
    """Return whether a round was stopped by its workers, and nothing was changed since."""
    return last.state == RoundState.STOPPED and terms_of(project, last.revision) == terms_of(
        project, revision
    )


def terms_of(project: Project, revision: Revision) -> Terms:
    """Return what a revision promises, the design by its hash; of an unpublished one as it is now."""
    return Terms(
        design_hash=hash_of(project, revision),
        reward_minor=revision.reward_minor,
        hourly_minor=revision.hourly_minor,
        expected_seconds=revision.expected_seconds,
    )


def hash_of(project: Project, revision: Revision) -> str:
    """Return the hash of what a worker sees and answers in a revision: kept with it once it is published."""
    if revision.published_at is not None and revision.design_hash:
        return revision.design_hash
    return design_hash(
        revision.design,
        lease_seconds=revision.lease_seconds,
        pay_basis=project.pay_basis,
        session_most_seconds=revision.session_most_seconds,
        risks=project.risks,
    )


def covering_rounds(project: Project, revision: Revision) -> list[Round]:
    """Return the passed rounds that tried the design of this revision.

    A round counts only while nothing has been published since on better terms: who lowers the reward
    afterwards has changed the design.
    """
    rounds = Round.objects.filter(project=project, state=RoundState.PASSED).select_related("revision")
    passed = list(rounds.order_by("pk"))
    if not passed:
        return []
    now = terms_of(project, revision)
    alike = [one for one in _alike(project, revision) if one.pk != revision.pk]
    return [
        one
        for one in passed
        if terms_of(project, one.revision).design_hash == now.design_hash
        and all(
            is_same_design(terms_of(project, later), now)
            for later in (one.revision, *alike)
            if later.number >= one.revision.number
        )
    ]


def _covering(project: Project, revision: Revision) -> tuple[list[int], int]:
    """Return the revisions of the same design since a round of it passed, and how many tasks that covers."""
    rounds = covering_rounds(project, revision)
    if not rounds:
        return [], 0
    since = min(one.revision.number for one in rounds)
    same = [one.pk for one in _alike(project, revision) if one.number >= since]
    return same, sum(one.covers_tasks for one in rounds)


def _alike(project: Project, revision: Revision) -> list[Revision]:
    """Return this revision and the project's published ones before it in which a worker sees the same."""
    if revision.number == 1:
        return [revision]
    design = hash_of(project, revision)
    before = Revision.objects.filter(
        project=project, published_at__isnull=False, number__lt=revision.number, design_hash=design
    )
    return [*before.order_by("number"), revision]


def places_together(project: Project, revision: Revision) -> int:
    """Return how many places a project has, counted together with its owner's of the same design.

    Those are the other published projects whose design has the same words, and those of the same group
    (duplicates) of which no round has passed, whatever was changed in them.
    """
    words = words_hash(revision.design)
    passed = Round.objects.filter(project=OuterRef("pk"), state=RoundState.PASSED)
    others = (
        Project.objects.filter(owner_id=project.owner_id, published_at__isnull=False)
        .exclude(pk=project.pk)
        .filter(
            Exists(
                Revision.objects.filter(project=OuterRef("pk"), words_hash=words, published_at__isnull=False)
            )
            | (Q(group_id=project.group_id) & ~Exists(passed))
        )
    )
    together = Task.objects.filter(Q(project=project) | Q(project__in=others))
    in_all = int(together.aggregate(places=Sum("answers_wanted"))["places"] or 0)
    if project.published_at is not None and revision.published_at is None:
        in_all = max(in_all, wanted_of(project, revision).places)
    return in_all


def _last_position(revision: Revision) -> int:
    tasks = Task.objects.filter(revision=revision).order_by("-position")
    return int(tasks.values_list("position", flat=True).first() or 0)
