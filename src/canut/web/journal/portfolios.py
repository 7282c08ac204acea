"""Choosing and ordering what goes into a portfolio, looking at it, and taking it along."""

from base64 import b64encode
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from canut.guilds.credentials.queries import Shape
from canut.guilds.journal.pdf import as_pdf, letters_missing_for
from canut.guilds.journal.portfolio import Offered, Portfolio, as_json, offered, portfolio_of
from canut.guilds.journal.queries import chosen_entries, journal_of
from canut.guilds.journal.usecases.choose_for_journal import checked_name, keep_portfolio_name
from canut.guilds.journal.usecases.place_entry import place_entry
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.journal.forms import PortfolioForm
from canut.web.onward import onward
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in

SHAPES: dict[str, tuple[Shape, ...]] = {
    "html": ("svg",),
    "pdf": ("png", "json"),
    "json": ("json",),
    "preview": ("svg",),
}
TYPES = {"html": "text/html; charset=utf-8", "pdf": "application/pdf", "json": "application/json"}
STYLE = (
    "body{max-width:42rem;margin:2rem auto;padding:0 1rem;color:#2b2320;background:#fff;"
    "font:1rem/1.55 system-ui,sans-serif}"
    "h1,h2,h3{line-height:1.2;overflow-wrap:anywhere}h2{color:#8f3324;margin-top:2rem}"
    ".facts{color:#5d544b;font-size:.9rem}"
    ".as-written{white-space:pre-line;overflow-wrap:anywhere}"
    ".badges{display:flex;flex-wrap:wrap;gap:1.5rem;padding:0;list-style:none}"
    ".badges img{display:block;width:9rem;height:9rem}"
    "@media print{h2,h3{break-after:avoid}}"
)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def portfolio(request: SignedIn) -> HttpResponse:
    """Show what is chosen and what the portfolio looks like; hand it out as a file when a button says so."""
    offer = offered(request.user)
    kept = journal_of(request.user).portfolio_name
    initial = {
        "name": kept or request.user.screen_name,
        "keeps_name": bool(kept),
        "badges": [str(one.credential_id) for one in offer.badges],
        "levels": [str(one.guild_id) for one in offer.levels],
    }
    posted = request.POST if request.method == "POST" else None
    form = PortfolioForm(posted, initial=initial, offered=offer)
    if form.is_bound and form.is_valid():
        asked = request.POST.get("as", "preview")
        try:
            return _handed_out(request, form, asked if asked in SHAPES else "preview")
        except Refusal as refusal:
            show_above(form, refusal)
    return _shown(request, form, None, offer=offer)


@signed_in
@require_POST
def place(request: SignedIn, entry_id: int) -> HttpResponse:
    """Put an entry at a place of the portfolio; without a number, take it out."""
    written = request.POST.get("position", "")
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 5 else None
    entry = place_entry(entry_id=entry_id, by=request.user, position=number)
    if entry.position is None:
        messages.success(request, _("“%(title)s” is not in the portfolio now.") % {"title": entry.title})
    else:
        told = _("“%(title)s” is number %(place)s of the portfolio now.")
        messages.success(request, told % {"title": entry.title, "place": entry.position})
    return redirect(onward(request) or f"{reverse('portfolio')}#entry-{entry.pk}")


def _handed_out(request: SignedIn, form: PortfolioForm, asked: str) -> HttpResponse:
    """Return the file that was asked for, or the page with it."""
    chosen = form.cleaned_data
    at = clock.now()
    name = checked_name(chosen["name"])
    keep_portfolio_name(by=request.user, name=name if chosen["keeps_name"] else "")
    made = portfolio_of(
        request.user,
        at=at,
        shapes=SHAPES[asked],
        name=name,
        badge_ids={UUID(one) for one in chosen.get("badges", ())},
        guild_ids={int(one) for one in chosen.get("levels", ())},
    )
    match asked:
        case "html":
            content: str | bytes = as_html(made)
        case "pdf":
            content = as_pdf(made, at=at, check_at=_check_at())
        case "json":
            content = as_json(made)
        case _:
            return _shown(request, form, made, offer=offered(request.user))
    answer = HttpResponse(content, content_type=TYPES[asked])
    answer.headers["Content-Disposition"] = f'attachment; filename="portfolio-{made.made_on}.{asked}"'
    return answer


def _shown(request: SignedIn, form: PortfolioForm, made: Portfolio | None, *, offer: Offered) -> HttpResponse:
    made = made or portfolio_of(request.user, at=clock.now(), shapes=SHAPES["preview"])
    entries = chosen_entries(request.user)
    page = {
        "form": form,
        "entries": entries,
        "offers": bool(entries or offer.badges or offer.levels),
        "missing": " ".join(letters_missing_for(made)[:12]),
        **_drawn(made),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "journal/portfolio.html", page, status=status)


def as_html(made: Portfolio) -> str:
    """Return a portfolio as a page that is whole in itself: no script, nothing from elsewhere.

    Its badges must have been asked for as "svg".
    """
    style_hash = b64encode(sha256(STYLE.encode()).digest()).decode()
    page = {**_drawn(made), "style": mark_safe(STYLE), "style_hash": style_hash}  # noqa: S308 - our own
    return render_to_string("journal/file.html", page)


def _drawn(made: Portfolio) -> dict[str, Any]:
    """Return a portfolio with its badges as addresses that hold the pictures."""
    pictures = [
        (badge, "data:image/svg+xml;base64," + b64encode(badge.files["svg"]).decode())
        for badge in made.badges
    ]
    return {"portfolio": made, "pictures": pictures, "check_at": _check_at()}


def _check_at() -> str:
    return f"{settings.SITE_URL}{reverse('check_badge')}"
