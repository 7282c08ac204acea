"""Saving a search from the feed, changing and deleting it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from canut.kernel import clock
from canut.kernel.refusals import BadInput, Refusal
from canut.people.queries_notices import browsers_of
from canut.web.refusals import show_above
from canut.web.searches.forms import SearchForm
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import require_worker
from canut.work.models.searches import Notice, Pace
from canut.work.queries.feed_filters import describe, filters_from
from canut.work.queries.searches import feed_asked, saved_search, saved_searches
from canut.work.rules_searches import LONGEST_NAME
from canut.work.usecases.drop_search import drop_search
from canut.work.usecases.save_search import change_search, save_search

_FIELDS = {"search_name_taken": "name"}


@signed_in
@require_GET
def searches(request: SignedIn) -> HttpResponse:
    return render(request, "searches/searches.html", {"searches": saved_searches(by=request.user)})


@signed_in
@require_http_methods(["GET", "POST"])
def save(request: SignedIn) -> HttpResponse:
    """Save the filters in the address under a name; what cannot be read of them, the feed's form names."""
    require_worker(request.user)
    try:
        filters = filters_from(request.GET)
    except BadInput:
        return redirect(f"{reverse('feed')}?{request.GET.urlencode()}")
    described = describe(filters)
    initial = {
        "name": described[:1].upper() + described[1:LONGEST_NAME],
        "notice": Notice.MAIL,
        "pace": Pace.AT_ONCE,
    }
    form = SearchForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            search = save_search(by=request.user, filters=filters, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, _FIELDS)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": search.name})
            return redirect("searches")
    page = {"form": form, "described": described, "asked": feed_asked(filters)}
    return render(request, "searches/save.html", page | _ways(request), status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: SignedIn, search_id: int) -> HttpResponse:
    search = saved_search(search_id, by=request.user)
    initial = {"name": search.name, "notice": search.notice, "pace": search.pace}
    form = SearchForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_search(search_id=search_id, by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, _FIELDS)
        else:
            messages.success(request, _("Saved: %(name)s.") % {"name": changed.name})
            return redirect("searches")
    page = {"form": form, "search": search, "described": search.described, "asked": search.asked}
    return render(request, "searches/change.html", page | _ways(request), status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, search_id: int) -> HttpResponse:
    """Ask, and delete when the button is pressed."""
    search = saved_search(search_id, by=request.user)
    if request.method == "POST":
        name = drop_search(search_id=search_id, by=request.user)
        messages.success(request, _("Deleted: %(name)s.") % {"name": name})
        return redirect("searches")
    return render(request, "searches/drop.html", {"search": search})


def _ways(request: SignedIn) -> dict[str, Any]:
    return {"has_browser": bool(browsers_of(request.user.pk))}


def _status(form: SearchForm) -> int:
    return 422 if form.is_bound and form.errors else 200
