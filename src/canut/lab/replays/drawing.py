"""Before and after as a drawing: a row each, an empty ring for before, a full dot for after, a line between.

Words come in already translated; see `work.results.drawing.Words`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from canut.work.results.drawing import (
    LINE_HEIGHT,
    WIDTH,
    Chart,
    Drawing,
    Table,
    Words,
    fitting,
    nothing_to_draw,
    text_width,
    ticks,
)

_RIGHT: Final = WIDTH - 8
_NAMES_WIDTH: Final = 150.0


@dataclass(frozen=True, slots=True)
class Row:
    """Something before and after; `more` are further cells of its row in the table."""

    name: str
    before: float
    after: float
    more: tuple[str, ...] = ()


def before_and_after(
    rows: Sequence[Row],
    *,
    key: str,
    words: Words,
    written: Callable[[float], str],
    before: str,
    after: str,
) -> Chart:
    """Draw each row's two values on one scale that begins at zero.

    Headings: the row, one for each of its further cells, before, after, the difference. `before` and
    `after` name the marks under the drawing.

    Raises:
        ValueError: a row has more or fewer cells than there are headings.
    """
    if any(len(row.more) + 4 != len(words.headings) for row in rows):
        raise ValueError("each row needs as many cells as there are headings")
    if not rows:
        return nothing_to_draw(key, words)
    most = max(max(row.before, row.after, 0.0) for row in rows) or 1.0
    least = min(min(row.before, row.after, 0.0) for row in rows)
    left = min(_NAMES_WIDTH, max(text_width(row.name) for row in rows)) + 10
    bottom = len(rows) * LINE_HEIGHT
    drawing = Drawing(height=bottom + 2.8 * LINE_HEIGHT)

    def across(value: float) -> float:
        return left + (_RIGHT - 14 - left) * (value - least) / (most - least)

    last_end = -1.0
    for tick in ticks(least, most, most=4):
        drawing.line(across(tick), 0, across(tick), bottom, look="chart-grid")
        width = text_width(written(tick))
        middle = min(across(tick), WIDTH - width / 2)
        if middle - width / 2 > last_end:
            drawing.text(middle, bottom + LINE_HEIGHT, written(tick), anchor="middle")
            last_end = middle + width / 2 + 4
    for number, row in enumerate(rows):
        y = (number + 0.5) * LINE_HEIGHT
        drawing.text(left - 8, y + 4, fitting(row.name, left - 8), anchor="end")
        drawing.line(across(row.before), y, across(row.after), y, look="chart-interval")
        drawing.ring(across(row.before), y)
        drawing.dot(across(row.after), y)
    _name_marks(drawing, bottom + 2.2 * LINE_HEIGHT, before, after)
    cells = tuple(
        (
            row.name,
            *row.more,
            written(row.before),
            written(row.after),
            signed(row.after - row.before, written),
        )
        for row in rows
    )
    return Chart(drawing.finished(key, words), Table(words.headings, cells))


def signed(difference: float, written: Callable[[float], str]) -> str:
    """Write a difference with its sign: "+0.50", "−0.50", "0"."""
    if not difference:
        return written(0)
    return f"+{written(difference)}" if difference > 0 else f"−{written(-difference)}"


def _name_marks(drawing: Drawing, y: float, before: str, after: str) -> None:
    right = _RIGHT
    drawing.text(right, y, after, anchor="end")
    right -= text_width(after) + 8
    drawing.dot(right, y - 4)
    right -= 18
    drawing.text(right, y, before, anchor="end")
    drawing.ring(right - text_width(before) - 10, y - 4)
