"""Two studies of ratings, with Boomerang and without: requesters rate workers, workers rate requesters.

They follow the field experiments of the paper. In three rounds everybody meets some of the other side and
rates what they met. The first round is even. In the next two, with Boomerang, a requester gets work
drawn by the standings that the own ratings gave (3 : 2 : 1 for one rating each), and a worker's feed is
ordered by the requesters' scores; without it work is drawn evenly, and the feed is by newest. In the end
each chooses between pairs of those they rated, in private. The standings and scores are those of
`canut.reputation.rules_ratings`, with the numbers that a new site's charter begins with.

The two arms of a run have the same people, the same work and the same dice.

Source: Gaikwad et al. "Boomerang: Rebounding the Consequences of Reputation Feedback on Crowdsourcing
Platforms". UIST 2016, https://doi.org/10.1145/2984511.2984542.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import comb, floor
from random import Random
from statistics import fmean
from typing import Any, Literal, Protocol

import numpy as np

from canut.charter.parameters import PARAMETERS
from canut.lab.boomerang_agents import Agents, Rater, drawn_raters, weighed
from canut.lab.boomerang_statistics import spearman
from canut.reputation.rules_ratings import Factors, Rating, requester_score, standing_toward

Arm = Literal["control", "treatment"]
Side = Literal["requesters", "workers"]
DAWN = datetime(2026, 1, 1, tzinfo=UTC)


def begins_with(name: str) -> Any:
    """Return the value that a new site's charter begins with; the lab asks no site."""
    return PARAMETERS[name].default


WEIGHTS: tuple[Decimal, ...] = begins_with("rating.weights")
NOBODY = (0,) * len(WEIGHTS)
"""How many others gave each level, where there is nobody, or where the rater cannot know."""
FACTORS = Factors(
    project_group=begins_with("standing.project_group_factor"),
    requester=begins_with("standing.requester_factor"),
    platform=begins_with("standing.platform_factor"),
    platform_least_requesters=begins_with("standing.platform_least_requesters"),
    unrated=begins_with("standing.unrated"),
    decimals=begins_with("standing.decimals"),
)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is measured in one arm of one run.

    - `inflated`: the share of ✓+ among the ratings of work that is truly in the weakest third.
    - `predicted`: the share of private choices between two that the ratings foretell, a tie counting half.
    - `ranked`: Spearman's correlation of what a rater's ratings come to with true quality, the mean over
      raters.
    - `wasted`: the share of work in the weakest third among all that was given ✓+.
    - `gained`: the mean quality of the work that came to the raters after the first round.
    """

    inflated: float
    predicted: float
    ranked: float
    wasted: float
    gained: float


@dataclass(frozen=True, slots=True)
class World:
    """One run's people, work and dice, the same in both arms.

    Arrays are by rater, rated and round, `newest` by round and rated.
    """

    raters: Sequence[Rater]
    qualities: Sequence[float]
    ring: frozenset[int]
    pieces: Any
    seen: Any
    dice: Any
    lots: Any
    newest: Any
    pairs: Any
    second_looks: Any


class Lane(Protocol):
    """How the next round comes about: by ratings, or without regard to them."""

    def begin(self, round_: int) -> None:
        """Make ready for a round, before anybody meets anybody."""

    def meets(self, rater: int, round_: int) -> Sequence[int]:
        """Return whom this rater meets in this round."""

    def brings(self, rater: int, rated: int) -> Sequence[float]:
        """Return how many pieces each level would bring the rater next round, as far as they can tell."""

    def keep(self, rater: int, rated: int, level: int) -> None:
        """Write a rating down."""

    def said(self, rater: int) -> dict[int, Decimal]:
        """Return what the rater's ratings come to, by rated."""


def run_study(side: Side, arm: Arm, agents: Agents, *, seed: int) -> Measures:
    """Return what one arm of one study shows: `side` tells who rates."""
    world = _world(agents, side=side, seed=seed)
    lane: Lane = (_Drawn if side == "requesters" else _Feed)(world, agents, by_ratings=arm == "treatment")
    return _played(world, lane, agents)


