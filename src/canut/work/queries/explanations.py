"""Why a project is open to a worker or not, and why one stands above another in their feed.

Everything is recomputed from what is stored, for any worker, project and moment; where a claim was made at
that moment, what it went by is laid beside it. What of it a person may see is for `explained_for` to say:
what is here is whole, and for the operator's command line alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from canut.charter.queries import InForce, held, in_force
from canut.reputation.explained import score_at
from canut.reputation.rules_cascade import Ladders, Policy
from canut.reputation.rules_explained import ScoreExplained, StandingExplained
from canut.work.access import published_revision
from canut.work.models import Admission, CascadeBeat, Project, Revision
from canut.work.queries.admission import asking
from canut.work.queries.cascading import ladders_in_force
from canut.work.queries.facts_then import Newcomer, facts_at, standings_then
from canut.work.queries.feed import feed_order, order_in_use
from canut.work.rules import Asking, feed_key, levels_below, may_take, paid_seconds, way_in
from canut.work.rules_explained import (
    Clock,
    Condition,
    Opening,
    conditions_of,
    opening_of,
)
from canut.work.rules_neutral import random_key
from canut.work.states import FeedOrder, PayBasis, ProjectState

PARAMETERS_OF_ACCESS = (
    "rating.weights",
    "standing.project_group_factor",
    "standing.requester_factor",
    "standing.platform_factor",
    "standing.platform_least_requesters",
    "standing.unrated",
    "standing.decimals",
    "cascade.beat_seconds",
    "cascade.first_threshold",
    "cascade.last_threshold",
    "cascade.ladder_thresholds",
    "cascade.throughput_thresholds",
    "cascade.throughput_hold_share",
    "cascade.active_days",
    "newcomers.first_beat",
    "newcomers.most_places",
    "work.cap_in_hand",
    "moratorium.cascade",
)
PARAMETERS_OF_ORDER = (
    "feed.others_factor",
    "feed.neutral_rating",
    "feed.unrated_rating",
    "moratorium.feed_order",
    "moratorium.neutral_rule",
)


@dataclass(frozen=True, slots=True)
class BeatSeen:
    """One move of the threshold, or a beat at which it was looked at. None: open to everybody.

    `written_at` is there where a run came late: the threshold before it held until then.
    """

    beat: int
    at: datetime
    written_at: datetime | None
    policy: str
    why: str
    threshold_before: Decimal | None
    threshold: Decimal | None
    count: int
    reference: int
    potential: Decimal | None
    worked: Decimal | None
    best: Decimal | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a claim at that very moment went by, as it was written down then."""

    assignment_id: int
    way: str
    standing: Decimal
    scope: str
    ratings: int
    threshold: Decimal
    beat: int


@dataclass(frozen=True, slots=True)
class AccessExplained:
    """Whether a project was open to a worker at a moment, with all that decided it.

    `code` is that of the refusal, None where it was open, and `way` how the cascade let the worker in.
    `agrees` compares with `recorded` what was recomputed; None where no claim was made just then.
    """

    project_id: int
    worker_id: int
    at: datetime
    code: str | None
    way: str | None
    asking: Asking
    conditions: tuple[Condition, ...]
    standing: StandingExplained
    newcomer: Newcomer
    clock: Clock
    numbers: Ladders
    beats: tuple[BeatSeen, ...]
    opening: Opening
    parameters: tuple[InForce, ...]
    recorded: Recorded | None
    agrees: bool | None

    @property
    def is_open(self) -> bool:
        return self.code is None

    @property
    def unknown(self) -> tuple[str, ...]:
        """The conditions of which something was not kept."""
        return tuple(one.name for one in self.conditions if not one.is_known)


