"""What those who run the site do: decide, look again, take back, and weigh what programs propose."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.sanctions.access import sanction_as_operator
from canut.justice.sanctions.queries import (
    can_be_reviewed_by_another,
    proposal_seen,
    proposals_page,
    published_grounds,
    sanctions_page,
    seen_by_operator,
)
from canut.justice.sanctions.states import ProposalState
from canut.justice.sanctions.usecases.decide_sanction import decide_sanction
from canut.justice.sanctions.usecases.end_sanction import withdraw_sanction
from canut.justice.sanctions.usecases.propose_sanction import set_aside_proposal
from canut.justice.sanctions.usecases.review_sanction import review_sanction
from canut.kernel import clock
from canut.kernel.money import parse_minor
from canut.kernel.refusals import Refusal
from canut.people.access import as_operator
from canut.people.queries import person_named
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.sanctions.forms import BackForm, DecideForm, ReviewForm
from canut.web.signed_in import SignedIn, signed_in

LISTS = ("", "holding", "review")


@signed_in
@require_GET
@never_cache
def every_one(request: SignedIn) -> HttpResponse:
    which = request.GET.get("which", "")
    which = which if which in LISTS else ""
    shown, following = sanctions_page(
        by=request.user, which=which, before_id=number_after(request), at=clock.now()
    )
    context = {
        "sanctions": shown,
        "following": following,
        "which": which,
        "is_first": "before" not in request.GET,
    }
    return render(request, "sanctions/all.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def decide(request: SignedIn) -> HttpResponse:
    as_operator(request.user)
    if request.method == "POST":
        return _decided(request)
    initial: dict[str, object] = {"screen_name": request.GET.get("person", "")[:30]}
    number = number_after(request, "proposal")
    if number is not None:
        proposed = proposal_seen(number, by=request.user)
        initial = {
            "screen_name": proposed.screen_name,
            "kind": proposed.kind,
            "ground": proposed.ground,
            "evidence": proposed.found,
            "proposal": proposed.id,
        }
    return _form(request, DecideForm(initial=initial))


def _decided(request: SignedIn) -> HttpResponse:
    form = DecideForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, status=422)
    given = form.cleaned_data
    person = person_named(given["screen_name"])
    if person is None:
        form.add_error("screen_name", _("Nobody here has this name. Check the spelling."))
        return _form(request, form, status=422)
    currency, amount = given["currency"].strip().upper(), given["amount"].strip()
    try:
        made = decide_sanction(
            person_id=person.id,
            kind=given["kind"],
            ground=given["ground"],
            evidence=given["evidence"],
            reason=given["reason"],
            bars=given["bars"],
            days=given["days"],
            currency=currency,
            amount_minor=parse_minor(amount, currency) if amount else None,
            files=given["attachments"],
            proposal_id=given["proposal"],
            by=request.user,
            at=clock.now(),
        )
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        show_above(form, refusal, {"amount_minor": "amount", "amount_refused": "amount"})
        return _form(request, form, status=refusal.status)
    messages.success(
        request,
        _("Decided. Its reasons leave by mail now; it takes effect a while after they were delivered."),
    )
    return redirect("sanction", made.pk)


def _form(request: SignedIn, form: DecideForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "grounds": published_grounds(),
        "is_alone": not can_be_reviewed_by_another(by=request.user),
    }
    return render(request, "sanctions/decide.html", context, status=status)


def page(
    request: SignedIn,
    sanction_id: int,
    *,
    reviewing: ReviewForm | None = None,
    taking_back: BackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a sanction to somebody who runs the site."""
    at = clock.now()
    seen = seen_by_operator(sanction_id, by=request.user, at=at)
    sanction = sanction_as_operator(sanction_id, by=request.user)
    context = {
        "sanction": seen,
        "may_review": seen.card.waits_for_review and request.user.pk != sanction.decided_by_id,
        "reviewing": reviewing or ReviewForm(),
        "taking_back": taking_back or BackForm(),
    }
    return render(request, "sanctions/operator.html", context, status=status)


@signed_in
@require_POST
def review(request: SignedIn, sanction_id: int) -> HttpResponse:
    number = min(sanction_id, LARGEST_ID)
    sanction_as_operator(number, by=request.user)
    form = ReviewForm(request.POST)
    if form.is_valid():
        try:
            review_sanction(sanction_id=number, by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(request, _("Said. Whom it touches is told by mail."))
            return redirect("sanction", number)
    return page(request, number, reviewing=form, status=422)


@signed_in
@require_POST
def withdraw(request: SignedIn, sanction_id: int) -> HttpResponse:
    number = min(sanction_id, LARGEST_ID)
    sanction_as_operator(number, by=request.user)
    form = BackForm(request.POST)
    if form.is_valid():
        try:
            withdraw_sanction(
                sanction_id=number, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(
                request, _("Taken back. What it barred is open again, and they are told by mail.")
            )
            return redirect("sanction", number)
    return page(request, number, taking_back=form, status=422)


@signed_in
@require_GET
@never_cache
def proposals(request: SignedIn) -> HttpResponse:
    shown, following = proposals_page(by=request.user, before_id=number_after(request))
    context = {"proposals": shown, "following": following, "is_first": "before" not in request.GET}
    return render(request, "sanctions/proposals.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def proposal(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Show what a program found; posting sets it aside."""
    number = min(proposal_id, LARGEST_ID)
    seen = proposal_seen(number, by=request.user)
    form = BackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_aside_proposal(
                proposal_id=number, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
            )
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal)
        else:
            messages.success(request, _("Set aside. Nothing follows from it."))
            return redirect("sanction_proposals")
    context = {"proposal": seen, "form": form, "is_open": seen.state == ProposalState.OPEN}
    return render(request, "sanctions/proposal.html", context, status=422 if form.errors else 200)
