"""Ending the mails of a kind by the link that each carries, without signing in, and having them again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from canut.kernel import clock
from canut.people.notices.token import Stop
from canut.people.notices.usecases.choose_notices import have_again, is_stopped, mails_to_stop
from canut.people.notices.usecases.choose_notices import stop as stop_mails
from canut.web.notices.topics import public_name


@csrf_exempt  # mail programs press the button by themselves (RFC 8058); the token is what shows who asks
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End what a token names. Reading the page changes nothing, for programs follow links in mails."""
    if request.method != "POST":
        named, _person = mails_to_stop(token)
        state = "is_stopped" if is_stopped(named) else "comes"
    elif request.POST.get("again") == "yes":
        named, state = have_again(token=token), "again"
    else:
        named, state = stop_mails(token=token, at=clock.now()), "stopped"
    return render(request, "notices/stop.html", {"state": state, "what": _what(named)})


def _what(named: Stop) -> str:
    if named.kind is None:
        return _("All mails, but those about the safety of your account")
    name = public_name(named.topic)
    if name:
        return _("%(kind)s: %(name)s") % {"kind": named.kind.label, "name": name}
    if named.topic:
        return _("%(kind)s, about this one thing") % {"kind": named.kind.label}
    return str(named.kind.label)
