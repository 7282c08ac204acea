"""The lab's study of guilds, run over many seeds: do levels and reviews tell skill, and what do rings gain?

`guilds_people` says who works and reviews, and how; `guilds_played` plays their guilds by the site's own
rules; `guilds_tables` and `guilds_plots` show what came out. What is looked for stands in `Report.failed`.

Source: Whiting et al. "Crowd Guilds: Worker-led Reputation and Feedback on Crowdsourcing Platforms". CSCW
2017, https://doi.org/10.1145/2998181.2998234, who found in the field that reviews by peers tell quality
better than what a platform otherwise knows. The sizes here are those of the model.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from canut.lab.boomerang_statistics import Interval, interval, spearman
from canut.lab.guilds_people import CHECKPOINTS, Members
from canut.lab.guilds_played import STAGE_NAMES, WHYS, Told, Ways, play

SIGNALS = ("level", "score", "score_from_level", "acceptance")
CHECKED_TASKS = CHECKPOINTS[1]
LEAST_LEAD = 0.2
"""By how much the score's correlation with skill is to exceed the acceptance rate's, at `CHECKED_TASKS`."""
MOST_GAINED = 1.0
"""By how many levels a ring's members may stand higher for having colluded, on average, in the end."""
SHORT_TASKS = 200
RECOGNISED = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """How well each signal orders members by skill under one set of assumptions.

    `correlations` by number of tasks and signal; `leads` the score's minus the acceptance rate's. `right` and
    `off` are reviewers' one level up, the same level's, and the difference, None where too few runs had both.
    """

    assumes: str
    members: Members
    is_checked: bool
    correlations: Mapping[int, Mapping[str, Interval]]
    leads: Mapping[int, Interval]
    right: tuple[Interval, Interval, Interval] | None
    off: tuple[Interval, Interval, Interval] | None


@dataclass(frozen=True, slots=True)
class Course:
    """How levels came about where nobody colludes, means of runs.

    `shares` of members by number of tasks and level; `whys` and `moved`, of all decisions, by level before
    and threshold; `stages`, shares of reviews by where they were taken; `reviews` that a member has.
    """

    shares: Mapping[int, Mapping[int, float]]
    whys: Mapping[int, Mapping[str, Interval]]
    moved: Mapping[int, Mapping[str, float]]
    stages: Mapping[str, float]
    reviews: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class RingRow:
    """What a ring gains: levels of its members with collusion minus without, the same people and chances.

    `gains` by number of tasks, means over the ring. `beyond` is the share of its members who gain more than
    one level in the end, `most` the most that one of them gains in any run, `level` where they stand.
    """

    assumes: str
    leaves: bool
    members: Members
    ways: Ways
    is_checked: bool
    gains: Mapping[int, Interval]
    beyond: Interval
    most: int
    level: Interval

    @property
    def last(self) -> Interval:
        return self.gains[max(self.gains)]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `canut lab guilds` found."""

    members: Members
    seeds: Sequence[int]
    orders: Sequence[OrderRow]
    course: Course
    rings: Sequence[RingRow]
    known: Sequence[RingRow]

    def failed(self) -> list[str]:
        """Return in sentences what was to be shown and was not.

        The whole interval counts: the score's lead is to be at least 0.2, and a ring's gain at most one
        level, with all rules in force, whichever of its two ways the ring goes.
        """
        found = []
        for order in self.orders:
            lead = order.leads[CHECKED_TASKS]
            if order.is_checked and not lead.low >= LEAST_LEAD:
                found.append(
                    f"At {CHECKED_TASKS} tasks the mean score leads the acceptance rate by {_said(lead)}, "
                    f"which is not at least {LEAST_LEAD:g}."
                )
        for ring in self.rings:
            if ring.is_checked and not ring.last.high <= MOST_GAINED:
                found.append(
                    f"A ring of {ring.members.ring} that {leaving(ring)} gains {_said(ring.last)} levels, "
                    f"which is not at most {MOST_GAINED:g}."
                )
        return found


def leaving(row: RingRow) -> str:
    """Return what a ring does with reviews of other people's work, in words."""
    return "leaves all other reviews" if row.leaves else "reviews like the others besides"


