"""Mails about reviews: a member wants them or not, and whoever has one can stop them without signing in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from canut.guilds.usecases.choose_mails import choose_mails, member_to_stop, stop_mails
from canut.kernel import clock
from canut.web.paging import LARGEST_ID
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_POST
def choose(request: SignedIn, guild_id: int) -> HttpResponse:
    wanted = request.POST.get("wanted") == "yes"
    choose_mails(guild_id=min(guild_id, LARGEST_ID), by=request.user, wanted=wanted, at=clock.now())
    messages.success(
        request,
        _("From now on, a mail tells you once a day which reviews came in.")
        if wanted
        else _("No mails about reviews any more. They stand here."),
    )
    return redirect("guild_mine", guild_id)


@csrf_exempt  # mail programs press the button by themselves (RFC 8058); the token is what shows who asks
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails about reviews. Reading the page changes nothing, for programs follow links in mails."""
    is_done = request.method == "POST"
    member = stop_mails(token=token, at=clock.now()) if is_done else member_to_stop(token)
    return render(request, "guilds/mails.html", {"is_done": is_done, "guild": member.guild})