@dataclass(frozen=True, slots=True)
class PlaceInFeed:
    """By what one project is sorted: the order's key, then when it was published, then its number.

    The key is that of the statement that sorts, in its units: sixteenths of a millionth of a rating, a
    thousandth of a cent an hour, or what random order gives. `score` is there where requesters are ordered
    by ratings; then `levels_below` is how far below the worker's own level of a guild the project asks, which
    comes next.
    """

    project_id: int
    title: str
    requester_id: int
    key: int
    published_at: datetime
    score: ScoreExplained | None
    levels_below: int = 0

    @property
    def sorts_by(self) -> tuple[int, datetime, int]:
        return self.key, self.published_at, self.project_id


@dataclass(frozen=True, slots=True)
class OrderExplained:
    """Why `first` stood above `second` in a worker's feed at a moment.

    `order` is the one that was gone by: while the members have stopped the order of the feed, a neutral one,
    `first_come` (the oldest first) or `random`.
    `decided_by` is "key", "level", "published_at" or "id": the first in which the two differ. It is "level"
    where the requesters' scores are equal and the projects ask for levels of guilds.
    """

    worker_id: int
    at: datetime
    order: str
    first: PlaceInFeed
    second: PlaceInFeed
    decided_by: str
    parameters: tuple[InForce, ...]


def explain_access(*, project: Project, worker_id: int, at: datetime, live: bool = False) -> AccessExplained:
    """Return why the project was open to the worker just before `at`, or why it was not.

    With `live` the facts are those that admission itself reads now, and `at` is now.
    """
    then = facts_at(project=project, worker_id=worker_id, at=at)
    facts, unknown = then.asking, then.unknown
    if live:
        facts, unknown = asking(worker_id=worker_id, project_id=project.pk, at=at), frozenset()
    numbers = ladders_in_force(at=at)
    clock = _clock(project, facts, then.policy, beat=project.cascade_beat if live else then.beat, at=at)
    conditions = conditions_of(facts, unknown=unknown)
    recorded = _recorded(project.pk, worker_id, at=at)
    code = may_take(facts)
    way = way_in(facts) if facts.threshold is not None and facts.round_most is None else None
    return AccessExplained(
        project_id=project.pk,
        worker_id=worker_id,
        at=at,
        code=code,
        way=way,
        asking=facts,
        conditions=conditions,
        standing=then.standing,
        newcomer=then.newcomer,
        clock=clock,
        numbers=numbers,
        beats=tuple(map(_beat_seen, then.beats)),
        opening=opening_of(conditions, clock=clock, standing=then.standing.value, numbers=numbers),
        parameters=tuple(held(name, at=at) for name in PARAMETERS_OF_ACCESS),
        recorded=recorded,
        agrees=None if recorded is None else _agrees(recorded, then.standing, facts, code),
    )


def explain_order(
    *, worker_id: int, first: Project, second: Project, at: datetime, order: str = ""
) -> OrderExplained:
    """Return which of two projects stood above the other in a worker's feed at a moment, and why.

    `order` is the one to explain; without it, the one the worker has chosen. By the work left is not
    explained: what was left at a moment is not kept.

    Raises:
        ValueError: it is the order by work left, or the two are one, or one is not published.
    """
    order = order_in_use(order or feed_order(worker_id), at=at)
    if (
        order == FeedOrder.WORK_LEFT
        or first.pk == second.pk
        or None in (first.published_at, second.published_at)
    ):
        raise ValueError("only two published projects, in an order that is kept, can be compared")
    places = [_place(project, worker_id, order=order, at=at) for project in (first, second)]
    upper, lower = sorted(places, key=lambda place: place.sorts_by, reverse=order != "first_come")
    decided_by = "id"
    if upper.key != lower.key:
        decided_by = "level" if _scores_equal(upper, lower) else "key"
    elif upper.published_at != lower.published_at:
        decided_by = "published_at"
    return OrderExplained(
        worker_id=worker_id,
        at=at,
        order=order,
        first=upper,
        second=lower,
        decided_by=decided_by,
        parameters=tuple(held(name, at=at) for name in PARAMETERS_OF_ORDER),
    )


def _scores_equal(upper: PlaceInFeed, lower: PlaceInFeed) -> bool:
    """Tell whether two projects differ in nothing but the levels of a guild that they ask for."""
    if upper.score is None or lower.score is None:
        return False
    return feed_key(upper.score.value, 0) == feed_key(lower.score.value, 0)


