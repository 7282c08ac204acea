"""What somebody was given of requesters' qualifications: seeing it, giving it up, taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.reputation.queries_qualifications import A_PAGE, held_by
from canut.reputation.usecases.give_up_qualification import give_up_qualification, take_back_qualification
from canut.web.paging import LARGEST_ID, number_after
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def held(request: SignedIn) -> HttpResponse:
    """List what the person who looks was given, with whose it is, why, and what became of it."""
    before = number_after(request)
    rows = held_by(request.user, before_id=before, most=A_PAGE + 1)
    page = {
        "rows": rows[:A_PAGE],
        "next_cursor": rows[A_PAGE - 1].grant_id if len(rows) > A_PAGE else None,
        "is_further": before is not None,
    }
    return render(request, "qualifications/held.html", page)


@signed_in
@require_POST
def give_up(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Do without one."""
    give_up_qualification(qualification_id=min(qualification_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("Given up. Nobody can give it to you again until you take it back."))
    return redirect("held_qualifications")


@signed_in
@require_POST
def take_back(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Have it again."""
    take_back_qualification(
        qualification_id=min(qualification_id, LARGEST_ID), by=request.user, at=clock.now()
    )
    messages.success(request, _("You hold it again."))
    return redirect("held_qualifications")
