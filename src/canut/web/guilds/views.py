"""The list of guilds, one guild, and being in it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.charter.constitution.queries import is_ratification_answered
from canut.charter.queries import in_force
from canut.guilds.access import own_membership
from canut.guilds.queries.earnings import level_earnings
from canut.guilds.queries.guilds import guild_seen, guilds_page, invitations_by, invitations_of
from canut.guilds.queries.invitations import answered_lately
from canut.guilds.usecases.answer_invitation import answer_invitation
from canut.guilds.usecases.change_guild import change_guild
from canut.guilds.usecases.found_guild import found_guild, refuse_operators_founding
from canut.guilds.usecases.invite_person import invite_person
from canut.guilds.usecases.join_guild import join_guild
from canut.guilds.usecases.leave_guild import leave_guild
from canut.guilds.usecases.withdraw_invitation import withdraw_invitation
from canut.kernel import clock
from canut.kernel.money import format_money, parse_minor
from canut.kernel.refusals import NotFound, Refusal
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor
from canut.ledger.usecases.give_to_fund import give_to_fund
from canut.ledger.usecases.post_entries import EntryKeyReused
from canut.people.access import as_operator
from canut.people.models import Person
from canut.web.guilds.forms import ChangeForm, FoundForm, InviteForm
from canut.web.money.forms import DepositForm, new_key
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

AT_THE_AMOUNT = ("amount_refused", "gift_too_small", "insufficient_funds")


def _looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@require_GET
@never_cache
def guilds(request: HttpRequest) -> HttpResponse:
    by = _looker(request)
    page = guilds_page(by=by, words=request.GET.get("words", ""), after_id=number_after(request, "after"))
    context = {
        "page": page,
        "is_first": "after" not in request.GET,
        "members_found": is_ratification_answered(),
        "invitations": () if by is None else invitations_of(by),
    }
    return render(request, "guilds/guilds.html", context)


@require_GET
@never_cache
def guild(request: HttpRequest, guild_id: int) -> HttpResponse:
    return _guild_page(request, guild_id)


def _guild_page(
    request: HttpRequest,
    guild_id: int,
    form: InviteForm | None = None,
    gift: DepositForm | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = _looker(request), clock.now()
    seen = guild_seen(min(guild_id, LARGEST_ID), by=by, at=at)
    earned = {one.level: one for one in level_earnings(seen.id, at=at)}
    levels = [
        {
            "level": level,
            "members": seen.members_at.get(level, 0),
            "hourly_minor": earned[level].hourly_minor if level in earned else None,
            "people": earned[level].people if level in earned else 0,
        }
        for level in sorted({*seen.members_at, *earned})
    ]
    may_invite = by is not None and (seen.own_level is not None or by.is_operator)
    context = {
        "guild": seen,
        "levels": levels,
        "days": in_force("guild.earnings_days", at=at),
        "fund_minor": fund_minor(Kind.GUILD_FUND, "EUR"),
        "gift_form": gift or DepositForm(initial={"key": new_key()}, auto_id="gift_%s"),
        "may_invite": may_invite,
        "invite_form": form or InviteForm(),
        "invited": invitations_by(by, guild_id=seen.id) if by is not None and may_invite else (),
        "answered": answered_lately(by, guild_id=seen.id, at=at) if by is not None and may_invite else (),
    }
    return render(request, "guilds/guild.html", context, status=status)


@signed_in
@require_POST
def join(request: SignedIn, guild_id: int) -> HttpResponse:
    member = join_guild(guild_id=min(guild_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(request, _("You are in, at level %(level)s.") % {"level": member.level})
    return redirect("guild", member.guild_id)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def leave(request: SignedIn, guild_id: int) -> HttpResponse:
    """Say what leaving means, and leave when the button is pressed."""
    member = own_membership(min(guild_id, LARGEST_ID), by=request.user)
    if request.method == "POST":
        leave_guild(guild_id=member.guild_id, by=request.user, at=clock.now())
        messages.success(request, _("You have left. You can come back on this page."))
        return redirect("guild", member.guild_id)
    seen = guild_seen(member.guild_id, by=request.user, at=clock.now())
    return render(request, "guilds/leave.html", {"guild": seen})


@signed_in
@require_POST
def invite(request: SignedIn, guild_id: int) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        try:
            invite_person(
                guild_id=min(guild_id, LARGEST_ID),
                by=request.user,
                screen_name=form.cleaned_data["screen_name"],
                at=clock.now(),
            )
        except Refusal as refusal:
            if isinstance(refusal, NotFound) and refusal.code == "guild_not_found":
                raise
            show_above(form, refusal, {refusal.code: "screen_name"})
        else:
            messages.success(
                request, _("%(name)s is invited.") % {"name": form.cleaned_data["screen_name"].strip()}
            )
            return redirect("guild", guild_id)
    return _guild_page(request, guild_id, form=form, status=422)


@signed_in
@require_POST
def give(request: SignedIn, guild_id: int) -> HttpResponse:
    """Give to the fund that pays the reviews of all guilds."""
    form = DepositForm(request.POST, auto_id="gift_%s")
    if form.is_valid():
        try:
            amount_minor = parse_minor(form.cleaned_data["amount"], "EUR")
            give_to_fund(
                by=request.user,
                fund=Kind.GUILD_FUND,
                amount_minor=amount_minor,
                currency="EUR",
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
            amount = format_money(amount_minor, "EUR")
            messages.success(
                request, _("%(amount)s is in the guild fund now. Thank you.") % {"amount": amount}
            )
            return redirect("guild", guild_id)
    return _guild_page(request, guild_id, gift=form, status=422)


@signed_in
@require_POST
def answer(request: SignedIn, invitation_id: int) -> HttpResponse:
    accept = request.POST.get("answer") == "accept"
    invitation = answer_invitation(
        invitation_id=min(invitation_id, LARGEST_ID), by=request.user, accept=accept, at=clock.now()
    )
    if accept:
        messages.success(request, _("You are in the guild now."))
    else:
        messages.success(request, _("You have declined."))
    return redirect("guild", invitation.guild_id)


@signed_in
@require_POST
def withdraw(request: SignedIn, invitation_id: int) -> HttpResponse:
    invitation = withdraw_invitation(
        invitation_id=min(invitation_id, LARGEST_ID), by=request.user, at=clock.now()
    )
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("guild", invitation.guild_id)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def found(request: SignedIn) -> HttpResponse:
    as_operator(request.user)
    refuse_operators_founding()
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            founded = found_guild(by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, {"screen_name_taken": "screen_name"})
        else:
            messages.success(request, _("The guild is founded."))
            return redirect("guild", founded.pk)
    return render(
        request, "guilds/found.html", {"form": form}, status=422 if form.is_bound and form.errors else 200
    )


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: SignedIn, guild_id: int) -> HttpResponse:
    as_operator(request.user)
    seen = guild_seen(min(guild_id, LARGEST_ID), by=request.user, at=clock.now())
    before = {
        "craft": seen.craft,
        "charter_text": seen.charter_text,
        "joining": "invitation" if seen.by_invitation else "open",
        "language": seen.language,
    }
    form = ChangeForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            change_guild(guild_id=seen.id, by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("The guild is changed."))
            return redirect("guild", seen.id)
    return render(
        request,
        "guilds/change.html",
        {"form": form, "guild": seen},
        status=422 if form.is_bound and form.errors else 200,
    )
