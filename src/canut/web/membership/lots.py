"""Drawing by lot: which lots there are, one of them, answering when drawn, and files to recompute it."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.membership.queries_lots import (
    LOTS_A_PAGE,
    CandidateSeen,
    LotSeen,
    candidates_of,
    lot_seen,
    lots_page,
    seats_of_person,
)
from canut.membership.usecases.answer_seat import answer_seat
from canut.people.models import Person
from canut.web.paging import LARGEST_ID, number_after
from canut.web.signed_in import SignedIn, signed_in

COLUMNS = ("lot", "commitment", "candidates_hash", "seed", "code", "served_lately", "place", "state")


@require_GET
@never_cache
def lots(request: HttpRequest) -> HttpResponse:
    rows = lots_page(before_number=number_after(request), most=LOTS_A_PAGE + 1)
    context = {
        "lots": rows[:LOTS_A_PAGE],
        "following": rows[LOTS_A_PAGE - 1].number if len(rows) > LOTS_A_PAGE else None,
        "is_first": "before" not in request.GET,
    }
    return render(request, "membership/lots.html", context)


@require_GET
@never_cache
def lot(request: HttpRequest, number: int) -> HttpResponse:
    by = request.user if isinstance(request.user, Person) else None
    seen = lot_seen(min(number, LARGEST_ID), by=by)
    mine = () if by is None else seats_of_person(by, at=clock.now())
    context = {"lot": seen, "seat": next((one for one in mine if one.number == seen.number), None)}
    return render(request, "membership/lot.html", context)


@signed_in
@require_POST
def answer(request: SignedIn, number: int) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    answer_seat(number=min(number, LARGEST_ID), by=request.user, accept=accept, at=clock.now())
    messages.success(
        request,
        _("You have accepted. Thank you.") if accept else _("You have declined. The next one is asked."),
    )
    return redirect("lot", number)


@require_GET
@never_cache
def file(request: HttpRequest, number: int, shape: str) -> HttpResponseBase:
    """Everything of a lot that is public, which `scripts/recompute_lot.py` reads."""
    number = min(number, LARGEST_ID)
    seen = lot_seen(number)
    rows = candidates_of(number, most=None)
    as_csv = shape == "csv"
    return StreamingHttpResponse(
        _as_csv(seen, rows) if as_csv else _as_json(seen, rows),
        content_type=f"{'text/csv' if as_csv else 'application/json'}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="lot-{number:d}.{shape}"'},
    )


def _as_csv(lot: LotSeen, rows: Iterable[CandidateSeen]) -> Iterator[str]:
    line = StringIO(newline="")
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(
            [lot.number, lot.commitment, lot.candidates_hash, lot.seed or "", *_values(row).values()]
        )
        if line.tell() > 30_000:
            yield line.getvalue()
            line.seek(0)
            line.truncate()
    yield line.getvalue()


def _as_json(lot: LotSeen, rows: Iterable[CandidateSeen]) -> Iterator[str]:
    about = {
        "kind": "canut-lot",
        "version": 1,
        "lot": lot.number,
        "commitment": lot.commitment,
        "candidates_hash": lot.candidates_hash,
        "seed": lot.seed,
        "seats": lot.seats,
    }
    yield json.dumps(about)[:-1] + ', "candidates": [\n'
    for number, row in enumerate(rows):
        given = {name: None if value == "" else value for name, value in _values(row).items()}
        yield (",\n" if number else "") + json.dumps(given)
    yield "\n]}\n"


def _values(row: CandidateSeen) -> dict[str, str | int]:
    return {
        "code": row.code,
        "served_lately": int(row.served_lately),
        "place": "" if row.place is None else row.place,
        "state": "" if row.state is None else str(row.state),
    }
