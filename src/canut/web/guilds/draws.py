"""What was drawn for review, for everybody: to look at, and to take along and recompute."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from canut.guilds.queries.draws import Draw, all_draws, draws_page
from canut.kernel import clock
from canut.web.paging import LARGEST_ID

COLUMNS = ("draw_id", "size", "commitment", "seed", "drawn_number", "drawn_on", "drawn_by")


@require_GET
@never_cache
def draws(request: HttpRequest, guild_id: int) -> HttpResponse:
    drawn = request.GET.get("show") != "to-come"
    place = request.GET.get("after", "")
    page = draws_page(min(guild_id, LARGEST_ID), at=clock.now(), drawn=drawn, after_place=place)
    context = {"page": page, "shows_drawn": drawn, "is_first": "after" not in request.GET}
    return render(request, "guilds/draws.html", context)


@require_GET
@never_cache
def file(request: HttpRequest, guild_id: int, shape: str) -> HttpResponseBase:
    """Every draw of the guild as a file, which `scripts/recompute_draws.py` reads."""
    rows = all_draws(min(guild_id, LARGEST_ID))
    first = next(rows, None)  # so that a guild that there is not is refused before anything is sent
    rows = _with(first, rows)
    lines, kind = (_as_csv(rows), "text/csv") if shape == "csv" else (_as_json(rows), "application/json")
    return StreamingHttpResponse(
        lines,
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="draws-{guild_id:d}.{shape}"'},
    )


def _with(first: Draw | None, rows: Iterator[Draw]) -> Iterator[Draw]:
    if first is not None:
        yield first
        yield from rows


def _as_csv(rows: Iterable[Draw]) -> Iterator[str]:
    line = StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(["" if value is None else value for value in _values(row).values()])
        if line.tell() > 30_000:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def _as_json(rows: Iterable[Draw]) -> Iterator[str]:
    yield '{"kind": "canut-draws", "version": 1, "draws": [\n'
    for number, row in enumerate(rows):
        yield (",\n" if number else "") + json.dumps(_values(row))
    yield "\n]}\n"


def _values(row: Draw) -> dict[str, str | int | None]:
    return {
        "draw_id": str(row.draw_id),
        "size": row.size,
        "commitment": row.commitment,
        "seed": row.seed,
        "drawn_number": row.drawn_number,
        "drawn_on": None if row.drawn_on is None else row.drawn_on.isoformat(),
        "drawn_by": row.drawn_by if row.drawn_on else None,
    }
