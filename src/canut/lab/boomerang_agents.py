"""The people of the lab's Boomerang studies: what they are like, and why they rate as they do.

Nobody is made to rate better in the treatment. Who rates weighs, for each of ✓+, ✓ and ✓−:

- what rating lower costs among people: angry letters, a bad name, retaliation (`pressure`);
- what it costs to say other than one thinks (`candour`);
- what comes back: how many pieces of the other's work (or of the other's tasks) the rating brings to the
  rater next time, times how much better or worse than usual the rater found them (`stake`).

The first two are there with and without Boomerang. The third is reckoned from the way the next round is
drawn, and where it is drawn evenly, or by newest, no rating moves it. So *that* raters weigh their own
consequence is assumed, as the paper does; how much it changes is what the studies show, and their rows
with another stake or another mixture show what the assumption carries.

- *Strategic* raters choose the level for which the three add up best.
- *Honest* raters say what they think of the piece before them, in both arms.
- *Careless* raters give ✓+ always, or by dice, in both arms.
- *Colluding* raters give ✓+ to a ring of the weaker half and ✓− to all others, in both arms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist
from typing import Literal

Kind = Literal["strategic", "honest", "careless", "colluding"]
LEVELS = ("✓+", "✓", "✓−")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """Everything that is assumed of the people, and the size of the studies.

    True qualities of workers, and of requesters, are drawn from a normal distribution of mean 0 and spread
    1; that is the unit of quality. The three motives are drawn for each rater from exponential
    distributions with the means given here. Their common unit is what it costs an average rater to give
    ✓− in place of ✓+ to somebody's face; a stake of 1 means that one piece of work better by one unit of
    quality is worth as much.
    """

    # who rates: shares of those who do not collude; the rest of them is careless
    strategic: float = 0.5
    honest: float = 0.25
    careless_always_best: float = 0.5
    colluders: float = 0.0
    ring: float = 0.2

    # why they rate as they do
    pressure: float = 1.0
    candour: float = 0.5
    stake: float = 1.0
    know_the_last_round: bool = False
    platform_counts: bool = False

    # what is there to be judged, and how well it can be
    work_spread: float = 0.7
    eye_spread: float = 0.5
    third: float = 1 / 3

    # the two studies of ratings
    raters: int = 40
    rounds: int = 3
    pairs: int = 30
    workers: int = 30
    works_a_round: int = 10
    requesters: int = 20
    tasks_a_round: int = 5
    takes: float = 0.5

    # the study of newcomers; times are in beats of the cascade
    beats: int = 72
    crowd: int = 60
    newcomers_a_beat: float = 0.5
    comes_online: float = 0.1
    stays_online: float = 0.85
    owners: int = 8
    projects_a_beat: float = 0.3
    places: int = 20
    rated_after: int = 12
    is_rated: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.strategic <= 1 or not 0 <= self.honest <= 1 - self.strategic + 1e-9:
            raise ValueError("the shares of strategic and of honest raters add up to at most 1")
        if not 0 <= self.colluders < 1:
            raise ValueError("the share of colluders lies between 0 and 1")
        if min(self.pressure, self.candour, self.stake) < 0:
            raise ValueError("pressure, candour and stake are not negative")

    def opinion(self, seen: float) -> int:
        """Return the level that somebody who says what they think gives: a third of all work gets each."""
        spread = (1 + self.work_spread**2 + self.eye_spread**2) ** 0.5
        edge = -NormalDist().inv_cdf(self.third) * spread
        return 0 if seen > edge else 1 if seen > -edge else 2

    def is_weak(self, piece: float) -> bool:
        """Tell whether a piece of work is truly among the weakest third."""
        return piece < NormalDist().inv_cdf(self.third) * (1 + self.work_spread**2) ** 0.5


@dataclass(frozen=True, slots=True)
class Rater:
    """One person who rates: of which kind, and how much each motive weighs with them."""

    kind: Kind
    pressure: float
    candour: float
    stake: float
    always_best: bool


def drawn_raters(agents: Agents, draw: Random) -> list[Rater]:
    """Return the raters of one run, in the exact shares asked for, in an order of chance."""
    colluding = round(agents.raters * agents.colluders)
    others = agents.raters - colluding
    strategic = round(others * agents.strategic)
    honest = min(round(others * agents.honest), others - strategic)
    careless = others - strategic - honest
    many: dict[Kind, int] = {
        "colluding": colluding,
        "strategic": strategic,
        "honest": honest,
        "careless": careless,
    }
    kinds = [kind for kind, count in many.items() for _rater in range(count)]
    draw.shuffle(kinds)
    return [
        Rater(
            kind,
            pressure=agents.pressure * draw.expovariate(1),
            candour=agents.candour * draw.expovariate(1),
            stake=agents.stake * draw.expovariate(1),
            always_best=draw.random() < agents.careless_always_best,
        )
        for kind in kinds
    ]


def weighed(rater: Rater, *, opinion: int, brings: Sequence[float], worth: float) -> int:
    """Return the level, 0 for ✓+ to 2 for ✓−, that a strategic rater gives.

    `opinion` is the level they think right. `brings` says for each level how many pieces it brings them
    next time, and `worth` by how much these are better than usual. Of equal levels the kindest is given.
    """

    def good(level: int) -> float:
        among_people = rater.pressure * level / 2
        untruth = rater.candour * abs(level - opinion) / 2
        return rater.stake * worth * brings[level] - among_people - untruth

    return max(range(len(LEVELS)), key=good)
