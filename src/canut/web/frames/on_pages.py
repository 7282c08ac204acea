"""What a page of the site needs to show pages that are not ours: their addresses, and leave to frame them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from canut.kernel import clock
from canut.web.signed_in import SignedIn, signed_in
from canut.work.designs.files import Recording
from canut.work.designs.framed import Framed
from canut.work.designs.frames import WebPage
from canut.work.designs.schema import Design
from canut.work.queries.assignments import TaskPage, task_page
from canut.work.queries.frames import framed, frames_of_preview, frames_of_task
from canut.work.queries.showing import loads_of_items
from canut.work.queries.shown_work import ShownToJudge
from canut.work.queries.studio import Preview
from canut.work.usecases.make_frame_permits import make_frame_permits


def frames_on_task(request: SignedIn, page: TaskPage) -> dict[str, Framed]:
    """Return, by item, where the task's pages are shown and whether they have answered."""
    if not framed(page.design):
        return {}
    permits: Mapping[str, str] = {}
    if page.is_open:
        permits = make_frame_permits(assignment_id=page.assignment_id, by=request.user, at=clock.now())
    return frames_of_task(page.assignment_id, by=request.user, permits=permits, host=_host(request))


def frames_on_preview(request: HttpRequest, preview: Preview) -> dict[str, Framed]:
    """Return the same for a preview, whose pages keep nothing."""
    return frames_of_preview(
        preview.design,
        preview.row,
        revision_id=preview.revision_id,
        number=preview.number,
        at=clock.now(),
        host=_host(request),
    )


def framing(design: Design, assignment_id: int | None = None) -> dict[str, Any]:
    """Return what the templates of a task's page need besides."""
    asks, shows = bool(framed(design)), any(isinstance(item, WebPage) for item in design.items)
    return {
        "has_frames": asks or shows,
        "frames_url": reverse("task_frames", args=[assignment_id]) if asks and assignment_id else "",
        "frames_check": reverse("keep_draft", args=[assignment_id]) if asks and assignment_id else "",
    }


def with_loads(response: HttpResponse, design: Design, works: Sequence[ShownToJudge] = ()) -> HttpResponse:
    """Let a page load what its design shows from elsewhere, and what the work does that it shows."""
    loads = design.loads()
    for directive, sources in loads_of_items(item for work in works for item in work.seen.items).items():
        known = loads.setdefault(directive, [])
        known += [source for source in sources if source not in known]
    response.csp = loads  # type: ignore[attr-defined]
    response.records_sound = any(isinstance(item, Recording) for item in design.items)  # type: ignore[attr-defined]
    return response


@signed_in
@require_GET
@never_cache
def task_frames(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Tell the task page's script which of its pages have answered, and where to answer anew."""
    page = task_page(assignment_id, by=request.user, at=clock.now())
    frames = frames_on_task(request, page)
    return JsonResponse(
        {
            "frames": {
                name: {
                    "answered": frame.answered_at is not None,
                    "address": frame.address,
                    "again": _("Answer anew"),
                }
                for name, frame in frames.items()
            }
        }
    )


def _host(request: HttpRequest) -> str:
    return str(request.META.get("HTTP_HOST", ""))
