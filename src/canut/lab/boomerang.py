"""The lab's Boomerang studies, run over many seeds and compared: what ratings that come back change.

`boomerang_agents` says who rates and why, `boomerang_ratings` plays the two studies of ratings,
`boomerang_newcomers` the study of newcomers; `boomerang_tables` and `boomerang_plots` show what came out.
What is looked for is MECHANISMS 1.13; the paper gives the directions, the sizes are ours.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any

from canut.lab.boomerang_agents import Agents
from canut.lab.boomerang_newcomers import POLICIES, Welcome, run_newcomers
from canut.lab.boomerang_ratings import Arm, Measures, Side, run_study
from canut.lab.boomerang_statistics import Interval, interval
from canut.reputation.rules_cascade import Policy

SIDES: tuple[Side, ...] = ("requesters", "workers")
PUBLISHED: Mapping[str, int] = {"inflated": -1, "predicted": 1, "ranked": 1}
"""Which way each measure that the paper reports goes with Boomerang: down or up."""
STAKES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0)
MORE_WORK = 2.0


@dataclass(frozen=True, slots=True)
class Compared:
    """One measure in both arms, and the difference of treatment minus control, run by run."""

    control: Interval
    treatment: Interval
    difference: Interval

    def goes(self, direction: int) -> bool:
        """Tell whether the whole interval of the difference lies below 0 (−1), or above it (1)."""
        return self.difference.low * direction > 0 and self.difference.high * direction > 0


@dataclass(frozen=True, slots=True)
class RatingsRow:
    """One study of ratings under one set of assumptions, and by what these differ from the ones asked for."""

    side: Side
    assumes: str
    agents: Agents
    is_checked: bool
    measures: Mapping[str, Compared]


@dataclass(frozen=True, slots=True)
class NewcomersRow:
    """Newcomers under one policy: control without the reserved places, treatment with them."""

    policy: Policy
    work: str
    agents: Agents
    measures: Mapping[str, Compared]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that `canut lab boomerang` found."""

    agents: Agents
    seeds: Sequence[int]
    ratings: Sequence[RatingsRow]
    stakes: Sequence[RatingsRow]
    newcomers: Sequence[NewcomersRow]

    def failed(self) -> list[tuple[RatingsRow, str]]:
        """Return what was to be shown and was not: the row and the name of each such measure."""
        return [
            (row, name)
            for row in self.ratings
            for name, direction in PUBLISHED.items()
            if row.is_checked and not row.measures[name].goes(direction)
        ]


def run_boomerang(
    agents: Agents, *, seeds: Sequence[int], say: Callable[[str], None], brief: bool = False
) -> Report:
    """Run all studies over these seeds; `say` is told what is being run.

    The rows that are checked have the assumptions asked for, without colluders and with theirs; `brief`
    runs no others.

    Raises:
        ValueError: there are fewer seeds than an interval needs.
    """
    ratings: list[RatingsRow] = []
    stakes: list[RatingsRow] = []
    for side in SIDES:
        say(f"{side.capitalize()} rate.")
        for assumes, changed, is_checked in _rows(agents, side):
            if is_checked or not brief:
                ratings.append(_ratings_row(side, assumes, changed, seeds, is_checked=is_checked))
        if brief:
            continue
        say(f"{side.capitalize()} rate, with other stakes.")
        for times in STAKES:
            changed = replace(agents, stake=agents.stake * times, colluders=0)
            stakes.append(_ratings_row(side, f"stake × {times:g}", changed, seeds))
    newcomers: list[NewcomersRow] = []
    if brief:
        return Report(agents, seeds, ratings, stakes, newcomers)
    more = replace(agents, projects_a_beat=min(1.0, agents.projects_a_beat * MORE_WORK))
    for work, changed in (("work is scarce", agents), ("twice as much work", more)):
        say(f"Newcomers, {work}.")
        newcomers += [_newcomers_row(policy, work, changed, seeds) for policy in POLICIES]
    return Report(agents, seeds, ratings, stakes, newcomers)


