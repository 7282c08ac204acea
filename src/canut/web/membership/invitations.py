"""Inviting somebody to become a member, and following an invitation's link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.membership.access import require_member
from canut.membership.queries import standing_of
from canut.membership.queries_people import invitation_seen, invitations_left, invitations_made
from canut.membership.usecases.accept_invitation import accept_invitation
from canut.membership.usecases.invite_member import invite_member, withdraw_member_invitation
from canut.people.models import Person
from canut.web.membership.forms import InviteForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

A_PAGE = 20


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def made(request: SignedIn) -> HttpResponse:
    """List the invitations that one made, and make one."""
    at = clock.now()
    require_member(request.user, at)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_member(by=request.user, email=form.cleaned_data["email"], at=at)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("member_invitations")
    rows = invitations_made(request.user, before_id=number_after(request), most=A_PAGE + 1)
    context = {
        "form": form,
        "invitations": rows[:A_PAGE],
        "following": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        "is_first": "before" not in request.GET,
        "left": invitations_left(request.user, at=at),
        "standing": standing_of(request.user, at),
    }
    return render(request, "membership/invitations.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def withdraw(request: SignedIn, invitation_id: int) -> HttpResponse:
    withdraw_member_invitation(invitation_id=min(invitation_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("The invitation is taken back, and the address is forgotten."))
    return redirect("member_invitations")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation to whoever has its link; reading changes nothing, for programs follow links."""
    by = request.user if isinstance(request.user, Person) else None
    at = clock.now()
    if request.method == "POST" and by is not None:
        accept_invitation(token=token, by=by, at=at)
        messages.success(request, _("Welcome: you are a member now."))
        return redirect("membership")
    seen = invitation_seen(token, by=by, at=at)
    return render(request, "membership/invitation.html", {"invitation": seen})
