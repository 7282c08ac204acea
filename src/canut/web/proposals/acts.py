"""What is done to a proposal: support, the sense check, the team's look, withdrawing, and the first vote."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from canut.governance.access import own_proposal_to_read
from canut.governance.queries.proposals import proposal_seen
from canut.governance.states import ProposalState
from canut.governance.usecases.ask_ratification import open_ratification, propose_ratification
from canut.governance.usecases.check_sense import check_sense
from canut.governance.usecases.end_proposal import withdraw_proposal
from canut.governance.usecases.judge_feasibility import ask_feasibility, say_feasibility
from canut.governance.usecases.support_idea import support_idea, withdraw_support
from canut.kernel import clock
from canut.kernel.refusals import BadInput, Refusal
from canut.web.paging import LARGEST_ID
from canut.web.proposals.forms import FeasibilityForm, SenseForm
from canut.web.proposals.views import proposal_page
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_POST
def support(request: SignedIn, proposal_id: int) -> HttpResponse:
    number, at = min(proposal_id, LARGEST_ID), clock.now()
    if request.POST.get("wanted") == "no":
        withdraw_support(proposal_id=number, by=request.user, at=at)
        messages.success(request, _("You do not support it any more."))
    else:
        proposal = support_idea(proposal_id=number, by=request.user, at=at)
        messages.success(
            request,
            _("You support it. Nobody is told who does.")
            if proposal.state == ProposalState.IDEA
            else _("You support it, and so do enough members: it goes on."),
        )
    return redirect("proposal", proposal_id)


@signed_in
@require_POST
def sense(request: SignedIn, proposal_id: int) -> HttpResponse:
    form = SenseForm(request.POST, auto_id="sense_%s")
    if form.is_valid():
        try:
            check_sense(
                proposal_id=min(proposal_id, LARGEST_ID), by=request.user, at=clock.now(), **form.cleaned_data
            )
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("What you think stands beside the draft now."))
            return redirect("proposal", proposal_id)
    return proposal_page(request, proposal_id, sense_form=form, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def to_team(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Say what sending a draft to the team means, and send it when the button is pressed."""
    number = min(proposal_id, LARGEST_ID)
    own_proposal_to_read(number, by=request.user)
    fault = ""
    if request.method == "POST":
        try:
            ask_feasibility(proposal_id=number, by=request.user, at=clock.now())
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            fault = " ".join([str(refusal), *(str(one) for one in refusal.facts.get("errors", {}).values())])
        else:
            messages.success(request, _("The draft is before the team now."))
            return redirect("proposal", proposal_id)
    seen = proposal_seen(number, by=request.user, at=clock.now())
    context = {"proposal": seen, "fault": fault}
    return render(request, "proposals/to_team.html", context, status=409 if fault else 200)


@signed_in
@require_POST
def feasibility(request: SignedIn, proposal_id: int) -> HttpResponse:
    form = FeasibilityForm(request.POST, auto_id="team_%s")
    if form.is_valid():
        try:
            say_feasibility(
                proposal_id=min(proposal_id, LARGEST_ID), by=request.user, at=clock.now(), **form.cleaned_data
            )
        except BadInput as refusal:
            show_above(form, refusal, {"help": "help_text"})
        else:
            messages.success(request, _("The team's answer is on the page."))
            return redirect("proposal", proposal_id)
    return proposal_page(request, proposal_id, feasibility_form=form, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def withdraw(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Say what withdrawing means, and do it when the button is pressed."""
    number = min(proposal_id, LARGEST_ID)
    own_proposal_to_read(number, by=request.user)
    if request.method == "POST":
        withdraw_proposal(proposal_id=number, by=request.user, at=clock.now())
        messages.success(request, _("It is withdrawn."))
        return redirect("proposal", proposal_id)
    seen = proposal_seen(number, by=request.user, at=clock.now())
    return render(request, "proposals/withdraw.html", {"proposal": seen})


@signed_in
@require_POST
def ratification(request: SignedIn) -> HttpResponse:
    """Open the first vote as an operator, or propose the question again as a member."""
    if request.POST.get("as") == "operator":
        proposal = open_ratification(by=request.user, at=clock.now())
        messages.success(request, _("The vote on the constitution is open."))
    else:
        proposal = propose_ratification(by=request.user, at=clock.now())
        messages.success(request, _("It is proposed. It goes to the vote when enough members support it."))
    return redirect("proposal", proposal.pk)
