"""The queue of what was flagged, for those who run the site."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.flags.queries import QUEUES, matter_for_operator, queue_counts, queue_page
from canut.justice.flags.usecases.decide_matter import decide_matter
from canut.justice.flags.usecases.object_to_hiding import answer_objection
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.web.flags.forms import AnswerForm, DecideForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@signed_in
@require_GET
@never_cache
def queue(request: SignedIn) -> HttpResponse:
    asked = request.GET.get("state", "")
    chosen = asked if asked in QUEUES else QUEUES[0]
    before = number_after(request)
    page = queue_page(by=request.user, queue=chosen, before=before, at=clock.now())
    counts, labels = queue_counts(), (_("Waiting"), _("Objections"), _("Decided"))
    context = {
        "page": page,
        "chosen": chosen,
        "queues": [(name, label, counts[name]) for name, label in zip(QUEUES, labels, strict=True)],
        "is_further": before is not None,
    }
    return render(request, "flags/queue.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def matter(request: SignedIn, matter_id: int) -> HttpResponse:
    """Show a matter; posting decides it."""
    number, form = min(matter_id, LARGEST_ID), DecideForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, number, form, AnswerForm())
    if not form.is_valid():
        return _page(request, number, form, AnswerForm(), status=422)
    given = form.cleaned_data
    try:
        decide_matter(
            matter_id=number,
            by=request.user,
            hide=given["decision"] == "hide",
            ground=given["ground"],
            reason=given["reason"],
            at=clock.now(),
        )
    except Refusal as refusal:
        return _refused(request, number, form, AnswerForm(), refusal, about=form)
    messages.success(request, _("Decided. Its author is told, with your reason."))
    return redirect("flag_queue")


@signed_in
@require_POST
def answer(request: SignedIn, matter_id: int) -> HttpResponse:
    number, form = min(matter_id, LARGEST_ID), AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, number, DecideForm(), form, status=422)
    try:
        answer_objection(
            matter_id=number,
            by=request.user,
            grant=form.cleaned_data["decision"] == "grant",
            answer=form.cleaned_data["answer"],
            at=clock.now(),
        )
    except Refusal as refusal:
        return _refused(request, number, DecideForm(), form, refusal, about=form)
    messages.success(request, _("Answered. Its author is told."))
    return redirect("flag_queue")


def _refused(
    request: SignedIn,
    number: int,
    decide: DecideForm,
    answers: AnswerForm,
    refusal: Refusal,
    *,
    about: forms.Form,
) -> HttpResponse:
    if refusal.status in (403, 404):
        raise refusal
    show_above(about, refusal)
    return _page(request, number, decide, answers, status=refusal.status)


def _page(
    request: SignedIn, number: int, decide: DecideForm, answers: AnswerForm, *, status: int = 200
) -> HttpResponse:
    seen = matter_for_operator(number, by=request.user, at=clock.now())
    context = {"seen": seen, "matter": seen.matter, "decide": decide, "answers": answers}
    return render(request, "flags/operator.html", context, status=status)
