"""How a project opens, in the requester's words: the policies with their help, and the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from django import forms
from django.utils import formats
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from canut.work.queries.cascade_seen import CascadeSeen, Level
from canut.work.results.drawing import LINE_HEIGHT, WIDTH, Drawing, Svg, Words
from canut.work.states import CascadePolicy, CascadeWhy

POLICY_CHOICES: Final[Sequence[tuple[str, Promise]]] = [
    (
        CascadePolicy.LADDER,
        gettext_lazy(
            "Step by step: first those you rate ✓+, then ✓, then those whom nobody has rated enough, then "
            "everybody, a step at each beat. Choose it if you are not sure: nobody waits long, and your best "
            "come first"
        ),
    ),
    (
        CascadePolicy.THROUGHPUT,
        gettext_lazy(
            "While the work goes well, not further: it stays with those it is open to as long as they take "
            "and hand in about as much as before, and opens further when they slow down. Choose it if those "
            "you rate well can do most of it, and it need not be done today"
        ),
    ),
    (
        CascadePolicy.SHARE,
        gettext_lazy(
            "As far as it falls behind: the more of the open work of the whole site it is, and the less of "
            "the work done, the further it opens. Choose it for a large project that should be done about as "
            "fast as others here"
        ),
    ),
    (
        CascadePolicy.OPEN,
        gettext_lazy(
            "To everybody at once: ratings keep nobody waiting. Choose it if it is urgent, or if it makes no "
            "difference who does it"
        ),
    ),
]


OPENS_FURTHER: Final = gettext_lazy(
    "Whichever you choose, it never stands still for lack of people: where nobody could come in, it opens "
    "further at once. Some places are kept for newcomers until it is open to everybody."
)


class PolicyForm(forms.Form):
    policy = forms.ChoiceField(
        label=gettext_lazy("How it opens to workers"),
        choices=POLICY_CHOICES,
        widget=forms.RadioSelect,
        help_text=OPENS_FURTHER,
    )


WHY: Final[dict[str, Promise]] = {
    CascadeWhy.STARTED: gettext_lazy("it began to open"),
    CascadeWhy.STEP: gettext_lazy("the next step"),
    CascadeWhy.FELL: gettext_lazy("nobody stood there who could come in"),
    CascadeWhy.ENDED: gettext_lazy("nothing lies below"),
    CascadeWhy.CHOSEN: gettext_lazy("you opened it to everybody"),
    CascadeWhy.STOPPED: gettext_lazy("the members have stopped early access"),
}


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """A row of the table beside the picture. What is still to come has no reason yet."""

    at: datetime
    level: str
    why: str
    is_to_come: bool


def standing_text(value: Decimal) -> str:
    return formats.number_format(value, 2)


def level_text(level: Level) -> str:
    """Say a threshold: from which standing on one may come in."""
    if level.low is None or level.high is None:
        return _("everybody")
    if level.is_exact:
        return _("from %(standing)s on") % {"standing": standing_text(level.low)}
    low, high = standing_text(level.low), standing_text(level.high)
    return _("from between %(low)s and %(high)s on") % {"low": low, "high": high}


def rows_of(seen: CascadeSeen, steps: Sequence[Decimal]) -> list[OpeningRow]:
    """Return the moves so far and, on a ladder, those to come, the latest first."""
    past = [
        OpeningRow(move.at, level_text(move.level), str(WHY.get(move.why, move.why)), is_to_come=False)
        for move in seen.moves
    ]
    to_come = [
        OpeningRow(moment, level_text(level), "", is_to_come=True) for moment, level in ahead(seen, steps)
    ]
    return [*reversed(to_come), *reversed(past)]


def ahead(seen: CascadeSeen, steps: Sequence[Decimal]) -> list[tuple[datetime, Level]]:
    """Return the steps of a ladder that are to come, each with its moment, if its clock goes on as it is.

    `steps` are the charter's ladder. Of the other policies nothing is known before the beat.
    """
    due = seen.next_beat
    if due is None or due.at is None or seen.level.low is None or seen.policy != CascadePolicy.LADDER:
        return []
    levels = [step for step in steps if seen.last < step < seen.level.low]
    if not seen.level.is_exact:
        levels = [step for step in steps if seen.last < step <= seen.level.low]
    beat = timedelta(seconds=seen.beat_seconds)
    found = [Level(step, step) for step in levels] + [Level(None, None)]
    return [(due.at + number * beat, level) for number, level in enumerate(found)]


_TOP: Final = 1.8 * LINE_HEIGHT
_BOTTOM: Final = 9 * LINE_HEIGHT
_LEFT: Final = 86.0
_RIGHT: Final = WIDTH - 8


def picture(seen: CascadeSeen, steps: Sequence[Decimal], *, now: datetime) -> Svg | None:
    """Draw the threshold over time as steps, now, and what the next beats bring as far as that is known.

    None where there is nothing to draw. Each of the charter's thresholds is as far from the next, so that
    2.00 and 1.99 can be told apart; everybody is the lowest. Of a threshold that is told as between two of
    them, the line runs midway between the two.
    """
    if all(move.level.low is None for move in seen.moves):
        return None
    coming = ahead(seen, steps)
    first = seen.moves[0].at
    due = seen.next_beat.at if seen.next_beat else None
    ends = [now, *(moment for moment, _level in coming), *([due] if due else [])]
    last = max(ends) + timedelta(seconds=max(1, seen.beat_seconds // 4))
    known = {seen.first, *steps, *(move.level.low for move in seen.moves if move.level.is_exact)}
    if seen.policy == CascadePolicy.SHARE or any(move.policy == CascadePolicy.SHARE for move in seen.moves):
        known = {seen.first, *steps}
    marks = sorted((step for step in known if step is not None and step > seen.last), reverse=True)
    heights = _heights(marks)
    scale = [*zip(marks, heights, strict=True), (seen.last, _BOTTOM)]
    drawing = Drawing(height=_BOTTOM + 1.5 * LINE_HEIGHT)

    def across(moment: datetime) -> float:
        return _LEFT + (_RIGHT - _LEFT) * ((moment - first) / (last - first))

    def height(level: Level) -> float:
        if level.low is None or level.high is None:
            return _BOTTOM
        return (_between(level.low, scale) + _between(level.high, scale)) / 2

    for mark, y in [*zip(marks, heights, strict=True), (None, _BOTTOM)]:
        drawing.line(_LEFT, y, _RIGHT, y, look="chart-grid")
        words = _("everybody") if mark is None else standing_text(mark)
        drawing.text(_LEFT - 8, y + 4, words, anchor="end")
    points = [(across(move.at), height(move.level)) for move in seen.moves]
    drawing.path([*points, (across(now), points[-1][1])], look="chart-line")
    before = (across(now), points[-1][1])
    for moment, level in coming:
        x, y = across(moment), height(level)
        drawing.line(before[0], before[1], x, before[1], look="chart-goal")
        drawing.line(x, before[1], x, y, look="chart-goal")
        before = (x, y)
    if due is not None and not coming:
        drawing.line(before[0], before[1], across(due), before[1], look="chart-goal")
    drawing.line(across(now), _TOP - 8, across(now), _BOTTOM, look="chart-interval")
    drawing.text(across(now), _TOP - 12, _("now") if seen.next_beat else "", anchor="middle")
    drawing.dot(across(now), points[-1][1])
    drawing.text(_LEFT, _BOTTOM + 1.1 * LINE_HEIGHT, _time(first))
    if due is not None and across(due) > _LEFT + 66:  # else it would run into the first
        at = min(across(due), _RIGHT - 20)
        drawing.text(at, _BOTTOM + 1.1 * LINE_HEIGHT, _time(due), anchor="middle")
    return drawing.finished("opening", _words(seen))


def _heights(marks: Sequence[Decimal]) -> list[float]:
    """Return how high each mark is, evenly from the top; everybody lies one further down."""
    gap = (_BOTTOM - _TOP) / max(1, len(marks))
    return [_TOP + number * gap for number in range(len(marks))]


def _between(value: Decimal, marks: Sequence[tuple[Decimal, float]]) -> float:
    """Return the height of any threshold: in proportion between two marks, which come from the top."""
    for (upper, above), (lower, below) in pairwise(marks):
        if value >= lower:
            share = min(1.0, float((value - lower) / (upper - lower)))
            return below - (below - above) * share
    return marks[-1][1]


def _time(moment: datetime) -> str:
    return formats.time_format(localtime(moment), "TIME_FORMAT")


def _words(seen: CascadeSeen) -> Words:
    said = _("Now it is open to: %(who)s.") % {"who": level_text(seen.level)}
    return Words(
        title=_("From which standing on one may come in, over time"),
        description=said + " " + _("The table beside it says each step."),
        headings=(),
        empty="",
    )
