"""One's own membership: where one stands and why, asking to be admitted, the college, and leaving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.membership.access import require_member
from canut.membership.queries import standing_of
from canut.membership.queries_lots import own_ticket, seats_of_person
from canut.membership.queries_people import college_counts, invitations_left, members_page, own_request
from canut.membership.queries_refusals import own_refusals
from canut.membership.usecases.ask_admission import ask_admission, withdraw_request
from canut.membership.usecases.choose_college import choose_college
from canut.membership.usecases.end_membership import leave_membership
from canut.people.models import Person
from canut.web.membership.forms import AskForm, CollegeForm
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@require_GET
@never_cache
def membership(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    asking: AskForm | None = None,
    choosing: CollegeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    at = clock.now()
    by = request.user if isinstance(request.user, Person) else None
    context: dict[str, Any] = {"counts": college_counts(at)}
    if by is None:
        return render(request, "membership/membership.html", context)
    standing = standing_of(by, at)
    waiting = None if standing.is_admitted else own_request(by, at)
    context |= {
        "standing": standing,
        "may_choose_now": standing.may_choose_at is not None and standing.may_choose_at <= at,
        "choosing": choosing or CollegeForm(initial={"college": standing.college}),
        "asked": waiting,
        "refused": [] if standing.is_admitted else own_refusals(by=by, at=at, most=1),
        "asking": asking or AskForm(initial={"words": waiting.words if waiting else ""}),
        "seats": seats_of_person(by, at=at),
        "ticket": own_ticket(by),
        "invitations_left": invitations_left(by, at=at) if standing.may_vote else 0,
    }
    return render(request, "membership/membership.html", context, status=status)


@signed_in
@require_POST
def ask(request: SignedIn) -> HttpResponse:
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_admission(by=request.user, words=form.cleaned_data["words"], at=clock.now())
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(
                request,
                _("You have asked. Members may vouch for you now; you are told by mail when you are in."),
            )
            return redirect("membership")
    return _page(request, asking=form, status=422)


@signed_in
@require_POST
def withdraw(request: SignedIn) -> HttpResponse:
    withdraw_request(by=request.user, at=clock.now())
    messages.success(request, _("You ask no more. Nothing of what you wrote is kept."))
    return redirect("membership")


@signed_in
@require_POST
def college(request: SignedIn) -> HttpResponse:
    form = CollegeForm(request.POST)
    if form.is_valid():
        try:
            choose_college(by=request.user, college=form.cleaned_data["college"], at=clock.now())
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(request, _("Chosen. It counts for votes that open from now on."))
            return redirect("membership")
    return _page(request, choosing=form, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def leave(request: SignedIn) -> HttpResponse:
    """Say what leaving means, and leave when the button is pressed."""
    if request.method == "POST":
        leave_membership(by=request.user, at=clock.now())
        messages.success(request, _("You are no member any more. You can ask to be admitted again."))
        return redirect("membership")
    require_member(request.user, clock.now())
    return render(request, "membership/leave.html")


@signed_in
@require_GET
@never_cache
def members(request: SignedIn) -> HttpResponse:
    page = members_page(
        by=request.user,
        words=request.GET.get("words", ""),
        after_id=number_after(request, "after"),
        at=clock.now(),
    )
    return render(request, "membership/members.html", {"page": page, "is_first": "after" not in request.GET})
