"""A requester's balance, and adding play money to it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from canut.kernel import clock
from canut.kernel.money import format_money, parse_minor
from canut.kernel.refusals import Refusal
from canut.ledger.usecases.deposit_play_money import deposit_play_money
from canut.ledger.usecases.post_entries import EntryKeyReused
from canut.web.money.forms import DepositForm, new_key
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import require_requester
from canut.work.queries.money import money_page

AT_THE_AMOUNT = {"amount_refused": "amount", "deposit_too_small": "amount", "deposit_too_large": "amount"}


@signed_in
@require_GET
def money(request: SignedIn) -> HttpResponse:
    return _page(request, DepositForm(initial={"key": new_key()}))


@signed_in
@require_POST
def deposit(request: SignedIn) -> HttpResponse:
    require_requester(request.user)
    form = DepositForm(request.POST)
    currency = "EUR"
    if form.is_valid():
        try:
            amount_minor = parse_minor(form.cleaned_data["amount"], currency)
            deposit_play_money(
                by=request.user,
                amount_minor=amount_minor,
                currency=currency,
                key=form.cleaned_data["key"],
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal, AT_THE_AMOUNT)
            if isinstance(refusal, EntryKeyReused):
                form.renew_key()
        else:
            amount = format_money(amount_minor, currency)
            messages.success(request, _("%(amount)s of play money is on your balance.") % {"amount": amount})
            return redirect("money")
    return _page(request, form, status=422)


def _page(request: SignedIn, form: DepositForm, status: int = 200) -> HttpResponse:
    page = money_page(by=request.user, at=clock.now(), before_id=number_after(request))
    return render(request, "money/money.html", {"page": page, "form": form}, status=status)
