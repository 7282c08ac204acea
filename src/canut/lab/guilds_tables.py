"""What the lab's study of guilds found, as text that reads without the pictures."""

from collections.abc import Sequence
from textwrap import fill

from canut.lab.boomerang_statistics import Interval
from canut.lab.guilds import (
    CHECKED_TASKS,
    LEAST_LEAD,
    MOST_GAINED,
    SIGNALS,
    OrderRow,
    Report,
    RingRow,
    leaving,
)
from canut.lab.guilds_people import Members
from canut.lab.guilds_played import WHYS

WIDTH = 108
ASSUMED = """
{members} members, all at level 1 in the beginning, do {tasks} tasks each, {tasks_a_day} a day. Skill is
drawn from a normal distribution, and its spread is the unit. A level is one unit wide, and level 2 begins
with the average member. Single pieces of work are spread by {work_spread:g} around their maker's skill.

Careful reviewers say what they see, with an error of spread {eye_spread:g}, less for the better ones (times
e^−{eye_falls:g} for each unit of skill); each is also too kind or too harsh for good (spread
{bias_spread:g}). Lazy ones, {lazy}, do not look. Reviews of reviews judge the reviewer's skill, less
{miss:g} for each step that the verdict was off. Somebody comes by every {comes_by_hours:g} hours on average,
and who has done {reviews_a_day} reviews in a day leaves the next to others for a day.

Requesters accept nearly everything: {requesters} of what they see, the worst of it. A member does
{tasks_for_one} tasks in a row for one of them.

A ring of {ring} friends from the weaker half gives 4 to its own work wherever it knows it, which is
{recognised} of the time where reviews are blind, and always where they are not. It looks out for such work
every {watches_minutes:.0f} minutes.

All this is assumed, in round numbers. Which item is drawn, who may review it, whom it is offered to and what
reviews do to a level are the site's own rules, with the values that a new charter begins with.
"""
READING = """
Means of {runs} runs (seeds {first} to {last}), in brackets 95 % intervals by Student's t. Correlations are
Spearman's, with true skill; 0 where all members have the same.
"""
NAMES = {
    "level": "level",
    "score": "mean review score",
    "score_from_level": "score from the item's level",
    "acceptance": "acceptance rate",
}
WHY_NAMES = {"rise_two": "> 3.9", "rise_one": "> 3.0", "stay": "between", "fall": "< 1.1"}


def as_text(report: Report) -> str:
    """Return the whole report: what is assumed, the tables, and what they show or fail to show."""
    lines = ["Guilds: do levels and reviews tell skill, and what does a ring gain?", ""]
    lines += [*_paragraphs(assumptions(report.members)), ""]
    lines += _paragraphs(READING.format(runs=len(report.seeds), first=report.seeds[0], last=report.seeds[-1]))
    lines += ["", *_order_table(report.orders[0]), "", *_levels_table(report), "", *_whys_table(report)]
    lines += ["", *_reviewers(report)]
    if len(report.orders) > 1:
        lines += ["", *_others_table(report.orders)]
    lines += ["", *_rings_table(report.rings)]
    if report.known:
        lines += ["", *_known_table(report)]
    return "\n".join([*lines, "", *verdict(report)]) + "\n"


def assumptions(members: Members) -> str:
    """Return in paragraphs what the members are like, with the numbers in use."""
    whole = sum(share for share, _rejected in members.requesters)
    return ASSUMED.format(
        **{
            name: getattr(members, name)
            for name in Members.__dataclass_fields__
            if name not in ("lazy", "recognised", "requesters")
        },
        lazy=_percent(members.lazy, 0),
        recognised=_percent(members.recognised, 0),
        watches_minutes=60 * members.watches_hours,
        requesters=", ".join(
            f"{_percent(share / whole, 0)} of them reject {100 * rejected:g} %"
            for share, rejected in members.requesters
        ),
    )


def verdict(report: Report) -> list[str]:
    """Return in sentences whether what is checked was shown."""
    failed = report.failed()
    if failed:
        return ["NOT SHOWN:", *(f"  {sentence}" for sentence in failed)]
    lead = report.orders[0].leads[CHECKED_TASKS]
    lines = [
        f"At {CHECKED_TASKS} tasks the mean score leads the acceptance rate by {said(lead)}, "
        f"at least {LEAST_LEAD:g}."
    ]
    lines += [
        f"A ring of {row.members.ring} that {leaving(row)} gains {said(row.last, 2)} levels, "
        f"at most {MOST_GAINED:g}."
        for row in report.rings
        if row.is_checked
    ]
    return lines


def said(one: Interval, digits: int = 3) -> str:
    """Return a mean with its interval."""
    return f"{_figure(one.mean, digits)} [{_figure(one.low, digits)}, {_figure(one.high, digits)}]"


def _order_table(row: OrderRow) -> list[str]:
    tasks = list(row.correlations)
    lines = [
        *_heading("Who is better? Rank correlation with true skill, by number of tasks"),
        f"{'':<28}" + "".join(f"{many:>16,}" for many in tasks),
    ]
    for name in SIGNALS:
        cells = [_short(row.correlations[many][name]) for many in tasks]
        lines.append(f"{NAMES[name]:<28}" + "".join(f"{cell:>16}" for cell in cells))
    cells = [_short(row.leads[many]) for many in tasks]
    return [*lines, f"{'score minus acceptance':<28}" + "".join(f"{cell:>16}" for cell in cells)]


