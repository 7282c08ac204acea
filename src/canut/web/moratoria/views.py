"""What is stopped and what is moved, in public; moving, supporting and withdrawing by members."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.governance.ballots.queries_seen import vote_seen
from canut.governance.moratoria.queries import moratoria_page, motion_seen
from canut.governance.moratoria.states import MoratoriumState
from canut.governance.moratoria.usecases.move_moratorium import move_moratorium
from canut.governance.moratoria.usecases.support_motion import (
    support_motion,
    withdraw_motion,
    withdraw_motion_support,
)
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.web.moratoria.forms import MotionForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def moratoria(request: HttpRequest) -> HttpResponse:
    """Show them all; posting moves a new one."""
    if request.method == "POST":
        return _move(request)  # type: ignore[arg-type]  # signed_in turns others away
    return _page(request, MotionForm())


@signed_in
def _move(request: SignedIn) -> HttpResponse:
    form = MotionForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        motion = move_moratorium(**form.cleaned_data, by=request.user, at=clock.now())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        show_above(form, refusal, {})
        return _page(request, form, status=refusal.status)
    messages.success(request, _("Moved. Your college sees it now, and your support is counted."))
    return redirect("moratorium", motion.pk)


def _page(request: HttpRequest, form: MotionForm, *, status: int = 200) -> HttpResponse:
    before = number_after(request)
    page = moratoria_page(by=_looker(request), at=clock.now(), before=before)
    context = {"page": page, "form": form, "is_further": before is not None}
    return render(request, "moratoria/moratoria.html", context, status=status)


@require_GET
@never_cache
def motion(request: HttpRequest, motion_id: int) -> HttpResponse:
    by, at = _looker(request), clock.now()
    seen = motion_seen(min(motion_id, LARGEST_ID), by=by, at=at)
    votes = [
        (name, vote_seen(vote_id, by=by, at=at))
        for name, vote_id in (
            (_("The vote of the college"), seen.vote_id),
            (_("The vote of all on whether it stays stopped"), seen.keep_vote_id),
        )
        if vote_id is not None
    ]
    context = {"motion": seen, "votes": votes[::-1], "gathers": seen.state == MoratoriumState.GATHERING}
    return render(request, "moratoria/motion.html", context)


@signed_in
@require_POST
def support(request: SignedIn, motion_id: int) -> HttpResponse:
    """Support a motion, or take one's support back."""
    number, at = min(motion_id, LARGEST_ID), clock.now()
    if request.POST.get("back") == "yes":
        withdraw_motion_support(motion_id=number, by=request.user, at=at)
        messages.success(request, _("Your support is taken back."))
    else:
        moved = support_motion(motion_id=number, by=request.user, at=at)
        voting = moved.state == MoratoriumState.VOTE
        messages.success(
            request,
            _("Your college votes on it now.") if voting else _("Your support is counted."),
        )
    return redirect("moratorium", number)


@signed_in
@require_POST
def withdraw(request: SignedIn, motion_id: int) -> HttpResponse:
    number = min(motion_id, LARGEST_ID)
    withdraw_motion(motion_id=number, by=request.user, at=clock.now())
    messages.success(request, _("Withdrawn. You can move it again."))
    return redirect("moratorium", number)


def _looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None
