"""How a project opens, as its requester watches it: where the threshold is, and what the next beat brings.

A requester knows their own ratings and must not learn those of others. So people are counted in steps of
five only (`rules_opening.in_fives`), nobody is named, and a threshold that fell to somebody's standing is
shown as the charter's step under it (`rules_explained.steps_around`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q

from canut.charter.queries import in_force
from canut.people.models import Person
from canut.reputation.rules_cascade import Ladders, Policy
from canut.work.access import latest_revision, own_project, published_revision
from canut.work.models import Admission, CascadeBeat, Place, Project
from canut.work.queries.cascading import Span, counts_in, ladders_in_force
from canut.work.rules_explained import steps_around
from canut.work.rules_opening import Counted, held_from, in_fives, without_anybody
from canut.work.states import AdmissionWay, CascadePolicy, CascadeWhy, PlaceState, ProjectState

COUNTED_EVERY_SECONDS = 30
"""How old the counts of people may be: they are dear, and the page asks every second."""
MOST_COUNTED, LOOKED_THROUGH = 1_000, 20_000
"""How many workers are looked at for them, found in so many of the last assignments."""
PLACES_EVERY_SECONDS = 3
MOVES_SHOWN = 200
WAYS = (AdmissionWay.STANDING, AdmissionWay.NEWCOMER, AdmissionWay.STAYED)

_HERE = Path(__file__).parent
_CROWD = (_HERE / "cascade_crowd.sql").read_text()
_CROWD = _CROWD.format(could_come=(_HERE / "could_come.sql").read_text().format(worker="looked_at.worker_id"))


@dataclass(frozen=True, slots=True)
class Level:
    """A threshold as its requester sees it. `low` and `high` differ where it is somebody's standing.

    None in both: none, so everybody may come.
    """

    low: Decimal | None
    high: Decimal | None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


EVERYBODY = Level(None, None)


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the threshold, or its start; `level` is from `at` on."""

    at: datetime
    beat: int
    why: str
    policy: str
    level: Level


@dataclass(frozen=True, slots=True)
class NextBeat:
    """What the next beat looks at, and what it brings as far as that is known now.

    `level` is where the threshold goes: on a ladder for sure (or lower, if nobody stands there), by
    throughput if the project is then worked on less than `count_to_hold`, by share None in both, for it is
    worked out only then. `count` is what was taken and handed in since the beat began. `potential` and
    `worked` are the project's shares of the platform's open and done work at the last beat.
    """

    at: datetime | None
    level: Level | None
    count: int = 0
    count_to_hold: int = 0
    potential: Decimal | None = None
    worked: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many who were active lately could come in: now, at the next step, and when it is open to all."""

    now: Counted
    following: Counted | None
    everybody: Counted


@dataclass(frozen=True, slots=True)
class CameIn:
    """How many workers took a task while the cascade ran, by each way; one may have come by two."""

    by_standing: Counted
    as_newcomers: Counted
    stayed: Counted


@dataclass(frozen=True, slots=True)
class CascadeSeen:
    """How a project opens. `state` says where that is:

    - "draft": not published. "round": in a prototype round, which has no cascade. "waiting": published, and
      nothing of it has begun but a round.
    - "running"; "paused": it goes on where it was when the project does.
    - "open": to everybody from the start. "ended": to everybody since `open_since`. "chosen": its requester
      opened it to everybody. "stopped": the members have stopped the cascade.
    - "closed": the project has ended.
    """

    project_id: int
    state: str
    policy: str
    can_choose: bool
    beat: int
    beat_seconds: int
    started_at: datetime | None
    open_since: datetime | None
    level: Level
    first: Decimal
    last: Decimal
    next_beat: NextBeat | None
    moves: Sequence[Move]
    crowd: Crowd | None
    newcomers_kept: int
    newcomers_left: int
    newcomers_open: bool
    newcomers_first_beat: int
    came_in: CameIn


def cascade_seen(project_id: int, *, by: Person, at: datetime) -> CascadeSeen:
    """Return how a project of `by` opens, as it is now; counts of people are half a minute old at most.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    numbers = ladders_in_force(at=at)
    moves = _moves(project, numbers)
    state = _state(project, moves)
    is_open = state in ("running", "paused", "open", "ended", "chosen", "stopped")
    kept, left, *came = _places_and_ways(project.pk) if is_open else (0, 0, 0, 0, 0)
    first_beat = in_force("newcomers.first_beat", at=at)
    next_beat = _next_beat(project, numbers, at=at) if state in ("running", "paused") else None
    return CascadeSeen(
        project_id=project.pk,
        state=state,
        policy=project.cascade_policy,
        can_choose=state != "closed" and not is_open_already(project),
        beat=project.cascade_beat,
        beat_seconds=in_force("cascade.beat_seconds", at=at),
        started_at=moves[0].at if moves else None,
        open_since=moves[-1].at if state in ("open", "ended", "chosen", "stopped") and moves else None,
        level=EVERYBODY if project.threshold is None or not moves else moves[-1].level,
        first=numbers.first,
        last=numbers.last,
        next_beat=next_beat,
        moves=moves[-MOVES_SHOWN:],
        crowd=_crowd(project, numbers, at=at) if is_open and state != "paused" else None,
        newcomers_kept=kept,
        newcomers_left=left,
        newcomers_open=project.threshold is None or project.cascade_beat >= first_beat,
        newcomers_first_beat=first_beat,
        came_in=CameIn(*map(in_fives, came)),
    )