def place_in_feed(*, project: Project, worker_id: int, at: datetime) -> PlaceInFeed:
    """Return by what a project was sorted in a worker's feed where requesters' ratings order it."""
    return _place(project, worker_id, order=FeedOrder.REQUESTER, at=at)


def _place(project: Project, worker_id: int, *, order: str, at: datetime) -> PlaceInFeed:
    assert project.published_at is not None
    key, score, below = 0, None, 0
    if order == FeedOrder.REQUESTER:
        score = score_at(worker_id, requester_id=project.owner_id, at=at)
        below = levels_below(standings_then(project, worker_id, at=at).asked)
        key = feed_key(score.value, below)
    elif order == FeedOrder.PAY:
        key = _pay_key(project, at=at)
    elif order == "random":
        day = at.astimezone(UTC).date()
        key = random_key(project_id=project.pk, worker_id=worker_id, day=day)
    return PlaceInFeed(project.pk, project.title, project.owner_id, key, project.published_at, score, below)


def _pay_key(project: Project, *, at: datetime) -> int:
    published = Revision.objects.filter(project=project, published_at__lte=at).order_by("-number").first()
    revision = published or published_revision(project)
    if project.pay_basis == PayBasis.HOUR:
        return revision.hourly_minor * 1000
    seconds = paid_seconds(revision.expected_seconds, revision.risks, in_force("pay.risk_break_share", at=at))
    return revision.reward_minor * 3_600_000 // seconds


def _clock(project: Project, facts: Asking, policy: str, *, beat: int, at: datetime) -> Clock:
    """Return where the cascade was; when the next beat was due is known only of the beat that still runs.

    That one runs on while its end is due and the next has not come yet, which takes some seconds.
    """
    is_now = (
        facts.threshold is not None
        and project.cascade_started_at is not None
        and project.cascade_started_at <= at
        and project.cascade_beat == beat
    )
    kinds: dict[str, Policy] = {
        "ladder": "ladder",
        "throughput": "throughput",
        "share": "share",
        "open": "open",
    }
    return Clock(
        policy=kinds[project.cascade_policy if is_now else policy],
        threshold=facts.threshold,
        beat=beat,
        next_at=project.cascade_next_at if is_now else None,
        beat_seconds=in_force("cascade.beat_seconds", at=at),
        is_running=facts.project_state == ProjectState.LIVE and facts.round_most is None,
        deadline_at=facts.deadline_at,
    )


def _beat_seen(row: CascadeBeat) -> BeatSeen:
    return BeatSeen(
        beat=row.beat,
        at=row.at,
        written_at=row.written_at,
        policy=row.policy,
        why=row.why,
        threshold_before=row.threshold_before,
        threshold=row.threshold,
        count=row.count,
        reference=row.reference,
        potential=row.potential,
        worked=row.worked,
        best=row.best,
    )


def _recorded(project_id: int, worker_id: int, *, at: datetime) -> Recorded | None:
    row = Admission.objects.filter(project_id=project_id, worker_id=worker_id, at=at).first()
    if row is None:
        return None
    return Recorded(row.assignment_id, row.way, row.standing, row.scope, row.ratings, row.threshold, row.beat)


def _agrees(recorded: Recorded, standing: StandingExplained, facts: Asking, code: str | None) -> bool:
    return code is None and (
        recorded.way,
        recorded.standing,
        recorded.scope,
        recorded.ratings,
        recorded.threshold,
    ) == (way_in(facts), standing.value, standing.scope, standing.ratings, facts.threshold)


def admissions_of(*, project_id: int, worker_id: int) -> Sequence[datetime]:
    """Return when the worker came in while the cascade ran, newest first: moments worth explaining."""
    rows = Admission.objects.filter(project_id=project_id, worker_id=worker_id).order_by("-at", "-pk")
    return list(rows.values_list("at", flat=True))
