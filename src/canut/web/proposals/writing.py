"""Writing a proposal and amending a draft: one form of words, settings and articles."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from canut.charter.parameters import PARAMETERS
from canut.governance.access import own_proposal_to_read, proposal_known, version_that_counts
from canut.governance.models import Proposal
from canut.governance.states import CameBy, ProposalState
from canut.governance.usecases.amend_draft import amend_draft, must_be_amendable
from canut.governance.usecases.propose_idea import propose_idea
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.membership.access import require_member
from canut.web.paging import LARGEST_ID, number_after
from canut.web.proposals.forms import NEW_ARTICLE, WholeForm, article_start, is_article, start_of
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def propose(request: SignedIn) -> HttpResponse:
    """Write an idea; the address may name a parameter, an article, a guild, or a proposal it comes from."""
    at = clock.now()
    require_member(request.user, at)
    came_by, earlier = _came_from(request)
    status = 200
    if request.method == "GET":
        form = _begun(request, came_by, earlier, at)
    else:
        form = WholeForm(request.POST, at=at)
        if not form.is_rebuilt and form.is_valid():
            try:
                proposal = propose_idea(
                    by=request.user,
                    content=form.content(),
                    at=at,
                    comes_from=None if earlier is None else earlier.pk,
                    came_by=came_by or CameBy.COMEBACK,
                )
            except Refusal as refusal:
                show_in_parts(form, refusal)
            else:
                messages.success(
                    request, _("Your idea is on the list. It becomes a draft when enough members support it.")
                )
                return redirect("proposal", proposal.pk)
        status = 200 if form.is_rebuilt else 422
    context = {"form": form, "came_by": came_by, "earlier": earlier}
    return render(request, "proposals/write.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def amend(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Write the next version of one's own draft."""
    at = clock.now()
    require_member(request.user, at)
    proposal = own_proposal_to_read(min(proposal_id, LARGEST_ID), by=request.user)
    must_be_amendable(proposal)
    version = version_that_counts(proposal)
    status = 200
    if request.method == "GET":
        words = {
            name: getattr(version, name)
            for name in ("language", "title", "text", "translated_title", "translated_text")
        }
        start = words | {"written_on": version.number}
        form = WholeForm(at=at, start=start, amends=True, **start_of(version))
    else:
        form = WholeForm(request.POST, at=at, amends=True)
        if not form.is_rebuilt and form.is_valid():
            try:
                written = amend_draft(
                    proposal_id=proposal.pk,
                    by=request.user,
                    content=form.content(),
                    written_on=form.words.cleaned_data["written_on"],
                    at=at,
                )
            except Refusal as refusal:
                show_in_parts(form, refusal)
            else:
                messages.success(
                    request, _("Version %(number)s is there for all to read.") % {"number": written.number}
                )
                return redirect("proposal", proposal.pk)
        status = 200 if form.is_rebuilt else 422
    return render(request, "proposals/write.html", {"form": form, "amended": proposal}, status=status)


def show_in_parts(form: WholeForm, refusal: Refusal) -> None:
    """Show a refusal at the setting, the article or the guild's field that it is about, else at the words."""
    if refusal.status == 403 or refusal.status == 404:
        raise refusal
    named = refusal.facts.get("errors", {})
    shown = False
    for field, sentence in named.items():
        part, _dot, place = field.partition(".")
        if part == "guild" and form.guild is not None and place in form.guild.fields:
            form.guild.add_error(place, str(sentence))
            shown = True
            continue
        parts: Any = {"settings": form.settings, "articles": form.articles}.get(part, ())
        if place.isdecimal() and 0 < int(place) <= len(parts):
            parts[int(place) - 1].add_error("value" if part == "settings" else None, str(sentence))
            shown = True
    if not shown:
        show_above(form.words, refusal, {"settings": "", "articles": "", "guild": ""})


def _came_from(request: HttpRequest) -> tuple[str, Proposal | None]:
    """Return whether what is written brings something back or goes back on it, and on what."""
    for came_by, name in ((CameBy.COMEBACK, "brings_back"), (CameBy.GOING_BACK, "goes_back_on")):
        if name in request.GET:
            return str(came_by), proposal_known(number_after(request, name) or 0)
    return "", None


def _begun(request: HttpRequest, came_by: str, earlier: Proposal | None, at: datetime) -> WholeForm:
    """Return the form with what the address asks for in it."""
    language = (get_language() or "en")[:2]
    if earlier is not None and earlier.state != ProposalState.IDEA:
        version = version_that_counts(earlier)
        goes_back = came_by == CameBy.GOING_BACK
        words = {"language": language}
        if goes_back:
            words["title"] = (_("Go back on: %(title)s") % {"title": version.title})[:120]
        else:
            words = {
                name: getattr(version, name)
                for name in ("language", "title", "text", "translated_title", "translated_text")
            }
        return WholeForm(at=at, start=words, **start_of(version, goes_back=goes_back))
    names, keys = request.GET.getlist("parameter")[:10], request.GET.getlist("article")[:10]
    if any(name not in PARAMETERS for name in names):
        raise NotFound(_("The charter has no parameter of this name."))
    if any(not is_article(key, at) for key in keys):
        raise NotFound(_("The constitution has no article of this name."))
    if request.GET.get("founds"):
        return WholeForm(at=at, start={"language": language}, guild={})
    return WholeForm(
        at=at,
        start={"language": language},
        settings=[(name, {}) for name in dict.fromkeys(names)],
        articles=[
            (key, {} if key == NEW_ARTICLE else article_start(key, at=at)) for key in dict.fromkeys(keys)
        ],
    )
