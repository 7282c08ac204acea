"""When and where somebody is told of what is new: quiet hours, and browsers that show messages."""

from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people import push
from canut.people.places import time_zone_choices
from canut.people.queries_notices import browsers_of, quiet_hours_of
from canut.people.usecases.add_browser import MOST_BROWSERS, add_browser
from canut.people.usecases.choose_quiet_hours import choose_quiet_hours
from canut.people.usecases.drop_browser import drop_browser
from canut.web.refusals import show_above
from canut.web.searches.forms import QuietHoursForm
from canut.web.signed_in import SignedIn, signed_in

_WORKER = Path(__file__).resolve().parents[1] / "static" / "push-worker.js"


@signed_in
@require_http_methods(["GET", "POST"])
def notices(request: SignedIn) -> HttpResponse:
    hours = quiet_hours_of(request.user)
    initial = {"starts": hours.starts, "ends": hours.ends} if hours else {}
    form = QuietHoursForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            chosen = choose_quiet_hours(by=request.user, **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            said = _("Saved. You are told nothing in your quiet hours, and afterwards what came up in them.")
            messages.success(request, said if chosen else _("Saved. You may be told at any time."))
            return redirect("notices")
    browsers = browsers_of(request.user.pk)
    page = {
        "form": form,
        "zone": dict(time_zone_choices()).get(request.user.time_zone, request.user.time_zone),
        "browsers": browsers,
        "is_full": len(browsers) >= MOST_BROWSERS,
        "site_key": push.site_key(),
    }
    return render(request, "searches/notices.html", page, status=422 if form.errors else 200)


@signed_in
@require_POST
def add(request: SignedIn) -> HttpResponse:
    """Keep how to reach this browser: what its own script has put into the form."""
    add_browser(
        by=request.user,
        endpoint=request.POST.get("endpoint", ""),
        public_key=request.POST.get("public_key", ""),
        shared_key=request.POST.get("shared_key", ""),
        browser=request.headers.get("User-Agent", ""),
        at=clock.now(),
    )
    messages.success(request, _("From now on this browser shows messages."))
    return redirect("notices")


@signed_in
@require_POST
def drop(request: SignedIn, browser_id: int) -> HttpResponse:
    drop_browser(browser_id=browser_id, by=request.user)
    messages.success(request, _("That browser shows no more messages."))
    return redirect("notices")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the script that shows messages, at an address that never changes."""
    response = HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
