"""Who asks to be admitted: members vouch for them, and operators check who they are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.membership.queries import standing_of
from canut.membership.queries_people import RequestSeen, checks_page, request_seen, requests_page
from canut.membership.states import RequestState
from canut.membership.usecases.check_identity import check_identity
from canut.membership.usecases.refuse_admission import refuse_admission
from canut.membership.usecases.vouch import take_back_voucher, vouch
from canut.people.access import as_operator
from canut.web.membership.forms import CheckForm, RefuseForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def waiting(request: SignedIn) -> HttpResponse:
    at = clock.now()
    page = requests_page(by=request.user, after_id=number_after(request, "after"), at=at)
    context = {
        "page": page,
        "is_first": "after" not in request.GET,
        "may_vouch": standing_of(request.user, at).may_vote,
    }
    return render(request, "membership/requests.html", context)


@signed_in
@require_POST
def give(request: SignedIn, request_id: int) -> HttpResponse:
    asked = vouch(request_id=min(request_id, LARGEST_ID), by=request.user, at=clock.now())
    if asked.state == RequestState.ADMITTED:
        messages.success(request, _("Yours was the last voucher it took: they are a member now."))
    else:
        messages.success(request, _("You vouch for them. You can take that back until they are admitted."))
    return redirect("admission_requests")


@signed_in
@require_POST
def take_back(request: SignedIn, request_id: int) -> HttpResponse:
    take_back_voucher(request_id=min(request_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("You do not vouch for them any more."))
    return redirect("admission_requests")


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def check(request: SignedIn, request_id: int) -> HttpResponse:
    """Say, as an operator, that somebody who asks is who they are, and admit them."""

    def admit(asked: RequestSeen, details: Mapping[str, Any], at: datetime) -> str:
        check_identity(person_id=asked.person_id, by=request.user, at=at, **details)
        return _("%(name)s is a member now, and is told by mail.") % {"name": asked.screen_name}

    return _decide(request, request_id, CheckForm(request.POST or None), admit, "membership/check.html")


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def refuse(request: SignedIn, request_id: int) -> HttpResponse:
    """Refuse, as an operator, to admit somebody who asks."""

    def turn_down(asked: RequestSeen, details: Mapping[str, Any], at: datetime) -> str:
        refuse_admission(request_id=asked.id, by=request.user, at=at, **details)
        return _("%(name)s is told by mail, with your reason.") % {"name": asked.screen_name}

    return _decide(request, request_id, RefuseForm(request.POST or None), turn_down, "membership/refuse.html")


def _decide(
    request: SignedIn,
    request_id: int,
    form: forms.Form,
    act: Callable[[RequestSeen, Mapping[str, Any], datetime], str],
    template: str,
) -> HttpResponse:
    """Show an operator somebody who asks, and do what the form says; `act` returns what they are told."""
    at = clock.now()
    as_operator(request.user)
    asked = request_seen(min(request_id, LARGEST_ID), by=request.user, at=at)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(asked, form.cleaned_data, at))
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            return redirect("admission_requests")
    context = {"asked": asked, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


@signed_in
@require_GET
@never_cache
def checks(request: SignedIn) -> HttpResponse:
    shown, following = checks_page(by=request.user, before_id=number_after(request))
    context = {"checks": shown, "following": following, "is_first": "before" not in request.GET}
    return render(request, "membership/checks.html", context)
