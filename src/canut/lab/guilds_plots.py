"""Pictures of the lab's study of guilds, as PNG and SVG. The tables beside them say the same in figures.

matplotlib is loaded only where something is drawn. Lines differ by mark as well as by colour.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canut.lab.boomerang_statistics import Interval
from canut.lab.guilds import CHECKED_TASKS, LEAST_LEAD, MOST_GAINED, SIGNALS, Report, leaving
from canut.lab.guilds_tables import NAMES
from canut.lab.pictures import write_pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STYLES = {
    "level": ("#00429d", "s", "-"),
    "score": ("#93003a", "o", "-"),
    "score_from_level": ("#4c7a00", "D", "--"),
    "acceptance": ("#9a4a00", "^", ":"),
}
FILLS = (("#d0d7e5", ""), ("#8fa8d0", "//"), ("#4c72b0", ".."), ("#1d3a6e", "xx"))
RINGS = ((False, "#00429d", "o", -0.15), (True, "#93003a", "D", 0.15))


def draw(report: Report, folder: Path) -> list[Path]:
    """Write every picture of a report into a folder that is there, and return the files."""
    return write_pictures(_figures(report), folder)


def _figures(report: Report) -> Iterator[tuple[str, str, "Figure"]]:
    runs = f"means of {len(report.seeds)} runs, bars: 95 % intervals"
    yield "order", f"How well members are ordered by skill ({runs})", _order(report)
    yield "levels", "Where members stand, where nobody colludes", _levels(report)
    yield "rings", f"What a ring of {report.members.ring} gains by colluding ({runs})", _rings(report)
    if report.known:
        title = f"What a ring gains by how much of its work it knows ({runs})"
        yield "blindness", title, _known(report)


def _order(report: Report) -> "Figure":
    row = report.orders[0]
    tasks = list(row.correlations)
    figure = _figure(9, 5.2)
    axes = figure.subplots()
    for name in SIGNALS:
        colour, mark, line = STYLES[name]
        found = [row.correlations[many][name] for many in tasks]
        _bars(axes, range(len(tasks)), found, colour, mark, line, NAMES[name])
    checked = row.correlations[CHECKED_TASKS]
    low, high = checked["acceptance"].mean, checked["score"].mean
    place = tasks.index(CHECKED_TASKS)
    axes.annotate(
        f" score leads by\n {row.leads[CHECKED_TASKS].mean:.2f}; at least\n {LEAST_LEAD:g} is checked",
        (place, (low + high) / 2),
        fontsize=10,
        va="center",
    )
    axes.set_xticks(range(len(tasks)), [f"{many:,}" for many in tasks])
    axes.set_xlabel("tasks done")
    axes.set_ylabel("rank correlation with true skill (Spearman)")
    axes.set_ylim(-0.02, 1.02)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _levels(report: Report) -> "Figure":
    shares = report.course.shares
    figure = _figure(9, 4.6)
    axes = figure.subplots()
    levels = list(next(iter(shares.values())))
    below = [0.0] * len(shares)
    for level, (colour, hatch) in zip(levels, FILLS, strict=True):
        tall = [100 * shares[many][level] for many in shares]
        axes.bar(
            [f"{many:,}" for many in shares],
            tall,
            bottom=below,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            label=f"level {level}",
        )
        below = [under + more for under, more in zip(below, tall, strict=True)]
    axes.set_xlabel("tasks done")
    axes.set_ylabel("members (%)")
    figure.legend(loc="outside lower center", ncols=len(levels), frameon=False)
    return figure


def _rings(report: Report) -> "Figure":
    rows = [row for row in report.rings if row.members.ring == report.members.ring]
    names = list(dict.fromkeys(row.assumes for row in rows))
    figure = _figure(10, 2.0 + 0.75 * len(names))
    axes = figure.subplots()
    for leaves, colour, mark, shift in RINGS:
        these = [row for row in rows if row.leaves == leaves]
        axes.errorbar(
            [row.last.mean for row in these],
            [names.index(row.assumes) + shift for row in these],
            xerr=[_half(row.last) for row in these],
            fmt=mark,
            color=colour,
            capsize=4,
            markersize=7,
            label=f"a ring that {leaving(these[0])}",
        )
    axes.axvline(MOST_GAINED, color="black", linewidth=1, linestyle="--")
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(f"levels gained after {max(rows[0].gains):,} tasks (dashed: at most one is checked)")
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def _known(report: Report) -> "Figure":
    figure = _figure(9, 4.4)
    axes = figure.subplots()
    places = [100 * row.members.recognised for row in report.known]
    _bars(axes, places, [row.last for row in report.known], "#93003a", "D", "-", "gain")
    axes.axhline(MOST_GAINED, color="black", linewidth=1, linestyle="--")
    axes.set_ylim(bottom=min(0.0, *(row.last.low for row in report.known)))
    axes.set_xlabel("work of friends that friends know for theirs, though reviews are blind (%)")
    axes.set_ylabel("levels gained")
    return figure


def _bars(
    axes: "Axes",
    places: Sequence[float],
    found: Sequence[Interval],
    colour: str,
    mark: str,
    line: str,
    label: str,
) -> None:
    axes.errorbar(
        places,
        [one.mean for one in found],
        yerr=[_half(one) for one in found],
        marker=mark,
        linestyle=line,
        color=colour,
        capsize=4,
        markersize=7,
        label=label,
    )


def _half(one: Interval) -> float:
    return (one.high - one.low) / 2


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")
