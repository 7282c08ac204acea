"""The list of votes, one vote with its ballot, and the list of ballots once it has ended."""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.governance.ballots.queries_seen import (
    lines_page,
    result_document,
    vote_seen,
    votes_page,
)
from canut.governance.ballots.refusals import ChoiceUnknown
from canut.governance.ballots.rules import Line
from canut.governance.ballots.rules_receipts import read_receipt
from canut.governance.ballots.usecases.cast_ballot import cast_ballot
from canut.kernel import clock
from canut.people.models import Person
from canut.web.paging import LARGEST_ID, number_after
from canut.web.signed_in import SignedIn, signed_in


def _looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@require_GET
@never_cache
def votes(request: HttpRequest) -> HttpResponse:
    by = _looker(request)
    page = votes_page(
        by=by,
        at=clock.now(),
        ended=request.GET.get("show") == "ended",
        after_id=number_after(request, "after"),
    )
    context = {
        "page": page,
        "is_first": "after" not in request.GET,
    }
    return render(request, "votes/votes.html", context)


@require_GET
@never_cache
def vote(request: HttpRequest, vote_id: int) -> HttpResponse:
    return _vote_page(request, vote_id)


def _vote_page(request: HttpRequest, vote_id: int, *, fault: str = "", status: int = 200) -> HttpResponse:
    seen = vote_seen(min(vote_id, LARGEST_ID), by=_looker(request), at=clock.now())
    return render(request, "votes/vote.html", {"vote": seen, "fault": fault}, status=status)


@signed_in
@require_POST
def cast(request: SignedIn, vote_id: int) -> HttpResponse:
    """Take a ballot, and show it with its receipt. The answer is sent to nobody else and kept by no cache."""
    try:
        cast_ballot(
            vote_id=min(vote_id, LARGEST_ID),
            by=request.user,
            choice=request.POST.get("choice", ""),
            at=clock.now(),
        )
    except ChoiceUnknown as refusal:
        return _vote_page(request, vote_id, fault=str(refusal), status=422)
    messages.success(request, _("Your ballot is in. You can change it until the vote ends."))
    return redirect("vote", vote_id)


@require_GET
@never_cache
def ballots(request: HttpRequest, vote_id: int) -> HttpResponse:
    """The published list, all of it or the receipts that begin with some signs."""
    typed = request.GET.get("starting", "")[:60]
    starting = read_receipt(typed)
    number = min(vote_id, LARGEST_ID)
    page = lines_page(
        number, starting=starting or "", after=read_receipt(request.GET.get("after", "")[:60]) or ""
    )
    context = {
        "vote": vote_seen(number, by=None, at=clock.now()),
        "page": page,
        "typed": typed,
        "starting": starting or "",
        "is_unreadable": bool(typed) and starting is None,
        "is_first": "after" not in request.GET,
    }
    return render(request, "votes/ballots.html", context)


@require_GET
@never_cache
def result(request: HttpRequest, vote_id: int) -> HttpResponseBase:
    """Everything published of a vote as one file, which `scripts/recount_ballots.py` recounts."""
    head, lines = result_document(min(vote_id, LARGEST_ID))
    return StreamingHttpResponse(
        _as_json(head, lines),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="vote-{head["vote_id"]:d}.json"'},
    )


def _as_json(head: dict[str, Any], lines: Iterator[Line]) -> Iterator[str]:
    said = json.dumps({"kind": "canut-vote", "version": 1, **head}, ensure_ascii=False, indent=1)
    yield said.removesuffix("\n}") + ',\n "ballots": [\n'
    for number, line in enumerate(lines):
        yield (",\n" if number else "") + json.dumps(line)
    yield "\n]}\n"
