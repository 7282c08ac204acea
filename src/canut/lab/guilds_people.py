"""The members of the lab's guilds: how well they work, how well they judge, and whom they help.

Work and skill are measured in one unit, the spread of skill among members. One level of a guild is one
such unit wide, and level 2 begins with the average member: under −1 work is below level 1, from −1 to 0
right for level 1, from 0 to 1 for level 2, from 1 to 2 for level 3, above for level 4. These are round
numbers, and nothing here was fitted to what comes out.

- *Careful* reviewers say what they see. They err the less the better they are themselves, and each is a
  little too kind or too harsh for good.
- *Lazy* reviewers do not look: half of them say "right for the level" always, the others say anything.
- *Friends* collude: they give their friends' work the highest verdict whenever they know it for a
  friend's, and look out for it. All else they review as others do, or, if told so, leave to others.

Requesters accept nearly everything. Of researchers on Mechanical Turk nearly nine in ten reject less than
1 % of what they get, and one in twenty-five more than 5 % (Litman & Robinson, "Conducting Online Research
on Amazon Mechanical Turk and Beyond", Sage 2020, as told by CloudResearch). Here they look at every piece
and reject just the worst they see, none by mistake, which does acceptance rates more than justice. A member
does ten tasks in a row for one of them.

That skill stays as it is over a thousand tasks is what Hata et al. found ("A Glimpse Far into the Future:
Understanding Long-term Crowd Worker Quality", CSCW 2017, https://doi.org/10.1145/2998181.2998248).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Small = npt.NDArray[np.int16]
Marks = npt.NDArray[np.bool_]

CHECKPOINTS = (50, 100, 200, 400, 1000)
LOTS = 997
"""How many rows of lots a run has; a prime, so that what draws from them meets them in ever other order."""
REQUESTERS = ((0.90, 0.005), (0.06, 0.03), (0.04, 0.10))
"""Which share of requesters rejects which share of all work, where no other is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Everything that is assumed of the people of a guild, and how large it is."""

    members: int = 100
    tasks: int = 1000
    tasks_a_day: int = 5

    # their work, and what requesters make of it
    work_spread: float = 0.7
    requesters: Sequence[tuple[float, float]] = REQUESTERS
    tasks_for_one: int = 10

    # how they review: in units of skill; a careful eye's spread is multiplied by e^-eye_falls a unit of skill
    eye_spread: float = 0.7
    eye_falls: float = 0.3
    bias_spread: float = 0.5
    kindness: float = 0.0
    lazy: float = 0.15
    miss: float = 1.0

    # when they come by, in hours, and how many reviews somebody does a day at most
    comes_by_hours: float = 8.0
    watches_hours: float = 0.25
    reviews_a_day: int = 5

    # friends: how many, and how often they know a friend's work where reviews are blind
    ring: int = 10
    collude: bool = False
    recognised: float = 0.5
    leave_other_reviews: bool = False

    def __post_init__(self) -> None:
        if self.members < 10:
            raise ValueError("a guild has at least 10 members here")
        if self.tasks < CHECKPOINTS[1]:
            raise ValueError(f"members do at least {CHECKPOINTS[1]} tasks, where it is checked")
        if not 1 <= self.ring <= self.members // 2:
            raise ValueError("a ring is at least one member, and at most the weaker half of all")
        if not all(0 <= share <= 1 for share in (self.lazy, self.recognised)):
            raise ValueError("shares lie between 0 and 1")
        if not all(0 < rejected < 1 for _share, rejected in self.requesters):
            raise ValueError("what requesters reject lies between nothing and everything")
        if self.tasks_for_one < 1:
            raise ValueError("a member does at least one task for a requester")

    @property
    def checkpoints(self) -> tuple[int, ...]:
        return tuple(many for many in CHECKPOINTS if many <= self.tasks)


def verdict_of(quality: npt.ArrayLike, level: npt.ArrayLike) -> Whole:
    """Return which verdict work of some quality deserves beside the level of who did it: 1 to 4."""
    found: Whole = np.clip(np.floor(quality).astype(np.int64) + 4 - np.asarray(level), 1, 4)
    return found


@dataclass(frozen=True, slots=True)
class World:
    """The people and the chances of many runs at once; the first axis is the run.

    The same seed has the same people, work and lots in every study, so that arms are compared run by run.
    `lots` are rows of one number between 0 and 1 for each member, `normals` rows of normal ones and
    `waits` of exponential ones with mean 1.
    """

    seeds: tuple[int, ...]
    skill: Numbers
    bias: Numbers
    eye: Numbers
    is_lazy: Marks
    says_right: Marks
    ring: Marks
    starts: Whole
    pieces: Numbers
    accepted: Whole
    lots: Numbers
    normals: Numbers
    waits: Numbers


@lru_cache(maxsize=4)
def world_of(members: Members, seeds: tuple[int, ...]) -> World:
    """Return the worlds of these seeds. What friends do, and what reviewers are told, is not in it."""
    parts = [_drawn(members, seed) for seed in seeds]
    stacked = [np.stack(column) for column in zip(*parts, strict=True)]
    return World(seeds, *stacked)


def _drawn(members: Members, seed: int) -> tuple[npt.NDArray[Any], ...]:
    dice = np.random.default_rng([20260, seed])
    many, tasks = members.members, members.tasks
    skill = dice.standard_normal(many)
    bias = members.kindness + members.bias_spread * dice.standard_normal(many)
    eye = members.eye_spread * np.exp(-members.eye_falls * skill)
    order = dice.permutation(many)
    is_lazy = np.zeros(many, bool)
    is_lazy[order[: round(many * members.lazy)]] = True
    says_right = np.zeros(many, bool)
    says_right[order[: round(many * members.lazy) // 2]] = True
    weaker = dice.permutation(np.argsort(skill)[: many // 2])
    ring = np.zeros(many, bool)
    ring[weaker[: members.ring]] = True
    starts = dice.permutation(many) % 10
    pieces = skill[:, None] + members.work_spread * dice.standard_normal((many, tasks))
    accepted = _accepted(members, pieces, dice)
    lots = dice.random((LOTS, many))
    return (
        skill.astype(np.float32),
        bias.astype(np.float32),
        eye.astype(np.float32),
        is_lazy,
        says_right,
        ring,
        starts,
        pieces.astype(np.float32),
        accepted,
        lots.astype(np.float32),
        dice.standard_normal((LOTS, many)).astype(np.float32),
        dice.standard_exponential((LOTS, many)).astype(np.float32),
    )


def _accepted(
    members: Members, pieces: npt.NDArray[np.float64], dice: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return how many tasks of each member were accepted by each checkpoint."""
    kinds = np.array([share for share, _rejected in members.requesters])
    spread = (1 + members.work_spread**2 + members.eye_spread**2) ** 0.5
    cuts = [NormalDist(0, spread).inv_cdf(rejected) for _share, rejected in members.requesters]
    many, tasks = pieces.shape
    met = dice.random((many, -(-tasks // members.tasks_for_one)))
    kind = np.searchsorted(np.cumsum(kinds / kinds.sum())[:-1], met, side="right")
    kind = kind.repeat(members.tasks_for_one, axis=1)[:, :tasks]
    seen = pieces + members.eye_spread * dice.standard_normal(pieces.shape)
    so_far = np.cumsum(seen >= np.array(cuts)[kind], axis=1)
    return np.stack([so_far[:, many - 1] for many in members.checkpoints])
