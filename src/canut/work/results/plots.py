"""The charts of a project's results, each with the table that stands beside it.

Words come in already translated; see `drawing.Words`. Each chart says which table headings it wants,
and raises ValueError if it gets another number of them.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil, isfinite
from typing import Final

from canut.work.results.accuracy import Accuracy
from canut.work.results.drawing import (
    LINE_HEIGHT,
    WIDTH,
    Chart,
    Drawing,
    Table,
    Words,
    fitting,
    nothing_to_draw,
    round_step,
    text_width,
    ticks,
)

_TOP: Final = 1.6 * LINE_HEIGHT  # room for the name of the upright axis
_BOTTOM: Final = 200.0
_RIGHT: Final = WIDTH - 8
_NAMES_WIDTH: Final = 165.0
_TABLE_ROWS: Final = 10
_MOST_BARS: Final = 20
_WITHIN: Final = 0.95  # of the times have bars of their own; the longest share the last bar


@dataclass(frozen=True, slots=True)
class Dot:
    """A row of a dot plot: a value with its interval, or without one."""

    rank: int
    name: str
    value: float
    low: float | None
    high: float | None


def progress_line(points: Sequence[tuple[datetime, int]], *, places: int, key: str, words: Words) -> Chart:
    """Draw how many answers were in at each moment, and a dashed line at `places`, all there can be.

    Points are (moment, answers in up to then), oldest first. Headings: the time, the answers. The
    table gives the count at ten moments, evenly spread from the first to the last.

    Raises:
        ValueError: the moments or the counts go backwards.
    """
    _want_headings(words, 2)
    for before, after in pairwise(points):
        if after[0] < before[0] or after[1] < before[1]:
            raise ValueError("answers cannot become fewer, nor moments go backwards")
    if not points:
        return nothing_to_draw(key, words)

    first, last = points[0][0], points[-1][0]
    highest = max(places, points[-1][1], 1)
    drawing = Drawing(height=_BOTTOM + 1.5 * LINE_HEIGHT)
    left = _upright_axis(drawing, highest, words.headings[1], words)
    level = _scale((0, highest), (_BOTTOM, _TOP))
    across = _scale((0, (last - first).total_seconds() or 1), (left, _RIGHT))

    if places:
        drawing.line(left, level(places), _RIGHT, level(places), look="chart-goal")
    steps = [(across((moment - first).total_seconds()), level(answers)) for moment, answers in points]
    seen = {round(x): (x, y) for x, y in steps}  # of several in one pixel the last
    drawing.path([(left, level(points[0][1])), *seen.values()], look="chart-line")
    if first == last:
        drawing.dot(left, level(points[-1][1]))
    drawing.text(left, _BOTTOM + LINE_HEIGHT, words.moment(first))
    if last > first:
        drawing.text(_RIGHT, _BOTTOM + LINE_HEIGHT, words.moment(last), anchor="end")

    gaps = _TABLE_ROWS - 1 if last > first else 0
    shown = [first + (last - first) * (gap / gaps) for gap in range(gaps)] + [last]
    moments = [moment for moment, _ in points]
    in_by_then = [points[bisect_right(moments, moment) - 1][1] for moment in shown]
    rows = [
        (words.moment(moment), words.number(count)) for moment, count in zip(shown, in_by_then, strict=True)
    ]
    return Chart(drawing.finished(key, words), Table(words.headings, tuple(rows)))


def time_histogram(seconds: Sequence[float], *, key: str, words: Words) -> Chart:
    """Draw how many answers took how long, in bars of a round number of whole seconds.

    The longest twentieth may share the last bar, so that somebody who went for lunch does not
    squeeze everybody else into the first. Headings: the seconds, the answers.

    Raises:
        ValueError: a time is negative or not finite.
    """
    _want_headings(words, 2)
    if not all(isfinite(time) and time >= 0 for time in seconds):
        raise ValueError("a time is negative or not finite")
    if not seconds:
        return nothing_to_draw(key, words)

    in_order = sorted(seconds)
    usual = in_order[ceil(_WITHIN * len(in_order)) - 1]
    width = round_step(max(1.0, usual / (_MOST_BARS - 1)))
    usual_bars = int(usual // width) + 1
    counts = [0] * usual_bars
    longer = 0
    for time in in_order:
        if time < usual_bars * width:
            counts[int(time // width)] += 1
        else:
            longer += 1
    edges = [words.number(bar * width) for bar in range(usual_bars + 1)]
    names = [f"{low}–{high}" for low, high in pairwise(edges)]
    if longer:
        edges[-1] = f"≥ {edges[-1]}"
        names.append(edges[-1])
        counts.append(longer)
    return _upright_bars(names, counts, edges, key=key, words=words)


def agreement_bars(shares: Sequence[float], *, key: str, words: Words) -> Chart:
    """Draw in how many tasks the commonest label had which share of the answers.

    Shares run from 0 to 1 in steps of a tenth, each without its upper end; unanimous tasks have a
    bar of their own. Bars start at the lowest share there is. Leave out tasks without answers.
    Headings: the share, the tasks.

    Raises:
        ValueError: a share is not between 0 and 1.
    """
    _want_headings(words, 2)
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError("a share is not between 0 and 1")
    if not shares:
        return nothing_to_draw(key, words)

    counts = [0] * 11
    for share in shares:
        counts[int(share * 10)] += 1
    lowest = next(bar for bar, count in enumerate(counts) if count)
    edges = [words.share(bar / 10) for bar in range(lowest, 11)]
    names = [f"{low}–{high}" for low, high in pairwise(edges)] + edges[-1:]
    return _upright_bars(names, counts[lowest:], edges, key=key, words=words)


def dot_plot(
    dots: Sequence[Dot], *, key: str, words: Words, middle: float | None = None, as_shares: bool = False
) -> Chart:
    """Draw a ranking: a row an item in the order given, its value as a dot, its interval as a line.

    `middle` draws a dashed upright line, such as the average item's. `as_shares` writes values as
    shares of 1. Headings: the rank, the item, the value, the interval's low and high end; the value
    names the axis.

    Raises:
        ValueError: a value is not finite, or outside its interval's order (low above high).
    """
    _want_headings(words, 5)
    ends = [end for dot in dots for end in (dot.low, dot.value, dot.high) if end is not None]
    if not all(isfinite(end) for end in ends):
        raise ValueError("a value is not finite")
    if any(dot.low is not None and dot.high is not None and dot.low > dot.high for dot in dots):
        raise ValueError("an interval ends before it begins")
    if not dots:
        return nothing_to_draw(key, words)

    written = words.share if as_shares else words.number
    reach = [*ends, middle] if middle is not None else ends
    low, high = min(reach), max(reach)
    if low == high:
        low, high = low - 0.5, high + 0.5
    left = _names_width([dot.name for dot in dots])
    drawing, across = _lying_axis(len(dots), left, (low, high), words.headings[2], written)
    if middle is not None:
        drawing.line(across(middle), 0, across(middle), len(dots) * LINE_HEIGHT, look="chart-goal")
    for row, dot in enumerate(dots):
        y = (row + 0.5) * LINE_HEIGHT
        _row_name(drawing, dot.name, left, y)
        if dot.low is not None and dot.high is not None:
            drawing.line(across(dot.low), y, across(dot.high), y, look="chart-interval")
        drawing.dot(across(dot.value), y)
    rows = [
        (
            words.number(dot.rank),
            dot.name,
            written(dot.value),
            _or_dash(dot.low, written),
            _or_dash(dot.high, written),
        )
        for dot in dots
    ]
    return Chart(drawing.finished(key, words), Table(words.headings, tuple(rows)))


def accuracy_bars(methods: Sequence[tuple[str, Accuracy]], *, key: str, words: Words) -> Chart:
    """Draw the share of right labels of each method as a bar from 0 to 1, with its interval.

    A method that had nothing to judge has no bar and dashes in the table. Headings: the method, the
    right labels, the judged ones, the share, the interval's low and high end; the share names the axis.
    """
    _want_headings(words, 6)
    if not methods:
        return nothing_to_draw(key, words)

    left = _names_width([name for name, _ in methods])
    drawing, across = _lying_axis(len(methods), left, (0.0, 1.0), words.headings[3], words.share)
    for row, (name, found) in enumerate(methods):
        y = (row + 0.5) * LINE_HEIGHT
        _row_name(drawing, name, left, y)
        if found.share is None:
            drawing.text(across(0), y + 4, "–")
        else:
            drawing.bar(across(0), y - 0.35 * LINE_HEIGHT, across(found.share) - across(0), 0.7 * LINE_HEIGHT)
        if found.low is not None and found.high is not None:
            drawing.line(across(found.low), y, across(found.high), y, look="chart-interval")
    rows = [
        (
            name,
            words.number(found.right),
            words.number(found.judged),
            *(_or_dash(value, words.share) for value in (found.share, found.low, found.high)),
        )
        for name, found in methods
    ]
    return Chart(drawing.finished(key, words), Table(words.headings, tuple(rows)))


def _upright_bars(
    names: Sequence[str], counts: Sequence[int], edges: Sequence[str], *, key: str, words: Words
) -> Chart:
    """Draw a bar for each name; `edges` are written below the bars' ends, the last of them in any case."""
    drawing = Drawing(height=_BOTTOM + 2.8 * LINE_HEIGHT)
    left = _upright_axis(drawing, max(counts), words.headings[1], words)
    level = _scale((0, max(counts)), (_BOTTOM, _TOP))
    across = _scale((0, len(counts)), (left, _RIGHT - 12))  # 12 for the last edge's second half
    for bar, count in enumerate(counts):
        x, next_x = across(bar), across(bar + 1)
        drawing.bar(x + 1, level(count), next_x - x - 2, _BOTTOM - level(count))
    room = max(text_width(edge) for edge in edges) + 6
    every = ceil(room / (across(1) - across(0)))
    for bar, edge in enumerate(edges):
        if (len(edges) - 1 - bar) % every == 0:
            drawing.text(across(bar), _BOTTOM + LINE_HEIGHT, edge, anchor="middle")
    drawing.text(_RIGHT, _BOTTOM + 2.2 * LINE_HEIGHT, words.headings[0], anchor="end")
    rows = tuple((name, words.number(count)) for name, count in zip(names, counts, strict=True))
    return Chart(drawing.finished(key, words), Table(words.headings, rows))


