"""The yearly report on disputes, without names, and without figures by which somebody could be found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models.functions import ExtractYear
from django.utils import timezone
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.mediation.models import Dispute, Precedent
from canut.justice.mediation.refusals import ReportNotFound
from canut.justice.mediation.states import ENDED, DisputeState, PrecedentState, Topic
from canut.justice.rules_statistics import ShownTable, safe_table, so_far, typical_days

COLUMNS = ("settled", "recommended", "neither")


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """What is told of the disputes that ended in a year of the site's zone.

    `table` has a line a topic; its columns are settled, ended with a recommendation, and withdrawn or
    lapsed. `began` are disputes that began in the year and `complaints` those in which one was made in it;
    None of these is told under `least` cases, and while the year runs counts are rounded down to whole
    steps of it.
    """

    year: int
    is_over: bool
    least: int
    began: int | None
    complaints: int | None
    table: ShownTable
    days: int | None
    summaries: int


def years_told(*, at: datetime) -> Sequence[int]:
    """Return the years for which there is a report, the newest first: from the first dispute to now."""
    zone = timezone.get_default_timezone()
    first = Dispute.objects.order_by("begun_at").values_list("begun_at", flat=True).first()
    now = timezone.localtime(at, zone).year
    begins = now if first is None else timezone.localtime(first, zone).year
    return list(range(now, begins - 1, -1))


def yearly_report(year: int, *, at: datetime) -> YearlyReport:
    """Return the report of a year: a finished one stays as it is, this year's goes to now.

    Raises:
        ReportNotFound: nothing was there in that year, or it has not come.
    """
    if year not in years_told(at=at):
        raise ReportNotFound(_("There is no report of this year."), year=year)
    zone = timezone.get_default_timezone()
    least = in_force("jury.statistics_least_cases", at=at)
    is_over = year < timezone.localtime(at, zone).year
    lines = {str(topic): [0, 0, 0] for topic in Topic}
    lasted = []
    rows = Dispute.objects.filter(state__in=ENDED, ended_at__lte=at)
    rows = rows.alias(year=ExtractYear("ended_at", tzinfo=zone)).filter(year=year)
    for topic, state, begun_at, ended_at in rows.values_list("topic", "state", "begun_at", "ended_at"):
        lines[topic][_column(state)] += 1
        if ended_at is not None:
            lasted.append(ended_at - begun_at)
    table = safe_table({name: tuple(cells) for name, cells in lines.items()}, least=least)
    counted = Counter(began=_in_year("begun_at", year, at), complaints=_in_year("complained_at", year, at))
    published = Precedent.objects.filter(state=PrecedentState.PUBLISHED, published_at__lte=at)
    return YearlyReport(
        year=year,
        is_over=is_over,
        least=least,
        began=_told(counted["began"], least, is_over),
        complaints=_told(counted["complaints"], least, is_over),
        table=table if is_over else so_far(table, least=least),
        days=typical_days(lasted, least=least) if is_over else None,
        summaries=published.alias(year=ExtractYear("published_at", tzinfo=zone)).filter(year=year).count(),
    )


def as_data(report: YearlyReport) -> dict[str, Any]:
    """Return a report as JSON holds it: what is not told is null."""
    table = report.table
    return {
        "year": report.year,
        "is_over": report.is_over,
        "least": report.least,
        "began": report.began,
        "complaints": report.complaints,
        "ended": table.total,
        "outcomes": None if table.cells is None else dict(zip(COLUMNS, table.cells, strict=True)),
        "topics": [
            {
                "topics": list(line.names),
                "ended": line.total,
                "outcomes": None if line.cells is None else dict(zip(COLUMNS, line.cells, strict=True)),
            }
            for line in table.lines
        ],
        "topics_without_any": list(table.none),
        "days": report.days,
        "summaries": report.summaries,
    }


def as_lines(report: YearlyReport) -> list[list[str]]:
    """Return the report's table as lines of a CSV file, with a heading; what is not told is empty."""
    total = ["all", _said(report.table.total), *_cells(report.table.cells)]
    lines = [[" ".join(line.names), str(line.total), *_cells(line.cells)] for line in report.table.lines]
    return [
        ["topics", "ended", *COLUMNS],
        total,
        *lines,
        *([name, "0", *["0"] * 3] for name in report.table.none),
    ]


def _in_year(field: str, year: int, at: datetime) -> int:
    rows = Dispute.objects.filter(**{f"{field}__lte": at})
    return (
        rows.alias(year=ExtractYear(field, tzinfo=timezone.get_default_timezone())).filter(year=year).count()
    )


def _column(state: str) -> int:
    return {DisputeState.SETTLED.value: 0, DisputeState.RECOMMENDED.value: 1}.get(state, 2)


def _told(count: int, least: int, is_over: bool) -> int | None:
    if count < least:
        return None
    return count if is_over else count // least * least


def _cells(cells: tuple[int, ...] | None) -> list[str]:
    return [""] * len(COLUMNS) if cells is None else [str(cell) for cell in cells]


def _said(count: int | None) -> str:
    return "" if count is None else str(count)
