"""Browsers that show messages: setting one up, stopping one, and the script that shows them."""

from pathlib import Path

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.people.usecases.add_browser import add_browser
from canut.people.usecases.drop_browser import drop_browser
from canut.web.paging import LARGEST_ID
from canut.web.signed_in import SignedIn, signed_in

_WORKER = Path(__file__).resolve().parents[1] / "static" / "push-worker.js"


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
    return redirect("notice_choices")


@signed_in
@require_POST
def drop(request: SignedIn, browser_id: int) -> HttpResponse:
    drop_browser(browser_id=min(browser_id, LARGEST_ID), by=request.user)
    messages.success(request, _("That browser shows no more messages."))
    return redirect("notice_choices")


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the browser the script that shows messages, at an address that never changes."""
    response = HttpResponse(_WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
