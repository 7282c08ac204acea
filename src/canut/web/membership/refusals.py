"""Whom operators did not admit, what they are told of it, and contesting it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from canut.justice.queries import case_about
from canut.justice.states import CaseKind
from canut.justice.usecases.contest_refusal import contest_refusal
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.membership.queries_refusals import own_refusal_seen, refusals_page
from canut.membership.usecases.refuse_admission import LONGEST_REASON
from canut.web.cases.forms import AppealForm
from canut.web.cases.views import FIELD_OF
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


class ContestForm(AppealForm):
    """What members should know who hear the contest."""

    words = forms.CharField(
        label=gettext_lazy("What you want the members to know"),
        required=False,
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("They are not told who you are. Do not sign it."),
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


@signed_in
@require_GET
@never_cache
def refusals(request: SignedIn) -> HttpResponse:
    """Show operators whom they refused, and what became of it."""
    shown, following = refusals_page(by=request.user, before_id=number_after(request))
    context = {"refusals": shown, "following": following, "is_first": "before" not in request.GET}
    return render(request, "membership/refusals.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def refusal(request: SignedIn, refusal_id: int) -> HttpResponse:
    """Show somebody why they were not admitted, and take their contest."""
    at = clock.now()
    refusal_id = min(refusal_id, LARGEST_ID)
    is_sent = request.method == "POST"
    form = ContestForm(request.POST, request.FILES) if is_sent else ContestForm()
    status = 200
    if is_sent:
        status = 422
        if form.is_valid():
            sent = form.sent()
            try:
                case = contest_refusal(
                    refusal_id=refusal_id,
                    by=request.user,
                    words=form.cleaned_data["words"],
                    files=[sent] if sent else [],
                    at=at,
                )
            except NotFound:
                raise
            except Refusal as refused:
                if refused.status == 403:
                    raise
                show_above(form, refused, FIELD_OF)
                status = refused.status
            else:
                messages.success(request, _("Contested. Members who had no part in it hear it."))
                return redirect("case", case.pk)
    seen = own_refusal_seen(refusal_id, by=request.user, at=at)
    context = {"seen": seen, "form": form, "case_id": case_about(CaseKind.ADMISSION, seen.id)}
    return render(request, "membership/refusal.html", context, status=status)
