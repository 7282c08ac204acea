"""Pages of replays: what the last months would have been under another value."""

from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from canut.charter.pages import parameter_lines
from canut.charter.parameters import PARAMETERS
from canut.charter.queries import in_force
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.lab.replays.charters import Setting
from canut.lab.replays.queries import own_replays, replay_seen, report_file
from canut.lab.replays.usecases.ask_replay import ask_replay
from canut.web.paging import LARGEST_ID
from canut.web.proposals.fields import typed
from canut.web.refusals import show_above
from canut.web.replays.forms import ChooseForm, TryForm
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_safe
def replays(request: SignedIn) -> HttpResponse:
    """Show what a member has tried, and let them choose a parameter to try."""
    if "parameter" in request.GET:
        form = ChooseForm(request.GET)
        if form.is_valid():
            return redirect("ask_replay", form.cleaned_data["parameter"])
    else:
        form = ChooseForm()
    context = {"form": form, "replays": own_replays(request.user)}
    return render(request, "replays/replays.html", context, status=400 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: SignedIn, name: str) -> HttpResponse:
    """Ask for the replay of one value of a parameter."""
    parameter = PARAMETERS.get(name)
    if parameter is None:
        raise NotFound(_("The charter has no such parameter. Choose one from the list."))
    now, status = clock.now(), 200
    if request.method == "POST":
        form = TryForm(parameter, request.POST)
        if form.is_valid():
            try:
                made = ask_replay(by=request.user, setting=Setting(name, form.cleaned_data["value"]), at=now)
                return redirect("replay", made.pk)
            except Refusal as refusal:
                show_above(form, refusal, {"replay_refused": "value"})
                status = refusal.status
        status = status if status != 200 else 400
    else:
        form = TryForm(parameter, initial={"value": typed(parameter, in_force(name, at=now))})
    context = {"form": form, "parameter": parameter_lines(name, at=now)}
    return render(request, "replays/ask.html", context, status=status)


@require_safe
def replay(request: HttpRequest, replay_id: int) -> HttpResponse:
    """Show one replay; what it says is nobody's own, so everybody may read it."""
    return render(request, "replays/replay.html", {"replay": replay_seen(min(replay_id, LARGEST_ID))})


@require_GET
def progress(request: HttpRequest, replay_id: int) -> HttpResponseBase:
    """Tell how far a replay is, nothing if that is what it was; when it is done, send for the whole page."""
    seen = replay_seen(min(replay_id, LARGEST_ID), in_full=False)
    if seen.state == "done":
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        response["Cache-Control"] = "private, no-store"
        return response
    told = f"{get_language()} {seen.done_share} {seen.state}"
    tag = f'"{blake2b(told.encode(), digest_size=12).hexdigest()}"'
    conditional = get_conditional_response(request, etag=tag)
    answer = conditional or render(request, "replays/_progress.html", {"replay": seen})
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


@require_safe
def report(request: HttpRequest, replay_id: int) -> HttpResponse:
    """Give the file of a replay, with every figure and code of it."""
    response = HttpResponse(report_file(min(replay_id, LARGEST_ID)), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="replay-{replay_id}.json"'
    return response
