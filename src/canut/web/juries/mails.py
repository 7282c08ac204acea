"""Mails that remind jurors: they want them or not, and whoever has one can stop them without signing in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from canut.justice.jury.usecases.choose_jury_mails import (
    choose_jury_mails,
    person_to_stop,
    stop_jury_mails,
)
from canut.kernel import clock
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_POST
def choose(request: SignedIn) -> HttpResponse:
    """Turn the reminders on or off."""
    wanted = request.POST.get("wanted") == "yes"
    choose_jury_mails(by=request.user, wanted=wanted, at=clock.now())
    messages.success(
        request,
        _("From now on, a mail reminds you before the time of a seat ends.")
        if wanted
        else _("No reminders of seats any more. That you were drawn you are still told."),
    )
    return redirect("jury_seats")


@csrf_exempt  # mail programs press the button by themselves (RFC 8058); the token is what shows who asks
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the reminders of seats. Reading the page changes nothing, for programs follow links in mails."""
    is_done = request.method == "POST"
    if is_done:
        stop_jury_mails(token=token, at=clock.now())
    else:
        person_to_stop(token)
    return render(request, "juries/mails.html", {"is_done": is_done})
