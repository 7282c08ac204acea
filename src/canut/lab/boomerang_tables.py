"""What the lab's Boomerang studies found, as text that reads without the pictures."""

from collections.abc import Sequence
from textwrap import fill

from canut.lab.boomerang import PUBLISHED, Compared, NewcomersRow, RatingsRow, Report
from canut.lab.boomerang_agents import Agents

WIDTH = 108
ASSUMED = """
Who rates: {strategic} strategic, {honest} honest, {careless} careless (of these {always_best} always ✓+, the
others by dice). Where there are colluders, they take their share of all {raters} raters and give ✓+ to a
ring, {ring} of the rated, from the weaker half, and ✓− to everybody else.

Why: an inflated rating costs its rater, who gets that worker, or that requester's tasks, first next time. A
strategic rater weighs this against what rating low costs among people and what it costs to say other than
they think. The mean weights: stake {stake:g} (one piece of work better by one spread of quality), pressure
{pressure:g} (✓− in place of ✓+), candour {candour:g} (✓+ for what they think is ✓−). Each rater draws their
own. What a rating brings back is reckoned from how the next round is drawn, so without Boomerang it is
nothing. Honest, careless and colluding raters go by the same in both arms.

That raters weigh their own consequence is an assumption. The paper found in the field which way it goes, and
only that is checked here; how large it is depends on the weights, as the rows with other assumptions show.
The rules are the site's own, with the values that a new charter begins with.
"""
READING = """
Means of {runs} runs (seeds {first} to {last}). In brackets the 95 % interval, by Student's t, of with minus
without in the same run. Weak is the truly weakest third. The correlation is Spearman's, of what each rater's
ratings come to with true quality, 0 for who rates all alike.
"""
NEWCOMERS = """
{crowd} known workers; a newcomer every {every:g} beats on average; {places:g} places published a beat, for
about {online:.0f} known workers online. A wait that is not over after {longest} beats counts as that.
"""
SIDES = {"requesters": "Requesters rate workers", "workers": "Workers rate requesters"}
WITH = {
    "requesters": "With Boomerang the work of rounds two and three is drawn 3 : 2 : 1 by the rater's own "
    "ratings, without it evenly; the first round is even.",
    "workers": "With Boomerang the feed of rounds two and three is ordered by requester score, then newest, "
    "without it by newest; the first round is by newest.",
}
SHORT = {"inflated": "✓+ to weak, points", "predicted": "choices, points", "ranked": "rank correlation"}
MEASURES = {
    "inflated": ("✓+ among ratings of weak work", "%"),
    "predicted": ("private choices foretold", "%"),
    "ranked": ("rank correlation with true quality", ""),
    "wasted": ("weak work among all given ✓+", "%"),
    "gained": ("quality of what came next", ""),
}
WELCOME = {
    "waited": ("beats to the first task", "beats"),
    "served": ("newcomers with a task", "%"),
    "work": ("share of all work done by newcomers", "%"),
    "quality": ("quality of all work", ""),
}


def as_text(report: Report) -> str:
    """Return the whole report: what is assumed, the tables, and what they show or fail to show."""
    lines = ["Boomerang: ratings that come back to those who give them", ""]
    lines += [*_paragraphs(assumptions(report.agents)), ""]
    lines += _paragraphs(READING.format(runs=len(report.seeds), first=report.seeds[0], last=report.seeds[-1]))
    for side in SIDES:
        lines += ["", *_ratings_table(side, [row for row in report.ratings if row.side == side])]
        if report.stakes:
            lines += ["", *_short_table(side, report)]
    for work in dict.fromkeys(row.work for row in report.newcomers):
        lines += ["", *_newcomers_table(work, [row for row in report.newcomers if row.work == work])]
    lines += ["", *verdict(report)]
    return "\n".join(lines) + "\n"


def assumptions(agents: Agents) -> str:
    """Return in paragraphs what the agents are like, with the numbers in use."""
    return ASSUMED.format(
        strategic=_share(agents.strategic),
        honest=_share(agents.honest),
        careless=_share(1 - agents.strategic - agents.honest),
        always_best=_share(agents.careless_always_best),
        raters=agents.raters,
        ring=_share(agents.ring),
        stake=agents.stake,
        pressure=agents.pressure,
        candour=agents.candour,
    )


def _paragraphs(text: str) -> list[str]:
    """Return paragraphs as lines of one width, an empty one between two."""
    return "\n\n".join(fill(part, WIDTH) for part in text.strip().split("\n\n")).splitlines()