def _rows(agents: Agents, side: Side) -> list[tuple[str, Agents, bool]]:
    """Return what a study is run with: the assumptions asked for, then others, which are not checked."""
    alone = replace(agents, colluders=0.0)
    rows = [("as assumed, no colluders", alone, True)]
    if agents.colluders:
        rows.append((f"as assumed, {agents.colluders * 100:.0f} % colluders", agents, True))
    changes: dict[str, dict[str, Any]] = {
        "only honest raters": {"strategic": 0.0, "honest": 1.0},
        "only careless raters": {"strategic": 0.0, "honest": 0.0},
        "only strategic raters": {"strategic": 1.0, "honest": 0.0},
        "a third of each": {"strategic": 1 / 3, "honest": 1 / 3},
        "nobody weighs what comes back": {"stake": 0.0},
        "rating low costs nothing": {"pressure": 0.0},
        "saying untruth costs nothing": {"candour": 0.0},
        "the last round is known": {"know_the_last_round": True},
        "three times as many rated": {
            "workers": agents.workers * 3,
            "requesters": agents.requesters * 3,
        },
    }
    if side == "requesters":
        changes["the platform counts where not rated"] = {"platform_counts": True}
    rows += [(assumes, replace(alone, **change), False) for assumes, change in changes.items()]
    if side == "requesters" and agents.colluders:
        both = replace(agents, platform_counts=True)
        rows.append((f"the same, {agents.colluders * 100:.0f} % colluders", both, False))
    return rows


def _ratings_row(
    side: Side, assumes: str, agents: Agents, seeds: Sequence[int], *, is_checked: bool = False
) -> RatingsRow:
    control = _measured(side, "control", _without_effect_on_control(agents), tuple(seeds))
    treatment = _measured(side, "treatment", agents, tuple(seeds))
    return RatingsRow(side, assumes, agents, is_checked, _compared(control, treatment, Measures))


def _without_effect_on_control(agents: Agents) -> Agents:
    """Return the agents without what cannot move the control, where nothing comes back; runs are shared."""
    return replace(agents, stake=0.0, know_the_last_round=False, platform_counts=False)


@lru_cache(maxsize=256)
def _measured(side: Side, arm: Arm, agents: Agents, seeds: tuple[int, ...]) -> tuple[Measures, ...]:
    return tuple(run_study(side, arm, agents, seed=seed) for seed in seeds)


def _newcomers_row(policy: Policy, work: str, agents: Agents, seeds: Sequence[int]) -> NewcomersRow:
    control = [run_newcomers(policy, "not reserved", agents, seed=seed) for seed in seeds]
    treatment = [run_newcomers(policy, "reserved", agents, seed=seed) for seed in seeds]
    return NewcomersRow(policy, work, agents, _compared(control, treatment, Welcome))


def _compared(control: Sequence[Any], treatment: Sequence[Any], shape: type) -> dict[str, Compared]:
    """Return each measure's means in both arms and the interval of its differences, run by run."""
    found = {}
    for field in fields(shape):
        before = [getattr(run, field.name) for run in control]
        after = [getattr(run, field.name) for run in treatment]
        differences = [there - here for here, there in zip(before, after, strict=True)]
        found[field.name] = Compared(interval(before), interval(after), interval(differences))
    return found


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain values, for a program."""

    def measures(found: Mapping[str, Compared]) -> dict[str, Any]:
        return {name: asdict(compared) for name, compared in found.items()}

    def ratings(row: RatingsRow) -> dict[str, Any]:
        return {
            "raters": row.side,
            "assumes": row.assumes,
            "agents": asdict(row.agents),
            "checked": row.is_checked,
            "measures": measures(row.measures),
        }

    return {
        "agents": asdict(report.agents),
        "seeds": list(report.seeds),
        "published_directions": dict(PUBLISHED),
        "ratings": [ratings(row) for row in report.ratings],
        "stakes": [ratings(row) for row in report.stakes],
        "newcomers": [
            {
                "policy": row.policy,
                "work": row.work,
                "agents": asdict(row.agents),
                "measures": measures(row.measures),
            }
            for row in report.newcomers
        ],
        "failed": [
            {"raters": row.side, "assumes": row.assumes, "measure": name} for row, name in report.failed()
        ],
    }
