"""The hub of justice, and the seats of a juror: what they are, taking one, and giving one up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.charter.queries import in_force
from canut.justice.jury.queries import (
    readable_seat_file,
    seat_seen,
    seats_of,
    waiting_seats,
)
from canut.justice.jury.usecases.decline_seat import decline_seat
from canut.justice.jury.usecases.take_seat import take_seat
from canut.justice.queries import counts_of_cases
from canut.kernel import clock
from canut.people.models import Person
from canut.web.files.views import answer_with
from canut.web.juries.places import places
from canut.web.paging import LARGEST_ID, number_after
from canut.web.signed_in import SignedIn, signed_in


@require_GET
@never_cache
def hub(request: HttpRequest) -> HttpResponse:
    """Show what there is of justice here, to everybody; and to who is signed in what waits for them."""
    at = clock.now()
    by = request.user if isinstance(request.user, Person) else None
    context = {
        "peers": in_force("jury.appeal_peers", at=at),
        "votes": in_force("jury.appeal_votes", at=at),
        "days": in_force("jury.appeal_days", at=at),
        "lapse_days": in_force("jury.lapse_days", at=at),
        "cases": counts_of_cases(by) if by else None,
        "waiting": waiting_seats(by) if by else 0,
        "places_of_justice": places(),
    }
    return render(request, "juries/hub.html", context)


@signed_in
@require_GET
@never_cache
def seats(request: SignedIn) -> HttpResponse:
    """Show a member which appeals they were drawn to hear."""
    before = number_after(request)
    context = {
        "page": seats_of(request.user, before_id=before),
        "is_further": before is not None,
    }
    return render(request, "juries/seats.html", context)


@signed_in
@require_GET
@never_cache
def seat(request: SignedIn, seat_id: int) -> HttpResponse:
    """Show a juror one seat of theirs, before they take the task that tells the rest."""
    seen = seat_seen(min(seat_id, LARGEST_ID), by=request.user)
    return render(request, "juries/seat.html", {"seat": seen})


@signed_in
@require_POST
def take(request: SignedIn, seat_id: int) -> HttpResponse:
    """Take the task of a seat, and go to it."""
    assignment = take_seat(seat_id=min(seat_id, LARGEST_ID), by=request.user, at=clock.now())
    return redirect("task", assignment.pk)


@signed_in
@require_POST
def decline(request: SignedIn, seat_id: int) -> HttpResponse:
    """Give a seat to the next in the order of the draw."""
    decline_seat(seat_id=min(seat_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("You have given up the seat. The next peer is asked; nobody learns why."))
    return redirect(reverse("jury_seats"))


@signed_in
@require_GET
def fetch(request: SignedIn, seat_id: int, number: int) -> HttpResponseBase:
    """Give a juror a file that who appealed added."""
    return answer_with(readable_seat_file(min(seat_id, LARGEST_ID), min(number, LARGEST_ID), by=request.user))
