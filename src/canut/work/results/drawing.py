"""Inline SVG drawn by the server: shapes, words and scales, without scripts and without styles.

Shapes take the colour of the text around them (`currentColor`), so that they can be read in dark
mode and in forced colours, and carry classes for whoever wants more: `chart`, `chart-text`,
`chart-grid`, `chart-line`, `chart-goal`, `chart-bar`, `chart-interval`, `chart-dot` and `chart-ring`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from math import ceil, floor, log10
from typing import Final, Literal, TypeAlias
from unicodedata import category, east_asian_width

Anchor: TypeAlias = Literal["start", "middle", "end"]

WIDTH: Final = 400.0
"""Every chart is as wide, in its own units: about a phone's width in CSS pixels, so that the words
keep their size there and grow with the chart elsewhere."""

FONT_SIZE: Final = 12.0
LINE_HEIGHT: Final = 18.0


class Svg(str):
    """A finished drawing. Every word in it is escaped, so a template may show it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return self

    def as_file(self) -> str:
        """Return the drawing as a file of its own."""
        return self.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" color="black" ', 1)


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of a chart, as text in the reader's language: the chart for those who cannot see it."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the table that stands beside it."""

    svg: Svg
    table: Table


def plain_number(value: float) -> str:
    """Write a number with at most two decimals, as English does."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def plain_share(value: float) -> str:
    """Write a share of 1 as a percentage with at most one decimal, as English does."""
    return f"{f'{100 * value:.1f}'.removesuffix('.0')}%"


def plain_moment(value: datetime) -> str:
    """Write a moment to the minute, in its own time zone."""
    return value.strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a chart says, already in the reader's language.

    `description` says in a sentence what there is to see. `headings` are the table's, and each chart
    says which it wants; axes are named after them. `empty` stands in place of a chart without data.
    The last three write figures.
    """

    title: str
    description: str
    headings: tuple[str, ...]
    empty: str
    number: Callable[[float], str] = plain_number
    share: Callable[[float], str] = plain_share
    moment: Callable[[datetime], str] = plain_moment


@dataclass(slots=True)
class Drawing:
    """Shapes in the order they are drawn; the origin is at the top left."""

    height: float
    _shapes: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, *, look: str, **more: str | float) -> None:
        self._shape("line", {"x1": x1, "y1": y1, "x2": x2, "y2": y2, "class": look, **_STROKES[look], **more})

    def path(self, points: list[tuple[float, float]], *, look: str) -> None:
        """Draw steps from point to point: level first, then up or down."""
        x, y = points[0]
        steps = [f"M{_short(x)} {_short(y)}", *(f"H{_short(x)}V{_short(y)}" for x, y in points[1:])]
        self._shape("path", {"d": "".join(steps), "fill": "none", "class": look, **_STROKES[look]})

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        size = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height)}
        self._shape("rect", {**size, "class": "chart-bar", "fill": "currentColor", "fill-opacity": 0.6})

    def dot(self, x: float, y: float) -> None:
        self._shape("circle", {"cx": x, "cy": y, "r": 3.5, "class": "chart-dot", "fill": "currentColor"})

    def ring(self, x: float, y: float) -> None:
        """Draw an empty dot, which a full one beside it can be told from without any colour."""
        stroke = {"stroke": "currentColor", "stroke-width": "1.5"}
        self._shape("circle", {"cx": x, "cy": y, "r": 5.0, "class": "chart-ring", "fill": "none", **stroke})

    def text(self, x: float, y: float, words: str, *, anchor: Anchor = "start") -> None:
        place = {"x": x, "y": y, "text-anchor": anchor, "class": "chart-text"}
        self._shape("text", {**place, "fill": "currentColor", "font-size": FONT_SIZE}, words)

    def finished(self, key: str, words: Words) -> Svg:
        """Return the drawing as an element whose ids begin with `key`, to be unique on its page.

        Raises:
            ValueError: `key` is no plain word of a-z, digits and hyphens.
        """
        if not re.fullmatch(r"[a-z][a-z0-9-]*", key):
            raise ValueError(f"{key!r} cannot begin an id")
        about = {
            "class": "chart",
            "viewBox": f"0 0 {_short(WIDTH)} {_short(self.height)}",
            "role": "img",
            "aria-labelledby": f"{key}-title {key}-desc",
            "focusable": "false",
            "font-family": "inherit",
        }
        title = f'<title id="{key}-title">{_text(words.title)}</title>'
        description = f'<desc id="{key}-desc">{_text(words.description)}</desc>'
        return Svg(f"<svg{_attributes(about)}>{title}{description}{''.join(self._shapes)}</svg>")

    def _shape(self, name: str, attributes: Mapping[str, str | float], words: str = "") -> None:
        self._shapes.append(f"<{name}{_attributes(attributes)}>{_text(words)}</{name}>")


# A name that turns the writing direction would turn the words after it too.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_STROKES: Final[dict[str, dict[str, str | float]]] = {
    "chart-grid": {"stroke": "currentColor", "stroke-opacity": 0.2},
    "chart-line": {"stroke": "currentColor", "stroke-width": 2},
    "chart-goal": {"stroke": "currentColor", "stroke-dasharray": "4 4"},
    "chart-interval": {"stroke": "currentColor", "stroke-width": 1.5},
}


def nothing_to_draw(key: str, words: Words) -> Chart:
    """Return a chart that says so, and a table with headings only."""
    drawing = Drawing(height=3 * LINE_HEIGHT)
    drawing.text(WIDTH / 2, 1.7 * LINE_HEIGHT, words.empty, anchor="middle")
    return Chart(drawing.finished(key, words), Table(words.headings, ()))


def fitting(words: str, width: float) -> str:
    """Shorten words that would be wider than `width`, by a careful guess at the letters' widths.

    What is left out is before the last third: names of a series often differ in their last letters.
    """
    words = _printable(words)
    if text_width(words) <= width:
        return words
    kept = next(
        (kept for kept in range(len(words), 2, -1) if text_width(_without_middle(words, kept)) <= width), 2
    )
    return _without_middle(words, kept)


def _without_middle(words: str, kept: int) -> str:
    end = kept // 3
    return f"{words[: kept - end].rstrip()}…{words[len(words) - end :].lstrip()}"


def text_width(words: str) -> float:
    """Guess how wide words are drawn: on the wide side for Latin letters, a square for Chinese ones."""
    return FONT_SIZE * sum(1.0 if east_asian_width(letter) in "WF" else 0.54 for letter in words)


def ticks(low: float, high: float, *, whole: bool = False, most: int = 5) -> list[float]:
    """Return round numbers from `low` to `high`, at most `most` + 1 of them; `whole` allows no fractions.

    Steps are 1, 2 or 5 times a power of ten.
    """
    step = round_step((high - low) / most)
    if whole:
        step = max(1.0, step)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [place * step for place in range(first, last + 1)]


def round_step(least: float) -> float:
    """Return the smallest of 1, 2 or 5 times a power of ten that is not below `least`."""
    if least <= 0:
        return 1.0
    power: float = 10.0 ** floor(log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least * (1 - 1e-9))


def _attributes(attributes: Mapping[str, str | float]) -> str:
    return "".join(
        f' {name}="{_text(value) if isinstance(value, str) else _short(value)}"'
        for name, value in attributes.items()
    )


def _text(words: str) -> str:
    return escape(_printable(words))


def _printable(words: str) -> str:
    """Put a space for each control character, which no element may hold, and drop turns of direction."""
    return "".join(
        " " if category(letter) in ("Cc", "Cs") else letter for letter in words if letter not in _TURNS
    )


def _short(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
