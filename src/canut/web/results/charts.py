"""The charts of the page of results, in the reader's words, figures and time zone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from canut.web.templatetags.amounts import percent
from canut.work.results import plots
from canut.work.results.accuracy import Accuracy
from canut.work.results.bradley_terry import chance_against_average
from canut.work.results.drawing import Chart, Words
from canut.work.results.summary import spread_out

Figures = Mapping[str, Any]


def progress(figures: Figures) -> Chart:
    points = [(datetime.fromtimestamp(moment, UTC), int(count)) for moment, count in figures["points"]]
    words = _words(
        title=_("Answers over time"),
        description=_(
            "How many answers had been handed in at each moment; the dashed line is how many are wanted."
        ),
        headings=(_("Time"), _("Answers")),
    )
    return plots.progress_line(points, places=figures["places"], key="progress", words=words)


def times(figures: Figures) -> Chart:
    words = _words(
        title=_("Time per task"),
        description=_("How many answers took how many seconds."),
        headings=(_("Seconds"), _("Answers")),
    )
    return plots.time_histogram(spread_out(figures["seconds"]), key="times", words=words)


def agreement(figures: Figures) -> Chart:
    words = _words(
        title=_("Agreement within tasks"),
        description=_("In how many tasks the commonest answer had which share of all answers."),
        headings=(_("Share of the commonest answer"), _("Tasks")),
    )
    return plots.agreement_bars(spread_out(figures["shares"]), key="agreement", words=words)


def accuracy(figures: Figures, names: Mapping[str, str]) -> Chart:
    methods = [
        (names[found["method"]], Accuracy(**_without(found, "method"))) for found in figures["accuracy"]
    ]
    words = _words(
        title=_("Right answers by method"),
        description=_(
            "Which share of the tasks with a known right answer each method answers right; "
            "lines are 95 % intervals."
        ),
        headings=(_("Method"), _("Right"), _("Judged"), _("Share right"), _("From"), _("To")),
    )
    return plots.accuracy_bars(methods, key="accuracy", words=words)


def ranking(places: Sequence[Figures], number: int) -> Chart:
    """Draw one group of the ranking: chances of being preferred to an average item of the group."""
    dots = [
        plots.Dot(
            rank=place["rank"],
            name=place["item"],
            value=place["chance"],
            low=None if place["low"] is None else chance_against_average(place["low"]),
            high=None if place["high"] is None else chance_against_average(place["high"]),
        )
        for place in places
    ]
    words = _words(
        title=_("Ranking"),
        description=_(
            "How likely each one is to be preferred to an average one; lines are 95 % intervals, "
            "the dashed line is an even chance."
        ),
        headings=(_("Rank"), _("Name"), _("Chance to be preferred"), _("From"), _("To")),
    )
    return plots.dot_plot(dots, key=f"ranking-{number}", words=words, middle=0.5, as_shares=True)


def _words(*, title: str, description: str, headings: tuple[str, ...]) -> Words:
    return Words(
        title=title,
        description=description,
        headings=headings,
        empty=_("There is nothing to show yet."),
        number=_number,
        share=percent,
        moment=_moment,
    )


def _number(value: float) -> str:
    digits = f"{value:.2f}".rstrip("0").rstrip(".").partition(".")[2]
    return formats.number_format(round(value, 2), len(digits), force_grouping=True)


def _moment(value: datetime) -> str:
    return formats.date_format(localtime(value), "SHORT_DATETIME_FORMAT")


def _without(found: Figures, name: str) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != name}
