"""What of an explanation each side may see (MECHANISMS 1.12).

A worker sees the scope, how many ratings count in it, the band, and when the project opens. The exact
standing and the single ratings are shown only where at least so many different people rated in that scope as
the charter asks: a requester's own scope has one rater, so there they never are. Single ratings come sorted
by their value, without a name, a time or a weight, which would tell their order.

What follows from a standing must not tell it either. A threshold falls to the best standing of those who
could come in, which may be this worker's or somebody else's; so of a threshold only the charter's steps
around it are shown. When a ladder lets somebody in is told, for it tells no more than looking at the page at
every beat. And a worker is told of now and of their own claims, not of any moment: asking about every minute
of the past would tell when each rating came, and so whose it was.

A requester sees what they themselves said of a worker. Whether their project is open to somebody by name is
not told: that moves with ratings which others gave.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from canut.charter.moratoria import Algorithm, Moratorium, moratorium
from canut.charter.queries import InForce, in_force
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.reputation.rules_cascade import Ladders, Policy
from canut.reputation.rules_explained import ScoreExplained, StandingExplained
from canut.reputation.rules_ratings import Band, Scope
from canut.work.access import require_worker, visible_project
from canut.work.models import Admission, Project
from canut.work.queries.explanations import BeatSeen, explain_access, place_in_feed
from canut.work.rules_explained import Opening, steps_around

CLAIMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class StandingSeen:
    """A standing as its worker sees it. `value` and `values` are there where enough people rated.

    `ratings` is how many count in the `scope`; `passed_over` names the scopes before it that had too few.
    """

    scope: Scope
    ratings: int
    band: Band
    value: Decimal | None
    values: tuple[Decimal, ...]
    passed_over: tuple[str, ...]
    least_raters: int
    is_newcomer: bool


@dataclass(frozen=True, slots=True)
class ThresholdSeen:
    """A threshold as workers see it: between two of the charter's steps, or one where both are equal."""

    low: Decimal
    high: Decimal

    @property
    def is_a_step(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class MoveSeen:
    """One move of the threshold as workers see it; None from when on the project was open to everybody."""

    beat: int
    at: datetime
    why: str
    threshold: ThresholdSeen | None


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition with its outcome; `code` is the refusal's if it is not met."""

    name: str
    is_met: bool
    code: str | None


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """Where the requester stands in the worker's feed; `mean` and `score` only where enough people rated.

    Only `others` says how many others' ratings count where they are too few to be shown. `levels_below` is
    how many levels below the worker's own the project asks of a guild: of equal scores, own level is first.
    With `stopped` none of it counts now: the order is the charter's `neutral_rule`, first_come or random.
    """

    formula: str
    own: Decimal | None
    others: int
    mean: Decimal | None
    score: Decimal | None
    others_factor: Decimal
    neutral: Decimal
    unrated: Decimal
    levels_below: int = 0
    stopped: Moratorium | None = None
    neutral_rule: str = ""


@dataclass(frozen=True, slots=True)
class ClaimSeen:
    """How the worker came in before, while the cascade ran."""

    assignment_id: int
    at: datetime
    way: str


@dataclass(frozen=True, slots=True)
class AccessSeen:
    """Why a project is open to a worker or not, as that worker sees it.

    `threshold` is None where no cascade runs. `beat` is the one that runs, `next_at` when the next is due.
    `newcomer_from_beat` is there for whom nobody has rated while a place is kept for them. With `stopped` the
    members have stopped early access, for this project as for all.
    """

    project_id: int
    title: str
    requester: WhoIs
    at: datetime
    code: str | None
    way: str | None
    conditions: tuple[ConditionSeen, ...]
    policy: Policy
    threshold: ThresholdSeen | None
    in_round: bool
    beat: int
    beat_seconds: int
    next_at: datetime | None
    opening: Opening
    standing: StandingSeen
    newcomer_from_beat: int | None
    newcomer_first_beat: int
    moves: tuple[MoveSeen, ...]
    order: OrderSeen
    claims: tuple[ClaimSeen, ...]
    parameters: tuple[InForce, ...]
    stopped: Moratorium | None = None

    @property
    def is_open(self) -> bool:
        return self.code is None


def explain_to_worker(project_id: int, *, by: Person, at: datetime) -> AccessSeen:
    """Return why a project is open to `by` or not, now, as far as they may see it.

    Raises:
        WorkerRoleMissing: `by` is no worker.
        ProjectNotFound: there is none, or it is somebody's draft.
    """
    require_worker(by)
    project = visible_project(project_id, by=by)
    found = explain_access(project=project, worker_id=by.pk, at=at, live=True)
    least = in_force("explanation.least_raters", at=at)
    newcomer = found.newcomer
    has_place = not newcomer.is_rated and newcomer.taken < newcomer.most and newcomer.free > 0
    return AccessSeen(
        project_id=project.pk,
        title=project.title,
        requester=who_are([project.owner_id])[project.owner_id],
        at=at,
        code=found.code,
        way=found.way,
        conditions=tuple(ConditionSeen(one.name, one.is_met, one.code) for one in found.conditions),
        policy=found.clock.policy,
        threshold=threshold_seen(found.clock.threshold, found.numbers),
        in_round=found.asking.round_most is not None,
        beat=found.clock.beat,
        beat_seconds=found.clock.beat_seconds,
        next_at=found.clock.next_at,
        opening=found.opening,
        standing=standing_seen(found.standing, least_raters=least),
        newcomer_from_beat=newcomer.first_beat if has_place and found.clock.threshold is not None else None,
        newcomer_first_beat=newcomer.first_beat,
        moves=tuple(_move_seen(one, found.numbers) for one in _this_run(found.beats)),
        order=_order_seen(project, by, least_raters=least, at=at),
        claims=_claims(project.pk, by.pk),
        parameters=found.parameters,
        stopped=moratorium(Algorithm.CASCADE, at=at),
    )


def standing_seen(standing: StandingExplained, *, least_raters: int) -> StandingSeen:
    """Return what of a standing its worker sees.

    The number of whom nobody has rated is the charter's, and tells nothing of anybody.
    """
    is_exact = standing.scope == "unrated" or standing.raters_in_scope >= least_raters
    values = sorted((step.rating.value for step in standing.steps), reverse=True)
    return StandingSeen(
        scope=standing.scope,
        ratings=standing.ratings,
        band=standing.band,
        value=standing.value if is_exact else None,
        values=tuple(values) if is_exact else (),
        passed_over=tuple(scale.scope for scale in standing.tried if not scale.counts),
        least_raters=least_raters,
        is_newcomer=standing.is_newcomer,
    )


def threshold_seen(threshold: Decimal | None, numbers: Ladders) -> ThresholdSeen | None:
    """Return what of a threshold workers see: the charter's steps around it."""
    return None if threshold is None else ThresholdSeen(*steps_around(threshold, numbers))


def score_seen(score: ScoreExplained, *, least_raters: int) -> OrderSeen:
    """Return what of a requester's score a worker sees: their own rating, and others' where enough rated."""
    is_exact = not score.others or len(score.others) >= least_raters
    return OrderSeen(
        formula=score.formula,
        own=score.own,
        others=len(score.others),
        mean=score.mean if is_exact else None,
        score=score.value if is_exact else None,
        others_factor=score.others_factor,
        neutral=score.neutral,
        unrated=score.unrated,
    )


def _order_seen(project: Project, by: Person, *, least_raters: int, at: datetime) -> OrderSeen:
    place = place_in_feed(project=project, worker_id=by.pk, at=at)
    assert place.score is not None  # it is sorted by requesters
    return replace(
        score_seen(place.score, least_raters=least_raters),
        levels_below=place.levels_below,
        stopped=moratorium(Algorithm.FEED_ORDER, at=at),
        neutral_rule=in_force("moratorium.neutral_rule", at=at),
    )


def _this_run(beats: Sequence[BeatSeen]) -> Sequence[BeatSeen]:
    """Return the moves since the cascade last started."""
    starts = [number for number, one in enumerate(beats) if one.why == "started"]
    return beats[starts[-1] :] if starts else beats


def _move_seen(one: BeatSeen, numbers: Ladders) -> MoveSeen:
    return MoveSeen(one.beat, one.at, one.why, threshold_seen(one.threshold, numbers))


def _claims(project_id: int, worker_id: int) -> tuple[ClaimSeen, ...]:
    rows = Admission.objects.filter(project_id=project_id, worker_id=worker_id).order_by("-at", "-pk")
    return tuple(ClaimSeen(row.assignment_id, row.at, row.way) for row in rows[:CLAIMS_SHOWN])
