"""How a project opens: the live picture for its requester, and the choice of the policy."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from canut.charter.queries import in_force
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.web.studio.opening import PolicyForm, level_text, picture, rows_of
from canut.web.studio.views.drafts import status_of
from canut.work.queries.cascade_seen import CascadeSeen, cascade_seen
from canut.work.queries.projects import studio_project
from canut.work.states import CascadePolicy
from canut.work.usecases.choose_cascade import choose_cascade


@signed_in
@require_GET
def opening(request: SignedIn, project_id: int) -> HttpResponse:
    """Show how the project opens, what the next beat brings, and how it could open instead."""
    return _page(request, project_id)


@signed_in
@require_GET
def live(request: SignedIn, project_id: int) -> HttpResponse:
    """Give the picture alone, for a page that asks every second; nothing at all if it is the same."""
    at = clock.now()
    seen = cascade_seen(project_id, by=request.user, at=at)
    now = _to_the_minute(at)
    written = f"{get_language()} {now if seen.next_beat else ''} {seen!r}"
    tag = f'"{blake2b(written.encode(), digest_size=12).hexdigest()}"'
    response = get_conditional_response(request, etag=tag)
    if response is None:
        response = render(request, "studio/_opening.html", _seen(seen, at=at))
        if seen.state != request.GET.get("state", seen.state):
            response["HX-Refresh"] = "true"
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@signed_in
@require_POST
def choose(request: SignedIn, project_id: int) -> HttpResponse:
    """Have the project open by another policy, from the next beat on; or to everybody at once."""
    form = PolicyForm(request.POST)
    if form.is_valid():
        policy = form.cleaned_data["policy"]
        try:
            choose_cascade(project_id=project_id, by=request.user, at=clock.now(), policy=policy)
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            told = _("Saved. It opens that way from the next beat on.")
            if policy == CascadePolicy.OPEN:
                told = _("Saved. Nobody has to wait for it.")
            messages.success(request, told)
            return redirect("project_opening", project_id)
    return _page(request, project_id, form=form)


def _page(request: SignedIn, project_id: int, *, form: PolicyForm | None = None) -> HttpResponse:
    at = clock.now()
    project = studio_project(project_id, by=request.user)
    seen = cascade_seen(project_id, by=request.user, at=at)
    form = form or PolicyForm(initial={"policy": seen.policy})
    page = _seen(seen, at=at) | {"project": project, "form": form}
    return render(request, "studio/opening.html", page, status=status_of(form))


def _seen(seen: CascadeSeen, *, at: datetime) -> dict[str, Any]:
    steps = in_force("cascade.ladder_thresholds", at=at)
    following = seen.next_beat.level if seen.next_beat else None
    return {
        "seen": seen,
        "picture": picture(seen, steps, now=_shown_upto(seen, at=at)),
        "rows": rows_of(seen, steps),
        "level": level_text(seen.level),
        "following": level_text(following) if following else "",
        "policy_name": CascadePolicy(seen.policy).label,
    }


def _shown_upto(seen: CascadeSeen, *, at: datetime) -> datetime:
    """Return up to when the picture goes: now, or a beat after everybody may come."""
    last = seen.moves[-1].at if seen.moves else at
    if seen.next_beat is None:
        return min(at, last + timedelta(seconds=seen.beat_seconds))
    return max(last, _to_the_minute(at))


def _to_the_minute(at: datetime) -> datetime:
    """Return the minute, so that the picture stays the same for as long."""
    return at.replace(second=0, microsecond=0)
