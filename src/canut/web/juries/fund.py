"""The justice fund: what it holds, where it comes from, where it goes, and giving to it."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.justice.jury.fund import CURRENCY
from canut.justice.jury.queries import fund_seen
from canut.kernel import clock
from canut.kernel.money import format_money, parse_minor
from canut.kernel.refusals import Refusal
from canut.ledger.models import Kind
from canut.ledger.usecases.give_to_fund import give_to_fund
from canut.ledger.usecases.post_entries import EntryKeyReused
from canut.web.guilds.views import AT_THE_AMOUNT
from canut.web.money.forms import DepositForm, new_key
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@require_GET
@never_cache
def fund(request: HttpRequest) -> HttpResponse:
    """Show to everybody what the fund holds, and what moved."""
    return _page(request)


@signed_in
@require_POST
def give(request: SignedIn) -> HttpResponse:
    """Give to the fund that pays those who hear appeals."""
    form = DepositForm(request.POST, auto_id="gift_%s")
    if form.is_valid():
        try:
            amount_minor = parse_minor(form.cleaned_data["amount"], CURRENCY)
            give_to_fund(
                by=request.user,
                fund=Kind.JUSTICE_FUND,
                amount_minor=amount_minor,
                currency=CURRENCY,
                key=form.cleaned_data["key"],
                at=clock.now(),
            )
        except Refusal as refusal:
            if refusal.status == 403:
                raise
            show_above(form, refusal, dict.fromkeys(AT_THE_AMOUNT, "amount"))
            if isinstance(refusal, EntryKeyReused):
                form.renew_key()
        else:
            amount = format_money(amount_minor, CURRENCY)
            messages.success(
                request, _("%(amount)s is in the justice fund now. Thank you.") % {"amount": amount}
            )
            return redirect("justice_fund")
    return _page(request, gift=form, status=422)


def _page(request: HttpRequest, gift: DepositForm | None = None, status: int = 200) -> HttpResponse:
    before = _month(request.GET.get("before", ""))
    context = {
        "fund": fund_seen(at=clock.now(), before=before),
        "is_further": before is not None,
        "gift_form": gift or DepositForm(initial={"key": new_key()}, auto_id="gift_%s"),
    }
    return render(request, "juries/fund.html", context, status=status)


def _month(written: str) -> date | None:
    """Return the month before which the table goes on, such as 2026-03; None for nonsense."""
    try:
        found = date.fromisoformat(f"{written}-01")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None
