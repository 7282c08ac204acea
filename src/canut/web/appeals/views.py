"""The queue of appeals, and hearing one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from canut.kernel import clock
from canut.kernel.refusals import NotAllowed, NotFound, Refusal
from canut.web.appeals.forms import HearingForm
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.appeals import appeal_queue, hearing
from canut.work.queries.refusals import appealed_withdrawals, withdrawal_counts
from canut.work.queries.showing import loads_of
from canut.work.states import AppealState
from canut.work.usecases.hear_appeal import hear_appeal


@signed_in
@require_GET
def queue(request: SignedIn) -> HttpResponse:
    page = appeal_queue(
        by=request.user, state=request.GET.get("state", ""), after_id=number_after(request, "after")
    )
    withdrawals = withdrawal_counts()
    states = [
        (state.value, str(state.label), page.counts[state] + withdrawals[state]) for state in AppealState
    ]
    withdrawn = appealed_withdrawals(by=request.user, state=page.state)
    return render(request, "appeals/queue.html", {"page": page, "states": states, "withdrawn": withdrawn})


@signed_in
def hearing_page(request: SignedIn, appeal_id: int) -> HttpResponse:
    form = HearingForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                hear_appeal(
                    appeal_id=appeal_id,
                    by=request.user,
                    overturn=form.cleaned_data["decision"] == "overturn",
                    reason=form.cleaned_data["reason"],
                    at=clock.now(),
                )
            except (NotFound, NotAllowed):
                raise
            except Refusal as refusal:
                show_above(form, refusal)
                status = refusal.status
            else:
                messages.success(request, _("Decided. Both sides are told, with your reason."))
                return redirect("appeals")
    heard = hearing(appeal_id, by=request.user)
    answer = render(request, "appeals/hearing.html", {"heard": heard, "form": form}, status=status)
    answer.csp = loads_of(heard.handed_in)  # type: ignore[attr-defined]
    return answer