def _world(agents: Agents, *, side: Side, seed: int) -> World:
    draw = Random(f"boomerang {side} {seed}")  # noqa: S311 (people, not secrets)
    dice = np.random.default_rng(draw.getrandbits(64))
    rated = agents.workers if side == "requesters" else agents.requesters
    shape = (agents.raters, rated, agents.rounds)
    qualities = dice.standard_normal(rated)
    pieces = qualities[None, :, None] + agents.work_spread * dice.standard_normal(shape)
    weaker = sorted(range(rated), key=qualities.__getitem__)[: rated // 2]
    return World(
        raters=drawn_raters(agents, draw),
        qualities=qualities.tolist(),
        ring=frozenset(draw.sample(weaker, round(rated * agents.ring))),
        pieces=pieces.tolist(),
        seen=(pieces + agents.eye_spread * dice.standard_normal(shape)).tolist(),
        dice=dice.integers(3, size=shape).tolist(),
        lots=dice.random(shape),
        newest=dice.random((agents.rounds, rated)).tolist(),
        pairs=dice.random((agents.raters, agents.pairs, 2)).tolist(),
        second_looks=(agents.eye_spread * dice.standard_normal((agents.raters, agents.pairs, 2))).tolist(),
    )


def _played(world: World, lane: Lane, agents: Agents) -> Measures:
    """Play the rounds, then ask for the private choices."""
    weak = weak_best = best = 0
    gained: list[float] = []
    seen: list[dict[int, list[float]]] = [defaultdict(list) for _rater in world.raters]
    for round_ in range(agents.rounds):
        lane.begin(round_)
        is_last = round_ == agents.rounds - 1
        met = [lane.meets(number, round_) for number in range(len(world.raters))]
        for number in range(len(world.raters)):
            for rated in met[number]:
                seen[number][rated].append(world.seen[number][rated][round_])
            usual = fmean(value for values in seen[number].values() for value in values)
            for rated in met[number]:
                level = _level(
                    world,
                    lane,
                    agents,
                    at=(number, rated, round_),
                    worth=fmean(seen[number][rated]) - usual,
                    comes_back=not (is_last and agents.know_the_last_round),
                )
                lane.keep(number, rated, level)
                piece = world.pieces[number][rated][round_]
                best += level == 0
                if agents.is_weak(piece):
                    weak += 1
                    weak_best += level == 0
                if round_:
                    gained.append(piece)
    return Measures(
        inflated=weak_best / weak if weak else 0.0,
        predicted=_predicted(world, lane, seen),
        ranked=_ranked(world, lane),
        wasted=weak_best / best if best else 0.0,
        gained=fmean(gained),
    )


def _level(
    world: World, lane: Lane, agents: Agents, *, at: tuple[int, int, int], worth: float, comes_back: bool
) -> int:
    """Return the level that a rater gives in a round to one of those they met."""
    number, rated, round_ = at
    rater = world.raters[number]
    if rater.kind == "colluding":
        return 0 if rated in world.ring else 2
    if rater.kind == "careless":
        return 0 if rater.always_best else int(world.dice[number][rated][round_])
    opinion = agents.opinion(world.seen[number][rated][round_])
    if rater.kind == "honest":
        return opinion
    brings = lane.brings(number, rated) if comes_back else (0.0, 0.0, 0.0)
    return weighed(rater, opinion=opinion, brings=brings, worth=worth)


def _predicted(world: World, lane: Lane, seen: Sequence[dict[int, list[float]]]) -> float:
    """Return the share of private choices that the ratings foretell.

    Each rater is asked about pairs of those they rated and takes whom they thought better on the whole,
    with a fresh look at both.
    """
    told: list[float] = []
    for number in range(len(world.raters)):
        said = lane.said(number)
        known = sorted(said)
        for places, looks in zip(world.pairs[number], world.second_looks[number], strict=True):
            first = int(places[0] * len(known))
            second = (first + 1 + int(places[1] * (len(known) - 1))) % len(known)
            one, other = known[first], known[second]
            prefers = fmean(seen[number][one]) + looks[0] > fmean(seen[number][other]) + looks[1]
            if said[one] == said[other]:
                told.append(0.5)
            else:
                told.append(float((said[one] > said[other]) == prefers))
    return fmean(told)


def _ranked(world: World, lane: Lane) -> float:
    found: list[float] = []
    for number in range(len(world.raters)):
        said = lane.said(number)
        found.append(spearman([float(value) for value in said.values()], [world.qualities[n] for n in said]))
    return fmean(found)


@lru_cache(maxsize=4096)
def standing_from(values: tuple[Decimal, ...]) -> Decimal:
    """Return a worker's standing toward a project from its requester's ratings there, oldest first."""
    ratings = [
        Rating(number, rater_id=1, group_id=1, value=value, given_at=DAWN + timedelta(hours=number))
        for number, value in enumerate(values)
    ]
    return standing_toward(ratings, requester_id=1, group_id=1, factors=FACTORS).value


class _Drawn:
    """Requesters get work of workers drawn by lot, evenly or by the standings toward them."""

    def __init__(self, world: World, agents: Agents, *, by_ratings: bool) -> None:
        self.world, self.agents, self.by_ratings = world, agents, by_ratings
        self.given: list[dict[int, tuple[Decimal, ...]]] = [{} for _rater in world.raters]
        unrated = float(standing_from(()))
        self.weights = [[unrated] * len(world.qualities) for _rater in world.raters]
        self.everywhere: list[list[Rating]] = [[] for _rated in world.qualities]

    def begin(self, round_: int) -> None:
        """Have workers whom a requester has not rated go by what the whole platform says, if that counts."""
        if not round_ or not self.agents.platform_counts:
            return
        for rated, ratings in enumerate(self.everywhere):
            nobody = -1  # no requester: so only the platform's scope can have ratings
            value = standing_toward(ratings, requester_id=nobody, group_id=nobody, factors=FACTORS).value
            for rater, given in enumerate(self.given):
                if rated not in given:
                    self.weights[rater][rated] = float(value)

    def meets(self, rater: int, round_: int) -> Sequence[int]:
        lots = self.world.lots[rater, :, round_]
        if round_ and self.by_ratings:
            # drawn by weight, none twice: Efraimidis & Spirakis, https://doi.org/10.1016/j.ipl.2005.11.003
            lots = lots ** (1 / np.array(self.weights[rater]))
        return sorted(np.argsort(-lots)[: self.agents.works_a_round].tolist())

    def brings(self, rater: int, rated: int) -> Sequence[float]:
        works, weights = self.agents.works_a_round, self.weights[rater]
        if not self.by_ratings:
            return (works / len(weights),) * len(WEIGHTS)
        others = sum(weights) - weights[rated]
        before = self.given[rater].get(rated, ())
        new = [float(standing_from((*before, value))) for value in WEIGHTS]
        return [works * weight / (weight + others) for weight in new]

    def keep(self, rater: int, rated: int, level: int) -> None:
        given = (*self.given[rater].get(rated, ()), WEIGHTS[level])
        self.given[rater][rated] = given
        self.weights[rater][rated] = float(standing_from(given))
        if self.agents.platform_counts:
            number = len(self.everywhere[rated])
            at = DAWN + timedelta(seconds=number)
            self.everywhere[rated].append(Rating(number, rater + 1, rater + 1, WEIGHTS[level], at))

    def said(self, rater: int) -> dict[int, Decimal]:
        return {rated: standing_from(values) for rated, values in self.given[rater].items()}


class _Feed:
    """Workers take tasks from the top of a feed: by newest, or by the requesters' scores and then newest."""

    def __init__(self, world: World, agents: Agents, *, by_ratings: bool) -> None:
        self.world, self.agents, self.by_ratings = world, agents, by_ratings
        self.latest: list[dict[int, Decimal]] = [{} for _rater in world.raters]
        self.latest_of = [dict.fromkeys(WEIGHTS, 0) for _rated in world.qualities]
        self.own_scores = [[score_of(None, NOBODY)] * len(world.qualities) for _rater in world.raters]
        self.reach = reach_by_place(len(world.qualities), takes=agents.takes, most=agents.tasks_a_round)

    def begin(self, round_: int) -> None:
        """A feed needs nothing: it is ordered when somebody looks."""

    def meets(self, rater: int, round_: int) -> Sequence[int]:
        newest = self.world.newest[round_]
        if round_ and self.by_ratings:
            scores = [self._score(rater, rated) for rated in range(len(newest))]
            feed = sorted(range(len(newest)), key=lambda rated: (-scores[rated], newest[rated]))
        else:
            feed = sorted(range(len(newest)), key=newest.__getitem__)
        lots = self.world.lots[rater, :, round_]
        taken = [rated for rated in feed if lots[rated] < self.agents.takes]
        return taken[: self.agents.tasks_a_round] or feed[:1]

    def brings(self, rater: int, rated: int) -> Sequence[float]:
        rest = len(self.reach) - 1
        if not self.by_ratings:
            return (self.reach[rest // 2],) * len(WEIGHTS)
        # as far as they can tell: nobody is shown the others' ratings
        others = Counter(self.own_scores[rater])
        others[self.own_scores[rater][rated]] -= 1
        found = []
        for value in WEIGHTS:
            score = score_of(value, NOBODY)
            place = sum(many for other, many in others.items() if other > score) + others[score] / 2
            below = floor(place)
            above = min(below + 1, rest)
            found.append(self.reach[below] + (place - below) * (self.reach[above] - self.reach[below]))
        return found

    def keep(self, rater: int, rated: int, level: int) -> None:
        value = WEIGHTS[level]
        if rated in self.latest[rater]:
            self.latest_of[rated][self.latest[rater][rated]] -= 1
        self.latest[rater][rated] = value
        self.latest_of[rated][value] += 1
        self.own_scores[rater][rated] = score_of(value, NOBODY)

    def said(self, rater: int) -> dict[int, Decimal]:
        return self.latest[rater]

    def _score(self, rater: int, rated: int) -> Decimal:
        """Return a requester's score in a worker's feed, from their own and all others' latest ratings."""
        own = self.latest[rater].get(rated)
        many = tuple(self.latest_of[rated][value] - (value == own) for value in WEIGHTS)
        return score_of(own, many)


@lru_cache(maxsize=65_536)
def score_of(own: Decimal | None, others: tuple[int, ...]) -> Decimal:
    """Return where a requester stands in a worker's feed; `others` counts who gave each level, ✓+ first."""
    return requester_score(
        own=own,
        others=[value for value, many in zip(WEIGHTS, others, strict=True) for _rater in range(many)],
        others_factor=begins_with("feed.others_factor"),
        neutral=begins_with("feed.neutral_rating"),
        unrated=begins_with("feed.unrated_rating"),
    )


@lru_cache(maxsize=64)
def reach_by_place(length: int, *, takes: float, most: int) -> tuple[float, ...]:
    """Return how likely somebody comes to do what stands at each place of a feed, from the top.

    They go down from the top and take each with the chance `takes`, until they have `most`.
    """
    return tuple(
        takes
        * sum(
            comb(place, done) * takes**done * (1 - takes) ** (place - done)
            for done in range(min(most, place + 1))
        )
        for place in range(length)
    )
