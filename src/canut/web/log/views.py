"""The public log: its entries, what was signed and by whom, and copies to take along."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from canut.charter import queries_log
from canut.charter.queries_log import LogEntryNotFound
from canut.charter.usecases.register_witness import end_witness, register_witness
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.access import as_operator
from canut.people.models import Person
from canut.web.log.forms import LookForm, WitnessForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above

A_PAGE = 50


@require_safe
@never_cache
def log(request: HttpRequest) -> HttpResponse:
    form = LookForm(request.GET)
    kind = form.cleaned_data["kind"] if form.is_valid() else ""
    before = number_after(request)
    rows = queries_log.log_lines(before=before, kind=kind, most=A_PAGE + 1)
    context = {
        "status": queries_log.log_status(),
        "form": form,
        "kind": kind,
        "lines": rows[:A_PAGE],
        "next_number": rows[A_PAGE - 1].number if len(rows) > A_PAGE else None,
        "is_first": before is None,
    }
    return render(request, "log/log.html", context, status=200 if form.is_valid() else 400)


@require_safe
@never_cache
def entry(request: HttpRequest, number: int) -> HttpResponse:
    line = queries_log.log_line(min(number, LARGEST_ID))
    status = queries_log.log_status()
    covered = status.head is not None and line.number < status.head.size
    context = {
        "line": line,
        "status": status,
        "proof": queries_log.inclusion(line.number, size=status.head.size)
        if covered and status.head
        else None,
        "earlier": line.number - 1 if line.number else None,
        "later": line.number + 1 if line.number + 1 < status.size else None,
    }
    return render(request, "log/entry.html", context)


@require_safe
@never_cache
def heads(request: HttpRequest) -> HttpResponse:
    return _heads(request, WitnessForm())


@login_required
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Let somebody outside sign what they saw of the log; the operator's form."""
    assert isinstance(request.user, Person)  # login_required lets nobody else in
    as_operator(request.user)
    form = WitnessForm(request.POST)
    if not form.is_valid():
        return _heads(request, form, status=422)
    try:
        witness = register_witness(vkey=form.cleaned_data["vkey"], by=request.user, at=clock.now())
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        show_above(form, refusal, {"witness_key_refused": "vkey", "witness_name_taken": "vkey"})
        return _heads(request, form, status=refusal.status)
    messages.success(request, _("%(name)s is a witness of this log now.") % {"name": witness.name})
    return redirect("log_heads")


@login_required
@require_POST
def end(request: HttpRequest, witness_id: int) -> HttpResponse:
    assert isinstance(request.user, Person)  # login_required lets nobody else in
    witness = end_witness(witness_id=min(witness_id, LARGEST_ID), by=request.user, at=clock.now())
    messages.success(
        request,
        _("%(name)s is a witness no longer. What it signed stays.") % {"name": witness.name},
    )
    return redirect("log_heads")


@require_safe
@never_cache
def export_file(request: HttpRequest) -> HttpResponse:
    """The whole log as a file; `canut verify-log --export` and `scripts/verify_log.py` read it."""
    response = HttpResponse("".join(queries_log.export()), content_type="application/x-ndjson; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="canut-log.jsonl"'
    return response


@require_safe
@never_cache
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest signed head, with the lines of witnesses, as C2SP's checkpoints are published."""
    found = queries_log.signed_heads(most=1)
    if not found:
        raise LogEntryNotFound(_("The log has not been signed yet."))
    return HttpResponse(found[0].note, content_type="text/plain; charset=utf-8")


def _heads(request: HttpRequest, form: WitnessForm, *, status: int = 200) -> HttpResponse:
    rows = queries_log.signed_heads(before_id=number_after(request), most=A_PAGE + 1)
    context = {
        "status": queries_log.log_status(),
        "heads": rows[:A_PAGE],
        "next_id": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        "form": form if request.user.is_authenticated and request.user.is_operator else None,
    }
    return render(request, "log/heads.html", context, status=status)
