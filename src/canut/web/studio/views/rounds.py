"""A prototype round: its live figures, what its workers said, what to mend, and what comes next."""

from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.ratings import OF_WORKER, rating_buttons
from canut.web.signed_in import SignedIn, signed_in
from canut.work.mends import Mend
from canut.work.queries.projects import studio_project
from canut.work.queries.rounds import RoundFigures, round_figures_of, round_page
from canut.work.usecases.launch_project import launch_project


@signed_in
@require_GET
def round_(request: SignedIn, project_id: int) -> HttpResponse:
    """Show the last round, or the one that the address names."""
    return _page(request, project_id)


def _page(request: SignedIn, project_id: int, *, refused: Refusal | None = None) -> HttpResponse:
    project = studio_project(project_id, by=request.user)
    if not project.has_rounds:
        return redirect("studio_project", project_id)
    found = round_page(project_id, by=request.user, at=clock.now(), **_which(request))
    page: dict[str, Any] = {
        "project": project,
        "page": found,
        "figures": found.figures,
        "voices": [
            (voice, rating_buttons(voice.latest.rating, OF_WORKER) if voice.latest else None)
            for voice in found.voices
        ],
        "onward": _address(project_id, found.figures),
        "mends": [(mend, _place(project_id, mend)) for mend in found.mends],
        "refused": refused,
    }
    return render(request, "studio/round.html", page, status=refused.status if refused else 200)


@signed_in
@require_GET
def live(request: SignedIn, project_id: int) -> HttpResponse:
    """Give the figures alone, for a page that asks every second; the whole page once it is decided."""
    figures = round_figures_of(project_id, by=request.user, at=clock.now(), **_which(request))
    tag = f'"{blake2b(f"{get_language()} {figures!r}".encode(), digest_size=12).hexdigest()}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = render(request, "studio/_round_figures.html", {"figures": figures})
        if not figures.is_running and "running" in request.GET:
            response["HX-Refresh"] = "true"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@signed_in
@require_POST
def launch(request: SignedIn, project_id: int) -> HttpResponse:
    """Pay for and open what the passed round covers, for exactly the total shown."""
    written = request.POST.get("agreed_minor", "")
    agreed = int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
    try:
        launch_project(project_id=project_id, by=request.user, at=clock.now(), agreed_minor=agreed)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, project_id, refused=refusal)
    messages.success(request, _("The rest is open: workers see it in their feed from now on."))
    return redirect("studio_project", project_id)


def _which(request: SignedIn) -> dict[str, int]:
    """Return which round the address names, if it names one."""
    asked = {"revision": request.GET.get("revision", ""), "number": request.GET.get("round", "")}
    return {
        name: int(written)
        for name, written in asked.items()
        if written.isascii() and written.isdecimal() and len(written) < 9
    }


def _address(project_id: int, figures: RoundFigures) -> str:
    """Return the address of this very round's page."""
    which = {"revision": figures.revision, "round": figures.number}
    return f"{reverse('project_round', args=[project_id])}?{urlencode(which)}"


def _place(project_id: int, mend: Mend) -> tuple[str, str]:
    """Return the address at which something is mended, and what that place is called."""
    if mend.place == "price":
        return reverse("project_publish", args=[project_id]), _("Price and time")
    if mend.place == "rows":
        return reverse("project_data", args=[project_id]), _("Rows")
    design = reverse("project_design", args=[project_id])
    if mend.place == "instructions":
        return f"{design}#instructions", _("Instructions")
    number = int(mend.place.removeprefix("items[").partition("]")[0])
    return f"{design}#i{number + 1}", _("Item %(number)s of the design") % {"number": number + 1}
