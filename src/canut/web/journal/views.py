"""Somebody's own journal: reading, writing, changing and deleting its entries."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.guilds.journal.limits import LONGEST_TITLE
from canut.guilds.journal.queries import (
    Batch,
    Entry,
    batch_of,
    batches_of,
    entry_seen,
    journal_of,
    journal_page,
    today_of,
)
from canut.guilds.journal.queries import invitations as invitations_of
from canut.guilds.journal.usecases.choose_for_journal import choose_invitations
from canut.guilds.journal.usecases.drop_entry import drop_entry
from canut.guilds.journal.usecases.write_entry import EntryChangedMeanwhile, change_entry, write_entry
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.journal.forms import EntryForm, as_typed
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def journal(request: SignedIn) -> HttpResponse:
    before = number_after(request)
    page = journal_page(by=request.user, words=request.GET.get("words", ""), before_id=before)
    context = {
        "page": page,
        "invites": journal_of(request.user).invites,
        "invitations": invitations_of(by=request.user) if before is None and not page.words else (),
    }
    return render(request, "journal/journal.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def write(request: SignedIn) -> HttpResponse:
    """Write an entry, about the project in the address if one is named that the writer worked in."""
    about = number_after(request, "project")
    batch = None if about is None else batch_of(about, by=request.user)
    initial: dict[str, Any] = {"learnt_on": today_of(request.user, at=clock.now())}
    if batch is not None:
        initial |= {"title": batch.title[:LONGEST_TITLE], "project_id": batch.project_id}
    form = EntryForm(request.POST or None, initial=initial, batches=batches_of(request.user))
    if request.method == "POST" and form.is_valid():
        typed = {name: value for name, value in form.cleaned_data.items() if name != "based_on"}
        try:
            entry = write_entry(by=request.user, at=clock.now(), **typed)
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Written down: %(title)s.") % {"title": entry.title})
            return redirect("journal")
    return render(request, "journal/write.html", {"form": form, "batch": batch}, status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: SignedIn, entry_id: int) -> HttpResponse:
    entry = entry_seen(entry_id, by=request.user)
    form = EntryForm(
        request.POST or None, initial=as_typed(entry), batches=_with_its_own(batches_of(request.user), entry)
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_entry(entry_id=entry_id, by=request.user, at=clock.now(), **form.cleaned_data)
        except EntryChangedMeanwhile as refused:
            form.rebase(entry_seen(entry_id, by=request.user).changed_at)
            show_above(form, refused)
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Saved: %(title)s.") % {"title": changed.title})
            return redirect("journal")
    return render(request, "journal/change.html", {"form": form, "entry": entry}, status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def drop(request: SignedIn, entry_id: int) -> HttpResponse:
    """Ask, and delete when the button is pressed."""
    entry = entry_seen(entry_id, by=request.user)
    if request.method == "POST":
        title = drop_entry(entry_id=entry_id, by=request.user)
        messages.success(request, _("Deleted: %(title)s.") % {"title": title})
        return redirect("journal")
    return render(request, "journal/drop.html", {"entry": entry})


@signed_in
@require_POST
def invitations(request: SignedIn) -> HttpResponse:
    """Say whether one wants to be asked after a batch."""
    if choose_invitations(by=request.user, invites=bool(request.POST.get("invites"))).invites:
        messages.success(request, _("After a batch you are asked, once, what you learnt."))
    else:
        messages.success(request, _("You are not asked any more."))
    return redirect("journal")


def _with_its_own(batches: Sequence[Batch], entry: Entry) -> Sequence[Batch]:
    """Return the projects to choose from, the entry's own among them however long ago that was."""
    if entry.batch is None or entry.batch.project_id in {one.project_id for one in batches}:
        return batches
    return [*batches, entry.batch]


def _status(form: EntryForm) -> int:
    return 422 if form.is_bound and form.errors else 200
