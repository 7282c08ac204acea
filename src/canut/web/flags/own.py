"""What a member flags, and what was flagged of theirs."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.charter.queries import in_force
from canut.discussion.hiding.states import HiddenKind
from canut.justice.flags.queries import matter_for_author, matters_about, own_flags, to_flag
from canut.justice.flags.states import FlagGround
from canut.justice.flags.usecases.flag_thing import flag_thing
from canut.justice.flags.usecases.object_to_hiding import object_to_hiding
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.flags.forms import FlagForm, ObjectionForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def mine(request: SignedIn) -> HttpResponse:
    """Show what somebody flagged and what became of it, and what was flagged of theirs."""
    at, before, about_before = clock.now(), number_after(request), number_after(request, "about")
    context = {
        "page": own_flags(by=request.user, at=at, before=before),
        "about": matters_about(by=request.user, before=about_before),
        "is_further": before is not None or about_before is not None,
        "hide_members": in_force("flag.hide_members", at=at),
        "hide_hours": in_force("flag.hide_hours", at=at),
        "tie_days": in_force("flag.tie_days", at=at),
        "wolf_share": in_force("flag.wolf_share", at=at),
        "wolf_days": in_force("flag.wolf_days", at=at),
        "grounds": list(FlagGround),
    }
    return render(request, "flags/mine.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def flag(request: SignedIn, kind: str, subject_id: int) -> HttpResponse:
    """Ask why something should not be here, and flag it."""
    if kind not in HiddenKind.values:
        raise Http404
    number, at = min(subject_id, LARGEST_ID), clock.now()
    asked = to_flag(HiddenKind(kind), number, by=request.user, at=at)
    form = FlagForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                flag_thing(kind=kind, subject_id=number, by=request.user, at=at, **form.cleaned_data)
            except Refusal as refusal:
                if refusal.status in (403, 404):
                    raise
                show_above(form, refusal)
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("Flagged. Nobody is told who did. What becomes of it stands on this page."),
                )
                return redirect("flags")
    context = {
        "asked": asked,
        "form": form,
        "action": reverse("flag", args=[kind, number]),
        "hide_members": in_force("flag.hide_members", at=at),
        "hide_hours": in_force("flag.hide_hours", at=at),
    }
    return render(request, "flags/flag.html", context, status=status)


@signed_in
@require_GET
@never_cache
def matter(request: SignedIn, matter_id: int) -> HttpResponse:
    return _page(request, min(matter_id, LARGEST_ID), ObjectionForm())


@signed_in
@require_POST
def object_to(request: SignedIn, matter_id: int) -> HttpResponse:
    number = min(matter_id, LARGEST_ID)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _page(request, number, form, status=422)
    try:
        object_to_hiding(matter_id=number, words=form.cleaned_data["words"], by=request.user, at=clock.now())
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        show_above(form, refusal)
        return _page(request, number, form, status=refusal.status)
    messages.success(request, _("Another person reads your objection now. You are told by mail."))
    return redirect("flag_matter", number)


def _page(request: SignedIn, number: int, form: ObjectionForm, *, status: int = 200) -> HttpResponse:
    context = {
        "seen": matter_for_author(number, by=request.user),
        "form": form,
        "review_days": in_force("flag.review_days", at=clock.now()),
    }
    return render(request, "flags/matter.html", context, status=status)