def _ratings_table(side: str, rows: Sequence[RatingsRow]) -> list[str]:
    lines = [_heading(SIDES[side]), *_paragraphs(WITH[side])]
    for row in rows:
        if row.is_checked:
            lines += [f"{row.assumes:<44}{'without':>10}{'with':>10}   difference"]
            for name, (label, unit) in MEASURES.items():
                found = row.measures[name]
                before, after = (_figure(one.mean, unit) for one in (found.control, found.treatment))
                lines += [
                    f"  {label:<42}{before:>10}{after:>10}   {difference(found, unit)}{_said(row, name)}"
                ]
    return lines


def _short_table(side: str, report: Report) -> list[str]:
    """Return the differences under other assumptions, a line each; nothing in it is checked."""
    heads = "".join(f"{SHORT[name]:<23}" for name in PUBLISHED).rstrip()
    lines = [f"{'other assumptions (none is checked)':<38}{heads}"]
    for row in [*report.ratings, *report.stakes]:
        if row.side == side and not row.is_checked:
            cells = [difference(row.measures[name], MEASURES[name][1]) for name in PUBLISHED]
            marks = [
                ""
                if row.measures[name].goes(way)
                else "·"
                if row.measures[name].difference.holds_zero
                else "!"
                for name, way in PUBLISHED.items()
            ]
            lines.append(
                f"  {row.assumes:<36}"
                + "".join(f"{f'{cell} {mark}':<23}" for cell, mark in zip(cells, marks, strict=True)).rstrip()
            )
    return [*lines, "  · the interval holds 0   ! the other way than published"]


def _newcomers_table(work: str, rows: Sequence[NewcomersRow]) -> list[str]:
    agents = rows[0].agents
    lines = [
        _heading(f"Newcomers, {work}: with every tenth place reserved, and without"),
        *_paragraphs(
            NEWCOMERS.format(
                crowd=agents.crowd,
                every=1 / agents.newcomers_a_beat,
                places=agents.projects_a_beat * agents.places,
                online=_online(agents),
                longest=agents.beats // 2,
            )
        ),
        f"{'policy, measure':<44}{'without':>10}{'with':>10}   difference",
    ]
    for row in rows:
        lines.append(row.policy)
        for name, (label, unit) in WELCOME.items():
            found = row.measures[name]
            before, after = (_figure(one.mean, unit) for one in (found.control, found.treatment))
            lines.append(f"  {label:<42}{before:>10}{after:>10}   {difference(found, unit)}")
    return lines


def verdict(report: Report) -> list[str]:
    """Return in sentences whether every interval that is checked lies where the paper says."""
    checked = sum(len(PUBLISHED) for row in report.ratings if row.is_checked)
    failed = report.failed()
    if not failed:
        return [f"All {checked} checked intervals exclude 0 and lie in the published direction."]
    lines = [f"{len(failed)} of {checked} checked intervals do not show the published direction:"]
    for row, name in failed:
        found = row.measures[name]
        label, unit = MEASURES[name]
        lines.append(f"  {row.side}, {row.assumes}: {label} {difference(found, unit)}")
    return lines


def _heading(text: str) -> str:
    return f"{text}\n{'-' * len(text)}"


def _said(row: RatingsRow, name: str) -> str:
    if name not in PUBLISHED:
        return ""
    return "   as published" if row.measures[name].goes(PUBLISHED[name]) else "   NOT SHOWN"


def _figure(value: float, unit: str) -> str:
    if unit == "%":
        return f"{value * 100:.1f} %"
    return f"{value:.{1 if unit == 'beats' else 3}f}".replace("-", "−")


def difference(found: Compared, unit: str) -> str:
    """Return a difference with its interval: points for shares, else in the measure's unit."""
    one = found.difference
    scale, digits = (100, 1) if unit == "%" else (1, 1 if unit == "beats" else 3)
    mean, low, high = (_signed(value * scale, digits) for value in (one.mean, one.low, one.high))
    return f"{mean} [{low}, {high}]"


def _share(share: float) -> str:
    return f"{share * 100:.0f} %"


def _signed(value: float, digits: int) -> str:
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text[1:]  # nothing has no sign


def _online(agents: Agents) -> float:
    leaves = 1 - agents.stays_online
    return agents.crowd * agents.comes_online / (agents.comes_online + leaves)