def _upright_axis(drawing: Drawing, highest: float, name: str, words: Words) -> float:
    """Draw level lines from 0 to the highest count with their figures; return where the chart begins."""
    level = _scale((0, highest), (_BOTTOM, _TOP))
    figures = {tick: words.number(tick) for tick in ticks(0, highest, whole=True)}
    left = 6 + max(text_width(figure) for figure in figures.values())
    drawing.text(0, 0.8 * LINE_HEIGHT, fitting(name, WIDTH))
    for tick, figure in figures.items():
        drawing.line(left, level(tick), _RIGHT, level(tick), look="chart-grid")
        drawing.text(left - 4, level(tick) + 4, figure, anchor="end")
    return left


def _lying_axis(
    rows: int, left: float, reach: tuple[float, float], name: str, written: Callable[[float], str]
) -> tuple[Drawing, Callable[[float], float]]:
    """Begin a drawing with a row for each name, upright lines below which the figures stand, and a scale."""
    bottom = rows * LINE_HEIGHT
    drawing = Drawing(height=bottom + 2.8 * LINE_HEIGHT)
    across = _scale(reach, (left + 6, _RIGHT - 12))
    for tick in ticks(*reach, most=4):
        drawing.line(across(tick), 0, across(tick), bottom, look="chart-grid")
        drawing.text(across(tick), bottom + LINE_HEIGHT, written(tick), anchor="middle")
    drawing.text(_RIGHT, bottom + 2.2 * LINE_HEIGHT, fitting(name, WIDTH), anchor="end")
    return drawing, across


def _names_width(names: Sequence[str]) -> float:
    return min(_NAMES_WIDTH, max(text_width(name) for name in names))


def _row_name(drawing: Drawing, name: str, width: float, y: float) -> None:
    drawing.text(width, y + 4, fitting(name, width), anchor="end")


def _scale(values: tuple[float, float], places: tuple[float, float]) -> Callable[[float], float]:
    (low, high), (start, end) = values, places
    return lambda value: start + (end - start) * (value - low) / (high - low)


def _or_dash(value: float | None, written: Callable[[float], str]) -> str:
    return "–" if value is None else written(value)


def _want_headings(words: Words, wanted: int) -> None:
    if len(words.headings) != wanted:
        raise ValueError(
            f"this chart's table has {wanted} columns, and {len(words.headings)} headings were given"
        )
