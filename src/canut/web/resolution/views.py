"""The list of juries, one jury, calling one, and what jurors say, say back, write and choose."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.governance.access import version_known
from canut.governance.queries.proposals import proposal_seen
from canut.governance.resolution.access import jury_known, jury_to_read_in
from canut.governance.resolution.queries import juries_page, jury_seen
from canut.governance.resolution.refusals import WordingNotFound
from canut.governance.resolution.states import JuryState
from canut.governance.resolution.usecases.call_jury import call_jury
from canut.governance.resolution.usecases.choose import choose_wording, put_wording
from canut.governance.resolution.usecases.listen import answer_restatement, make_statement, restate
from canut.kernel import clock
from canut.kernel.refusals import BadInput
from canut.people.models import Person
from canut.web.paging import LARGEST_ID, number_after
from canut.web.proposals.forms import WholeForm, start_of
from canut.web.proposals.writing import show_in_parts
from canut.web.refusals import show_above
from canut.web.resolution.forms import AnswerForm, BackForm, ReasonForm, StatementForm
from canut.web.signed_in import SignedIn, signed_in


@require_GET
@never_cache
def juries(request: HttpRequest) -> HttpResponse:
    """Show every jury there was, the newest first."""
    before = number_after(request)
    found, next_before = juries_page(before=before)
    context = {"juries": found, "next_before": next_before, "is_further": before is not None}
    return render(request, "resolution/juries.html", context)


@require_GET
@never_cache
def jury(request: HttpRequest, jury_id: int) -> HttpResponse:
    """Show what a jury is about, what was said, and to a juror what is theirs to do."""
    return _page(request, jury_id)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def call(request: SignedIn, proposal_id: int) -> HttpResponse:
    """Ask what the conflict is, and call a jury on a draft."""
    number, at = min(proposal_id, LARGEST_ID), clock.now()
    seen = proposal_seen(number, by=request.user, at=at)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            called = call_jury(proposal_id=number, by=request.user, at=at, **form.cleaned_data)
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("The jury is called. Those who were drawn are being asked."))
            return redirect("resolution", called.pk)
    status = 200 if request.method == "GET" else 422
    return render(request, "resolution/call.html", {"proposal": seen, "form": form}, status=status)


@signed_in
@require_POST
def state(request: SignedIn, jury_id: int) -> HttpResponse:
    """Say what one thinks."""
    form = StatementForm(request.POST)
    if form.is_valid():
        try:
            make_statement(jury_id=_number(jury_id), by=request.user, at=clock.now(), **form.cleaned_data)
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("The others read it now, and say it back to you."))
            return redirect("resolution", jury_id)
    return _page(request, jury_id, statement_form=form, status=422)


@signed_in
@require_POST
def say_back(request: SignedIn, jury_id: int, statement_id: int) -> HttpResponse:
    """Say back what another juror said."""
    form = BackForm(request.POST, auto_id=f"back_{statement_id}_%s")
    if form.is_valid():
        try:
            restate(
                jury_id=_number(jury_id),
                statement_id=min(statement_id, LARGEST_ID),
                by=request.user,
                at=clock.now(),
                **form.cleaned_data,
            )
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Said back. They say whether it is what they meant."))
            return redirect("resolution", jury_id)
    return _page(request, jury_id, back=(statement_id, form), status=422)


@signed_in
@require_POST
def answer(request: SignedIn, jury_id: int, restatement_id: int) -> HttpResponse:
    """Say whether one was understood."""
    form = AnswerForm(request.POST, auto_id=f"answer_{restatement_id}_%s")
    if form.is_valid():
        try:
            answer_restatement(
                jury_id=_number(jury_id),
                restatement_id=min(restatement_id, LARGEST_ID),
                by=request.user,
                at=clock.now(),
                **form.cleaned_data,
            )
        except BadInput as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("resolution", jury_id)
    return _page(request, jury_id, answered=(restatement_id, form), status=422)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def wording(request: SignedIn, jury_id: int) -> HttpResponse:
    """Write how the draft could read, for the others to choose."""
    number, at = _number(jury_id), clock.now()
    jury, _seat = jury_to_read_in(number, by=request.user, at=at)
    status = 200
    if request.method == "GET":
        version = version_known(jury.proposal, jury.version_number)
        names = ("language", "title", "text", "translated_title", "translated_text")
        start = {name: getattr(version, name) for name in names} | {"written_on": version.number}
        form = WholeForm(at=at, start=start, amends=True, **start_of(version))
    else:
        form = WholeForm(request.POST, at=at, amends=True)
        if not form.is_rebuilt and form.is_valid():
            try:
                put_wording(jury_id=number, by=request.user, content=form.content(), at=at)
            except BadInput as refusal:
                show_in_parts(form, refusal)
            else:
                messages.success(request, _("The others can choose it now. Choose yourself, too."))
                return redirect("resolution", jury_id)
        status = 200 if form.is_rebuilt else 422
    return render(request, "resolution/wording.html", {"form": form, "jury_id": jury.pk}, status=status)


@signed_in
@require_POST
def choose(request: SignedIn, jury_id: int) -> HttpResponse:
    """Choose a wording, or the draft as it stands."""
    chosen = request.POST.get("wording", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) < 20):
        raise WordingNotFound(_("Choose one of the wordings, or the draft as it stands."))
    wording_id = int(chosen) or None
    number = _number(jury_id)
    choose_wording(jury_id=number, by=request.user, wording_id=wording_id, at=clock.now())
    if jury_known(number).state == JuryState.CHOOSING:
        messages.success(request, _("Chosen. You can choose otherwise until the jury has decided."))
    else:
        messages.success(request, _("The jury has decided."))
    return redirect("resolution", jury_id)


def _page(
    request: HttpRequest,
    jury_id: int,
    *,
    statement_form: forms.Form | None = None,
    back: tuple[int, forms.Form] | None = None,
    answered: tuple[int, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    by = request.user if isinstance(request.user, Person) else None
    seen = jury_seen(_number(jury_id), by=by)
    listens = seen.card.state == JuryState.ROUND and seen.own is not None
    context: dict[str, Any] = {
        "jury": seen,
        "statement_form": (statement_form or StatementForm())
        if listens and seen.own and not seen.own.statement
        else None,
        "backs": [
            (juror, _bound(back, juror.statement_id) or BackForm(auto_id=f"back_{juror.statement_id}_%s"))
            for juror in seen.to_restate
        ],
        "answers": [
            (one, _bound(answered, one.id) or AnswerForm(auto_id=f"answer_{one.id}_%s"))
            for one in seen.to_answer
        ],
        "chooses": seen.card.state == JuryState.CHOOSING and seen.own is not None,
    }
    return render(request, "resolution/jury.html", context, status=status)


def _bound(given: tuple[int, forms.Form] | None, number: int | None) -> forms.Form | None:
    return given[1] if given is not None and given[0] == number else None


def _number(jury_id: int) -> int:
    return min(jury_id, LARGEST_ID)
