"""The board itself, leaving it, and recalls."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.governance.board.access import member_of_college, own_seat_to_leave
from canut.governance.board.queries import board_seen, petition_seen, seat_seen
from canut.governance.board.refusals import ReasonMissing
from canut.governance.board.usecases.leave_seat import leave_seat
from canut.governance.board.usecases.petition import (
    petition_recall,
    sign_petition,
    take_signature_back,
    withdraw_petition,
)
from canut.kernel import clock
from canut.people.models import Person
from canut.web.board.forms import ReasonForm
from canut.web.paging import LARGEST_ID
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


def looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@require_GET
@never_cache
def board(request: HttpRequest) -> HttpResponse:
    return render(request, "board/board.html", {"board": board_seen(by=looker(request), at=clock.now())})


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def leave(request: SignedIn, seat_id: int) -> HttpResponse:
    """Say what resigning means, and resign when the button is pressed."""
    seat_id = min(seat_id, LARGEST_ID)
    if request.method == "POST":
        leave_seat(seat_id=seat_id, by=request.user, at=clock.now())
        messages.success(request, _("You have left the board. Who follows is counted from the ballots."))
        return redirect("board")
    own_seat_to_leave(seat_id, by=request.user)
    return render(request, "board/leave.html", {"seat": seat_seen(seat_id, by=request.user)})


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def petition(request: SignedIn, seat_id: int) -> HttpResponse:
    """Begin a petition for a recall, with its reason."""
    seat, at = seat_seen(min(seat_id, LARGEST_ID), by=request.user), clock.now()
    member_of_college(request.user, seat.college, at=at)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            begun = petition_recall(
                seat_id=seat.id, by=request.user, reason=form.cleaned_data["reason"], at=at
            )
        except ReasonMissing as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("The petition has begun, and you have signed it."))
            return redirect("board_recall", begun.pk)
    context = {"seat": seat, "form": form}
    return render(request, "board/petition.html", context, status=422 if form.errors else 200)


@require_GET
@never_cache
def recall(request: HttpRequest, petition_id: int) -> HttpResponse:
    seen = petition_seen(min(petition_id, LARGEST_ID), by=looker(request), at=clock.now())
    return render(request, "board/recall.html", {"petition": seen})


@signed_in
@require_POST
def sign(request: SignedIn, petition_id: int) -> HttpResponse:
    petition_id, at = min(petition_id, LARGEST_ID), clock.now()
    if request.POST.get("sign") == "no":
        take_signature_back(petition_id=petition_id, by=request.user, at=at)
        messages.success(request, _("Your signature is taken back."))
    else:
        sign_petition(petition_id=petition_id, by=request.user, at=at)
        messages.success(request, _("You have signed. Nobody is told who did."))
    return redirect("board_recall", petition_id)


@signed_in
@require_POST
def withdraw(request: SignedIn, petition_id: int) -> HttpResponse:
    withdraw_petition(petition_id=min(petition_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("The petition is taken back."))
    return redirect("board")
