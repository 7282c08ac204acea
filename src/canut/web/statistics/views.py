"""Statistics on justice by year, as a page and as a table to take away."""

import csv

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from canut.justice.statistics import year_seen, years_told
from canut.kernel import clock

LAST_YEAR = 9998
"""The last that a calendar can tell the end of."""


@require_GET
def newest(request: HttpRequest) -> HttpResponse:
    return redirect("justice_statistics_year", years_told(at=clock.now())[0])


@require_GET
def of_year(request: HttpRequest, year: int) -> HttpResponse:
    at = clock.now()
    context = {"seen": year_seen(min(year, LAST_YEAR), at=at), "years": years_told(at=at)}
    return render(request, "statistics/year.html", context)


@require_GET
def csv_of_year(request: HttpRequest, year: int) -> HttpResponse:
    """Give the same figures a line each: which table, which lines together, which column."""
    seen = year_seen(min(year, LAST_YEAR), at=clock.now())
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="justice-{seen.year}.csv"'
    rows = csv.writer(answer)
    rows.writerow(["year", "is_over", "at_least", "table", "lines", "column", "cases", "typical_days"])
    first = [seen.year, str(seen.is_over).lower(), seen.least]
    for section in seen.sections:
        if section.total is not None:
            rows.writerow([*first, section.key, "all", "all", section.total, ""])
        for line in section.lines:
            lines = "+".join(line.keys)
            rows.writerow([*first, section.key, lines, "all", line.total, line.days or ""])
            for column, count in zip(section.column_keys, line.cells or (), strict=False):
                rows.writerow([*first, section.key, lines, column, count, ""])
    return answer