def _levels_table(report: Report) -> list[str]:
    course = report.course
    lines = [
        *_heading("Where members stand"),
        f"{'':<28}" + "".join(f"{many:>16,}" for many in course.shares),
    ]
    for level in next(iter(course.shares.values())):
        cells = [_percent(shares[level]) for shares in course.shares.values()]
        lines.append(f"{f'level {level}':<28}" + "".join(f"{cell:>16}" for cell in cells))
    cells = [f"{many:.1f}" for many in course.reviews.values()]
    return [*lines, f"{'reviews a member has':<28}" + "".join(f"{cell:>16}" for cell in cells)]


def _whys_table(report: Report) -> list[str]:
    lines = [
        *_heading("How often each threshold fires, of all decisions"),
        f"{'level before':<16}" + "".join(f"{WHY_NAMES[why]:>23}" for why in WHYS),
    ]
    for level, whys in report.course.whys.items():
        cells = [_percents(whys[why]) for why in WHYS]
        lines.append(f"{level:<16}" + "".join(f"{cell:>23}" for cell in cells))
    moved = sum(share for whys in report.course.moved.values() for share in whys.values())
    return [*lines, f"{_percent(moved, 2)} of all decisions move a level."]


def _reviewers(report: Report) -> list[str]:
    stages = report.course.stages
    lines = [*_heading("Who reviews, and how right they are")]
    lines.append("Taken by: " + ", ".join(f"{name} {_percent(share, 2)}" for name, share in stages.items()))
    lines.append(f"{'on the same work':<34}{'one level up':>16}{'same level':>16}   difference")
    for row in report.orders[:2]:  # as assumed, and where being better does not help to see
        if row.right is None or row.off is None:
            lines.append(f"{row.assumes}: in too few runs were there both to compare")
            continue
        above, same, differs = row.right
        lines += [
            row.assumes,
            f"  {'verdicts that are right':<32}{_percent(above.mean):>16}{_percent(same.mean):>16}"
            f"   {_points(differs)}",
        ]
        above, same, differs = row.off
        lines.append(
            f"  {'steps that verdicts are off':<32}{_figure(above.mean):>16}{_figure(same.mean):>16}"
            f"   {said(differs)}"
        )
    return lines


def _others_table(rows: Sequence[OrderRow]) -> list[str]:
    """Return the correlations under other assumptions, a line each; only the first is checked."""
    lines = [
        *_heading(f"Other assumptions, at {CHECKED_TASKS} tasks (none is checked but the first)"),
        f"{'':<34}{'level':>8}{'score':>8}{'acceptance':>12}   score minus acceptance",
    ]
    for row in rows:
        found = row.correlations[CHECKED_TASKS]
        mark = "" if row.leads[CHECKED_TASKS].low >= LEAST_LEAD else f"   under {LEAST_LEAD:g}"
        lines.append(
            f"{row.assumes:<34}{_figure(found['level'].mean):>8}{_figure(found['score'].mean):>8}"
            f"{_figure(found['acceptance'].mean):>12}   {said(row.leads[CHECKED_TASKS])}{mark}"
        )
    return lines


def _rings_table(rows: Sequence[RingRow]) -> list[str]:
    tasks = list(rows[0].gains)[1:]
    lines = [
        *_heading("What a ring gains, in levels, by number of tasks: colluding minus not, the same people"),
        f"{'':<32}" + "".join(f"{many:>8,}" for many in tasks[:-1]) + f"{tasks[-1]:>20,}"
        f"{'beyond one':>13}{'most':>6}{'level':>7}",
    ]
    for leaves in (False, True):
        these = [row for row in rows if row.leaves == leaves]
        lines.append(f"A ring that {leaving(these[0])}")
        for row in these:
            cells = "".join(f"{_figure(row.gains[many].mean, 2):>8}" for many in tasks[:-1])
            lines.append(
                f"  {row.assumes:<30}{cells}{said(row.last, 2):>20}"
                f"{_percent(row.beyond.mean):>13}{row.most:>6}{_figure(row.level.mean, 2):>7}"
            )
    return [*lines, "beyond one: members of the ring who gain more than one level; most: by any in any run"]


def _known_table(report: Report) -> list[str]:
    lines = [
        *_heading(
            "A ring that leaves all other reviews, by how much of its work it knows where reviews are blind"
        ),
        f"{'known':<12}{'gain in levels':>22}{'beyond one':>14}",
    ]
    return [
        *lines,
        *(
            f"{row.assumes:<12}{said(row.last, 2):>22}{_percent(row.beyond.mean):>14}"
            + ("" if row.last.high <= MOST_GAINED else f"   more than {MOST_GAINED:g}")
            for row in report.known
        ),
    ]


def _heading(text: str) -> list[str]:
    return [text, "-" * len(text)]


def _paragraphs(text: str) -> list[str]:
    return "\n\n".join(fill(part, WIDTH) for part in text.strip().split("\n\n")).splitlines()


def _figure(value: float, digits: int = 3) -> str:
    shown = f"{value:.{digits}f}"
    if not any(digit in shown for digit in "123456789"):
        shown = shown.lstrip("-")  # nothing has no sign
    return shown.replace("-", "−")


def _short(one: Interval) -> str:
    return f"{_figure(one.mean)} ±{(one.high - one.low) / 2:.3f}"


def _percent(share: float, digits: int = 1) -> str:
    return f"{share * 100:.{digits}f} %"


def _percents(one: Interval) -> str:
    return f"{one.mean * 100:.2f} % ±{(one.high - one.low) / 2 * 100:.2f}"


def _points(one: Interval) -> str:
    mean, low, high = (_figure(value * 100, 1) for value in (one.mean, one.low, one.high))
    return f"{mean} points [{low}, {high}]"