def run_guilds(
    members: Members, *, seeds: Sequence[int], say: Callable[[str], None], brief: bool = False
) -> Report:
    """Run the whole study over these seeds; `say` is told what is being run. `brief` runs what is checked.

    Raises:
        ValueError: there are fewer seeds than an interval needs.
    """
    runs = tuple(seeds)
    alone = replace(members, collude=False)
    say("A guild in which nobody colludes.")
    honest = _played(alone, Ways(), runs)
    orders = [_order_row("as assumed", alone, honest, is_checked=True)]
    for assumes, changed in () if brief else _other_assumptions(alone):
        say(f"The same: {assumes}.")
        orders.append(_order_row(assumes, changed, _played(changed, Ways(), runs)))
    rings: list[RingRow] = []
    known: list[RingRow] = []
    for assumes, ways in _ways()[: 1 if brief else None]:
        for leaves in (False, True):
            say(f"A ring, {assumes}{', that leaves all other reviews' if leaves else ''}.")
            rings.append(_ring_row(assumes, members, ways, runs, leaves=leaves, is_checked=ways == Ways()))
    if not brief:
        say("A ring twice as large.")
        larger = replace(members, ring=min(2 * members.ring, members.members // 2))
        row = _ring_row("all rules, twice as many friends", larger, Ways(), runs, leaves=True)
        rings.append(row)
        for recognised in RECOGNISED:
            say(f"A ring that knows {recognised * 100:.0f} % of its work.")
            knowing = replace(members, recognised=recognised)
            row = _ring_row(f"{recognised * 100:.0f} %", knowing, Ways(), runs, leaves=True)
            known.append(row)
    return Report(members, list(seeds), orders, _course(alone, honest), rings, known)


def _ways() -> list[tuple[str, Ways]]:
    return [
        ("all rules", Ways()),
        ("not blind", Ways(blind=False)),
        ("offered to all at once", Ways(least_busy=False)),
        ("no reciprocity rule", Ways(reciprocity=False)),
        ("none of the three", Ways(blind=False, least_busy=False, reciprocity=False)),
    ]


def _other_assumptions(members: Members) -> list[tuple[str, Members]]:
    """Return what the study of order is run with besides: long only where levels must have settled first."""
    short = replace(members, tasks=min(members.tasks, SHORT_TASKS))
    return [
        ("careful eyes are alike", replace(members, eye_falls=0.0)),
        ("nobody is lazy", replace(short, lazy=0.0)),
        ("half are lazy", replace(short, lazy=0.5)),
        ("reviewers are kind, half a level", replace(short, kindness=0.5)),
        ("reviewers see half as well", replace(short, eye_spread=2 * members.eye_spread)),
        ("each task for another requester", replace(short, tasks_for_one=1)),
        ("all requesters reject 0.5 %", replace(short, requesters=((1.0, 0.005),))),
        ("all requesters reject 2 %", replace(short, requesters=((1.0, 0.02),))),
        ("all requesters reject 10 %", replace(short, requesters=((1.0, 0.1),))),
    ]


def _played(members: Members, ways: Ways, seeds: tuple[int, ...]) -> Told:
    """Return what came out, from an earlier run where nothing that is changed can show."""
    if not members.collude:
        members = replace(members, ring=1, recognised=1.0, leave_other_reviews=False)
        ways = replace(ways, blind=True)
    elif members.recognised == 1 or not ways.blind:
        members, ways = replace(members, recognised=1.0), replace(ways, blind=False)
    return _cached(members, ways, seeds)


@lru_cache(maxsize=24)
def _cached(members: Members, ways: Ways, seeds: tuple[int, ...]) -> Told:
    return play(members, ways, seeds)


def signals(told: Told, place: int, tasks: int) -> Mapping[str, npt.NDArray[Any]]:
    """Return what each signal says of each member at one checkpoint."""
    counts = np.maximum(1, told.counts[:, place])
    return {
        "level": told.levels[:, place],
        "score": told.sums[:, place] / counts,
        "score_from_level": told.worth[:, place] / counts,
        "acceptance": told.accepted[:, place] / tasks,
    }


def _order_row(assumes: str, members: Members, told: Told, *, is_checked: bool = False) -> OrderRow:
    found: dict[int, dict[str, Interval]] = {}
    leads = {}
    for place, tasks in enumerate(members.checkpoints):
        by_signal = {
            name: [
                spearman(row, skill) for row, skill in zip(shown.tolist(), told.skill.tolist(), strict=True)
            ]
            for name, shown in signals(told, place, tasks).items()
        }
        found[tasks] = {name: interval(values) for name, values in by_signal.items()}
        both = zip(by_signal["score"], by_signal["acceptance"], strict=True)
        leads[tasks] = interval([score - acceptance for score, acceptance in both])
    return OrderRow(assumes, members, is_checked, found, leads, _two(told.right), _two(told.off))


def _two(found: npt.NDArray[np.float64]) -> tuple[Interval, Interval, Interval] | None:
    """Return the intervals of both columns and of their difference, of the runs that have both."""
    kept = found[~np.isnan(found).any(axis=1)]
    if len(kept) < min(len(found), 5) or not len(kept):
        return None
    above, same = kept.T
    return interval(above.tolist()), interval(same.tolist()), interval((above - same).tolist())


def _course(members: Members, told: Told) -> Course:
    levels = range(1, told.whys.shape[1])
    decided = told.whys.sum(axis=(1, 2))
    return Course(
        shares={
            tasks: {level: float((told.levels[:, place] == level).mean()) for level in levels}
            for place, tasks in enumerate(members.checkpoints)
        },
        whys={
            level: {
                why: interval((told.whys[:, level, number] / decided).tolist())
                for number, why in enumerate(WHYS)
            }
            for level in levels
        },
        moved={
            level: {
                why: float((told.moved[:, level, number] / decided).mean()) for number, why in enumerate(WHYS)
            }
            for level in levels
        },
        stages={
            name: float((told.stages[:, number] / told.stages.sum(axis=1)).mean())
            for number, name in enumerate(STAGE_NAMES)
        },
        reviews={
            tasks: float(told.counts[:, place].mean()) for place, tasks in enumerate(members.checkpoints)
        },
    )


def _ring_row(
    assumes: str,
    members: Members,
    ways: Ways,
    seeds: tuple[int, ...],
    *,
    leaves: bool,
    is_checked: bool = False,
) -> RingRow:
    colluding = replace(members, collude=True, leave_other_reviews=leaves)
    without = _played(replace(members, collude=False), ways, seeds)
    told = _played(colluding, ways, seeds)
    differs = (told.levels - without.levels).astype(float)
    gains = {
        tasks: interval(
            [float(run[place][ring].mean()) for run, ring in zip(differs, told.ring, strict=True)]
        )
        for place, tasks in enumerate(members.checkpoints)
    }
    last = [run[-1][ring] for run, ring in zip(differs, told.ring, strict=True)]
    ends = [run[-1][ring] for run, ring in zip(told.levels, told.ring, strict=True)]
    return RingRow(
        assumes,
        leaves,
        colluding,
        ways,
        is_checked,
        gains,
        beyond=interval([float((run > MOST_GAINED).mean()) for run in last]),
        most=int(max(run.max() for run in last)),
        level=interval([float(run.mean()) for run in ends]),
    )


def _said(one: Interval) -> str:
    return f"{one.mean:.2f} [{one.low:.2f}, {one.high:.2f}]".replace("-", "−")


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain values, for a program."""
    return {
        "members": asdict(report.members),
        "seeds": list(report.seeds),
        "least_lead": LEAST_LEAD,
        "most_gained": MOST_GAINED,
        "orders": [asdict(row) for row in report.orders],
        "course": asdict(report.course),
        "rings": [asdict(row) for row in report.rings],
        "recognised": [asdict(row) for row in report.known],
        "failed": report.failed(),
    }
