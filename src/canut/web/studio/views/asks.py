"""Who may work for a project: the guild, the level and the qualifications that it asks for."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.guilds.queries.earnings import earnings_seen
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.asks import AsksForm
from canut.work.access import RequesterRoleMissing
from canut.work.queries.projects import StudioProject, studio_project
from canut.work.queries.requirements import requirements_of
from canut.work.refusals import ProjectNotFound
from canut.work.usecases.require_standings import require_standings


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def asks(request: SignedIn, project_id: int) -> HttpResponse:
    """Show what standings a project asks for, and change it: at once, whether or not it is published."""
    at = clock.now()
    project = studio_project(project_id, by=request.user)
    asked = requirements_of(project_id)
    if request.method != "POST":
        return _page(request, project, AsksForm(by=request.user, asked=asked, at=at), at=at)
    form = AsksForm(by=request.user, asked=asked, at=at, data=request.POST)
    if form.is_valid():
        try:
            require_standings(project_id=project_id, by=request.user, wanted=form.wanted(), at=at)
        except (ProjectNotFound, RequesterRoleMissing):
            raise
        except Refusal as refusal:
            form.guild.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Saved. It holds from now on; what somebody has in hand stays theirs.")
            )
            return redirect("project_asks", project_id)
    return _page(request, project, form, at=at, status=422)


@signed_in
@require_GET
def earnings(request: SignedIn, project_id: int) -> HttpResponse:
    """Give what the levels of one guild earned an hour, for the page on which it is chosen."""
    at = clock.now()
    project = studio_project(project_id, by=request.user)
    seen = _earnings(project, request.GET.get("guild"), request.GET.get("level"), at=at)
    return render(request, "studio/_level_earnings.html", {"project": project, "earnings": seen})


def _page(
    request: SignedIn, project: StudioProject, form: AsksForm, *, at: datetime, status: int = 200
) -> HttpResponse:
    seen = _earnings(project, form.guild["guild"].value(), form.guild["level"].value(), at=at)
    context = {"project": project, "form": form, "earnings": seen}
    return render(request, "studio/asks.html", context, status=status)


def _earnings(project: StudioProject, guild: Any, level: Any, *, at: datetime) -> Any:
    """Return what was earned in a guild as somebody named it; None where it is none."""
    guild_id, least = _number(guild), _number(level)
    return None if guild_id is None else earnings_seen(project, guild_id, least, at=at)


def _number(written: Any) -> int | None:
    text = str(written or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
