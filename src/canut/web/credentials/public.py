"""For everybody: checking a badge, and the badges that somebody shows."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from canut.guilds.badges import guild_levels
from canut.guilds.credentials import queries
from canut.guilds.credentials.access import CredentialNotFound
from canut.guilds.credentials.limits import TooManyChecks, count_check
from canut.guilds.credentials.queries import SHAPES, Shape
from canut.guilds.credentials.reading import MOST_IMAGE_BYTES
from canut.guilds.credentials.refused import CredentialTooLarge
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.credentials.forms import BadgeFileForm
from canut.web.credentials.in_memory import (
    ROOM_FOR_THE_FORM_BYTES,
    InMemory,
    announced_bytes,
    network_address,
)
from canut.web.credentials.own import saved
from canut.web.paging import LARGEST_ID


@csrf_exempt  # it changes nothing; and reading the token would read the file before its size is known
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Tell anybody whether a badge of this site is genuine and in force. Its file is kept nowhere."""
    if request.method == "POST":
        return _checked(request)
    if "badge" in request.GET:
        return _shown_checked(request, request.GET["badge"])
    return render(request, "credentials/check.html", {"form": BadgeFileForm()})


def _checked(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    try:
        count_check(network_address(request), at=at)
        if announced_bytes(request) > MOST_IMAGE_BYTES + ROOM_FOR_THE_FORM_BYTES:
            raise CredentialTooLarge(
                _("This file is too large: no badge has more than 4 MB. It was not looked at."),
                most=MOST_IMAGE_BYTES,
            )
        request.upload_handlers = [InMemory(request)]
        form = BadgeFileForm(request.POST, request.FILES)
        if not form.is_valid():
            return render(request, "credentials/check.html", {"form": form}, status=422)
        found = queries.verify_here(form.cleaned_data["file"].read(), at=at)
    except Refusal as refusal:
        return _not_believed(request, refusal)
    return _page(request, {"found": found, "at": at})


def _shown_checked(request: HttpRequest, written: str) -> HttpResponse:
    at = clock.now()
    try:
        credential_id = UUID(written)
    except ValueError:
        credential_id = UUID(int=0)  # the number of no badge
    try:
        found = queries.verify_shown(credential_id=credential_id, at=at)
    except CredentialNotFound:
        raise
    except Refusal as refusal:
        return _not_believed(request, refusal)
    return _page(request, {"found": found, "at": at})


def _not_believed(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    page = {"sentence": str(refusal), "code": refusal.code}
    response = _page(request, page, status=refusal.status)
    if isinstance(refusal, TooManyChecks):
        response["Retry-After"] = str(refusal.facts["retry_after_seconds"])
    return response


def _page(request: HttpRequest, page: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "credentials/check.html", {"form": BadgeFileForm(), **page}, status=status)


@require_safe
def shown_badges(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show everybody the badges that a member has chosen to show, each with what checks it."""
    shown = queries.badges_shown_by(min(person_id, LARGEST_ID))
    return render(request, "credentials/shown.html", {"shown": shown, "shapes": SHAPES})


@require_safe
def levels(request: HttpRequest, guild_id: int) -> HttpResponse:
    """Say to anybody what the levels of a guild mean: what its badges point at."""
    guild = guild_levels(min(guild_id, LARGEST_ID), at=clock.now())
    return render(request, "credentials/levels.html", {"guild": guild})


@require_safe
def shown_file(request: HttpRequest, credential_id: UUID, shape: Shape) -> HttpResponse:
    """Give anybody a badge that its holder shows, as a file to keep and to check elsewhere."""
    at = clock.now()
    count_check(network_address(request), at=at)
    content = queries.shown_badge_file(credential_id=credential_id, shape=shape, at=at)
    return saved(content, name="badge", shape=shape)
