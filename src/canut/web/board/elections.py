"""Elections to the board: standing, ranking, the count sheet and the published list."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.governance.ballots.rules_receipts import read_receipt
from canut.governance.board.queries import election_file, election_seen, elections_page, published_page
from canut.governance.board.refusals import StatementTooLong
from canut.governance.board.states import ElectionState
from canut.governance.board.usecases.cast_ranking import cast_ranking
from canut.governance.board.usecases.stand import stand_for_election, withdraw_candidacy
from canut.kernel import clock
from canut.web.board.forms import RankingForm, StandForm
from canut.web.board.views import looker
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@require_GET
@never_cache
def elections(request: HttpRequest) -> HttpResponse:
    page, following = elections_page(before_id=number_after(request))
    context = {"elections": page, "next_id": following, "is_first": "before" not in request.GET}
    return render(request, "board/elections.html", context)


@require_GET
@never_cache
def election(request: HttpRequest, election_id: int) -> HttpResponse:
    return _page(request, election_id)


def _page(
    request: HttpRequest,
    election_id: int,
    *,
    stand_form: StandForm | None = None,
    ranking_form: RankingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    seen = election_seen(min(election_id, LARGEST_ID), by=looker(request), at=clock.now())
    if seen.may_stand and stand_form is None:
        stand_form = StandForm(initial={"statement": seen.own_statement or ""})
    if seen.card.may_vote and ranking_form is None:
        ranking_form = RankingForm(seen.candidates, ranking=seen.own_ranking or ())
    context = {
        "election": seen,
        "stand_form": stand_form if seen.may_stand else None,
        "ranking_form": ranking_form if seen.card.may_vote else None,
        "takes_ballots": seen.card.may_vote and seen.card.state == ElectionState.VOTING,
    }
    return render(request, "board/election.html", context, status=status)


@signed_in
@require_POST
def stand(request: SignedIn, election_id: int) -> HttpResponse:
    form = StandForm(request.POST)
    if form.is_valid():
        try:
            stand_for_election(
                election_id=min(election_id, LARGEST_ID),
                by=request.user,
                statement=form.cleaned_data["statement"],
                at=clock.now(),
            )
        except StatementTooLong as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("You stand in this election. You can withdraw until the vote opens."))
            return redirect("board_election", election_id)
    return _page(request, election_id, stand_form=form, status=422)


@signed_in
@require_POST
def withdraw(request: SignedIn, election_id: int) -> HttpResponse:
    withdraw_candidacy(election_id=min(election_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("You do not stand any more. You can stand again until the vote opens."))
    return redirect("board_election", election_id)


@signed_in
@require_POST
def cast(request: SignedIn, election_id: int) -> HttpResponse:
    """Take a ballot, and show it with its receipt. The answer is sent to nobody else and kept by no cache."""
    at = clock.now()
    seen = election_seen(min(election_id, LARGEST_ID), by=request.user, at=at)
    form = RankingForm(seen.candidates, request.POST)
    if not form.is_valid():
        return _page(request, election_id, ranking_form=form, status=422)
    cast_ranking(election_id=seen.card.id, by=request.user, ranking=form.ranking(), at=at)
    messages.success(request, _("Your ballot is in. You can change it until the vote ends."))
    return redirect("board_election", election_id)


@require_GET
@never_cache
def ballots(request: HttpRequest, election_id: int) -> HttpResponse:
    """The published list, from a receipt on."""
    number = min(election_id, LARGEST_ID)
    typed = request.GET.get("starting", "")[:60]
    starting = read_receipt(typed) if typed else None
    page = published_page(
        number, starting=starting or "", after_receipt=read_receipt(request.GET.get("after", "")[:60]) or ""
    )
    context = {
        "election": election_seen(number, by=None, at=clock.now()),
        "page": page,
        "typed": typed,
        "starting": starting or "",
        "is_unreadable": bool(typed) and starting is None,
        "is_first": "after" not in request.GET,
    }
    return render(request, "board/ballots.html", context)


@require_GET
@never_cache
def file(request: HttpRequest, election_id: int) -> HttpResponse:
    """Everything published of an election as one file, which `scripts/recount_election.py` counts again."""
    told = election_file(min(election_id, LARGEST_ID))
    return HttpResponse(
        json.dumps(told, indent=1),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="election-{told["election"]}.json"'},
    )
