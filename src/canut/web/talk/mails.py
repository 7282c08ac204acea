"""Mails about talk: a person chooses which kinds, and stops one without signing in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from canut.discussion.usecases.choose_mails import choose_mails, mails_to_stop, stop_mails
from canut.kernel import clock
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_POST
def choose(request: SignedIn) -> HttpResponse:
    choose_mails(by=request.user, wanted=request.POST.getlist("wanted")[:10], at=clock.now())
    messages.success(request, _("Your choice of mails is kept."))
    return redirect("talk")


@csrf_exempt  # mail programs press the button by themselves (RFC 8058); the token is what shows who asks
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End one kind of mails. Reading the page changes nothing, for programs follow links in mails."""
    is_done = request.method == "POST"
    kind = stop_mails(token=token, at=clock.now()) if is_done else mails_to_stop(token)[1]
    return render(request, "talk/mails.html", {"is_done": is_done, "kind": kind})