def is_open_already(project: Project) -> bool:
    """Tell whether everybody may come: the cascade of the latest revision has ended, or it needed none.

    A revision that is being made has none yet, and opens anew.
    """
    if project.threshold is not None or project.round_id is not None:
        return False
    revision = latest_revision(project)
    started = CascadeBeat.objects.filter(project=project, revision=revision, why=CascadeWhy.STARTED)
    return revision.published_at is not None and started.exists()


def _state(project: Project, moves: Sequence[Move]) -> str:
    if project.state == ProjectState.CLOSED:
        return "closed"
    if project.published_at is None:
        return "draft"
    if project.round_id is not None:
        return "round"
    if project.threshold is not None:
        return "running" if project.state == ProjectState.LIVE else "paused"
    if not moves:
        return "waiting"
    last = moves[-1]
    if last.why == CascadeWhy.STARTED:
        return "open" if last.policy == CascadePolicy.OPEN else "stopped"
    return {CascadeWhy.CHOSEN: "chosen", CascadeWhy.STOPPED: "stopped"}.get(
        cast(CascadeWhy, last.why), "ended"
    )


def _moves(project: Project, numbers: Ladders) -> list[Move]:
    """Return the moves of the last cascade of the revision that is published, oldest first."""
    if project.published_at is None:
        return []
    rows = CascadeBeat.objects.filter(project=project, revision=published_revision(project))
    start = rows.filter(why=CascadeWhy.STARTED).order_by("-pk").values_list("pk", flat=True).first()
    if start is None:
        return []
    moved = rows.filter(pk__gte=start).exclude(why=CascadeWhy.HELD).order_by("pk")
    return [
        Move(
            at=row.at,
            beat=row.beat,
            why=row.why,
            policy=row.policy,
            level=EVERYBODY
            if row.threshold is None
            else _level(
                row.threshold, numbers, is_worked_out=row.policy == "share" and row.threshold != row.best
            ),
        )
        for row in moved
    ]


def _level(threshold: Decimal, numbers: Ladders, *, is_worked_out: bool = False) -> Level:
    """Return what is shown of a threshold: all of it if it is the charter's or worked out from shares."""
    return Level(threshold, threshold) if is_worked_out else Level(*steps_around(threshold, numbers))


def _next_beat(project: Project, numbers: Ladders, *, at: datetime) -> NextBeat:
    assert project.threshold is not None
    due_at = project.cascade_next_at if project.cascade_stopped_at is None else None
    policy = cast(Policy, project.cascade_policy)
    if policy == CascadePolicy.SHARE:
        row = (
            CascadeBeat.objects.filter(project=project, potential__isnull=False)
            .order_by("-pk")
            .values_list("potential", "worked")
            .first()
        )
        potential, worked = row or (None, None)
        return NextBeat(due_at, None, potential=potential, worked=worked)
    following = without_anybody(policy, project.threshold, numbers)
    level = EVERYBODY if following is None else _level(following, numbers)
    if policy != CascadePolicy.THROUGHPUT:
        return NextBeat(due_at, level)
    needed = held_from(project.cascade_reference, hold_share=numbers.hold_share)
    upto = project.cascade_stopped_at or at
    counted = counts_in([Span(project.pk, cast(datetime, project.cascade_beat_at), upto)])
    return NextBeat(due_at, level, count=counted[project.pk], count_to_hold=needed)


def _crowd(project: Project, numbers: Ladders, *, at: datetime) -> Crowd:
    threshold, policy = project.threshold, cast(Policy, project.cascade_policy)
    following = None
    has_next = threshold is not None and policy != CascadePolicy.SHARE
    if has_next and threshold is not None:
        following = without_anybody(policy, threshold, numbers)
    key = f"work.cascade_crowd:{project.pk}:{threshold}:{following}"
    found: tuple[int, int, int] | None = cache.get(key)
    if found is None:
        given = {
            "project": project.pk,
            "threshold": threshold,
            "following": following,
            "since": at - timedelta(days=in_force("cascade.active_days", at=at)),
            "unrated": in_force("standing.unrated", at=at),
            "recent": LOOKED_THROUGH,
            "most": MOST_COUNTED,
        }
        with connection.cursor() as cursor:
            cursor.execute(_CROWD, given)
            now, then, everybody = cursor.fetchone()
        found = (now, then, everybody)
        cache.set(key, found, COUNTED_EVERY_SECONDS)
    now, then, everybody = found
    return Crowd(in_fives(now), in_fives(then) if has_next else None, in_fives(everybody))


def _places_and_ways(project_id: int) -> tuple[int, int, int, int, int]:
    """Return the newcomers' places, how many of them are free, and how many came in by each way."""
    key = f"work.cascade_places:{project_id}"
    found: tuple[int, int, int, int, int] | None = cache.get(key)
    if found is None:
        kept = Place.objects.filter(project_id=project_id, for_newcomers=True)
        places = kept.exclude(state=PlaceState.CLOSED).aggregate(
            all=Count("pk"), free=Count("pk", filter=Q(state=PlaceState.OPEN))
        )
        ways = dict(
            Admission.objects.filter(project_id=project_id)
            .values("way")
            .annotate(workers=Count("worker_id", distinct=True))
            .values_list("way", "workers")
        )
        found = (places["all"], places["free"], *(ways.get(way, 0) for way in WAYS))
        cache.set(key, found, PLACES_EVERY_SECONDS)
    return found
