"""Pictures of the lab's Boomerang studies, as PNG and SVG. The tables beside them say the same in figures.

matplotlib is loaded only where something is drawn. Arms differ by mark as well as by colour.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from canut.lab.boomerang import PUBLISHED, SIDES, STAKES, Compared, Report
from canut.lab.boomerang_newcomers import POLICIES
from canut.lab.boomerang_tables import MEASURES, difference
from canut.lab.pictures import write_pictures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WITHOUT, WITH = "#9a4a00", "#00429d"
LABELS = {
    "inflated": "✓+ among ratings\nof weak work (%)",
    "predicted": "private choices\nforetold (%)",
    "ranked": "rank correlation with\ntrue quality (Spearman)",
    "waited": "beats to the first task",
    "work": "share of all work\ndone by newcomers (%)",
}
IN_PERCENT = {"inflated", "predicted", "work"}
TITLES = {"requesters": "Requesters rate workers", "workers": "Workers rate requesters"}


def draw(report: Report, folder: Path) -> list[Path]:
    """Write every picture of a report into a folder that is there, and return the files."""
    return write_pictures(_figures(report), folder)


def _figures(report: Report) -> Iterator[tuple[str, str, "Figure"]]:
    runs = f"means of {len(report.seeds)} runs, bars: 95 % intervals"
    for side in SIDES:
        yield side, f"{TITLES[side]}, with Boomerang and without ({runs})", _arms(report, side)
    if not report.stakes:
        return
    title = f"With minus without Boomerang, by how much raters care what comes back ({runs})"
    yield "stakes", title, _stakes(report)
    title = f"Newcomers, with every tenth place reserved and without ({runs})"
    yield "newcomers", title, _newcomers(report)


def _arms(report: Report, side: str) -> "Figure":
    """Draw both arms of one study: a panel a measure, a line for each share of colluders."""
    rows = [row for row in report.ratings if row.side == side and row.is_checked]
    figure = _figure(12, 2.0 + 1.1 * len(rows))
    panels: Sequence[Axes] = figure.subplots(1, len(PUBLISHED), sharey=True)
    for axes, name in zip(panels, PUBLISHED, strict=True):
        found = [row.measures[name] for row in rows]
        _both(axes, found, name)
        for place, one in enumerate(found):
            said = f"with − without: {difference(one, MEASURES[name][1])}"
            axes.annotate(
                said, (0.5, place + 0.4), xycoords=("axes fraction", "data"), ha="center", fontsize=10
            )
        axes.set_yticks(range(len(rows)), [row.assumes.replace(", ", ",\n") for row in rows])
    _finish(figure, panels, len(rows), ("without Boomerang", "with Boomerang"))
    return figure


def _newcomers(report: Report) -> "Figure":
    works = list(dict.fromkeys(row.work for row in report.newcomers))
    figure = _figure(11, 2.2 + 2.2 * len(works))
    grid = figure.subplots(len(works), 2, sharey=True, squeeze=False)
    for line, work in zip(grid, works, strict=True):
        rows = [row for row in report.newcomers if row.work == work]
        for axes, name in zip(line, ("waited", "work"), strict=True):
            _both(axes, [row.measures[name] for row in rows], name)
            axes.set_yticks(range(len(POLICIES)), POLICIES)
            axes.set_title(work)
            axes.set_xlim(left=0)
    _finish(figure, grid.ravel().tolist(), len(POLICIES), ("without reserved places", "with reserved places"))
    return figure


def _both(axes: "Axes", found: Sequence[Compared], name: str) -> None:
    """Draw a measure in both arms, a line each, the control a little above the treatment."""
    scale = 100 if name in IN_PERCENT else 1
    for arm, colour, mark, shift in (("control", WITHOUT, "o", -0.13), ("treatment", WITH, "D", 0.13)):
        means = [getattr(one, arm) for one in found]
        axes.errorbar(
            [one.mean * scale for one in means],
            [place + shift for place in range(len(found))],
            xerr=[(one.high - one.low) / 2 * scale for one in means],
            fmt=mark,
            color=colour,
            capsize=4,
            markersize=7,
            label=arm,
        )
    axes.set_xlabel(LABELS[name])


def _stakes(report: Report) -> "Figure":
    """Draw each difference by the stake: a line a study, a column a measure, and where nothing changes."""
    figure = _figure(11, 6.4)
    grid = figure.subplots(len(SIDES), len(PUBLISHED), sharex=True, sharey="col")
    for line, side in zip(grid, SIDES, strict=True):
        rows = [row for row in report.stakes if row.side == side]
        for axes, name in zip(line, PUBLISHED, strict=True):
            scale = 100 if name in IN_PERCENT else 1
            found = [row.measures[name].difference for row in rows]
            axes.axhline(0, color="black", linewidth=1)
            axes.errorbar(
                range(len(found)),
                [one.mean * scale for one in found],
                yerr=[(one.high - one.low) / 2 * scale for one in found],
                fmt="D-",
                color=WITH,
                capsize=4,
            )
            axes.set_xticks(range(len(STAKES)), [f"{times:g}" for times in STAKES])
            axes.set_title(TITLES[side], fontsize=11)
            axes.set_ylabel(f"difference: {LABELS[name].replace('(%)', '(points)')}", fontsize=10)
    figure.align_ylabels()
    for axes in grid[-1]:
        axes.set_xlabel("stake, times the one assumed")
    return figure


def _figure(width: float, height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _finish(figure: "Figure", panels: Sequence["Axes"], lines: int, labels: tuple[str, str]) -> None:
    """Put the first line on top and name the marks once, under the panels."""
    panels[0].set_ylim(lines - 0.4, -0.5)
    handles, _arms = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2, frameon=False)
