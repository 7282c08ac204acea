"""The published list of grounds, and the sanctions that touch whoever is signed in."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.charter.queries import held
from canut.justice.queries import case_about, case_seen
from canut.justice.sanctions.access import own_sanction, sanction_as_operator, sanction_file
from canut.justice.sanctions.models import Sanction
from canut.justice.sanctions.queries import published_grounds, sanctions_of, seen_by_its_person, stored
from canut.justice.sanctions.states import EFFECTS, Kind
from canut.justice.sanctions.usecases.answer_sanction import answer_sanction, ask_review
from canut.justice.sanctions.usecases.deliver_sanction import note_read
from canut.justice.states import CaseKind
from canut.justice.usecases.appeal_sanction import appeal_sanction
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.web.files.views import answer_with
from canut.web.paging import LARGEST_ID
from canut.web.refusals import show_above
from canut.web.sanctions import operators
from canut.web.sanctions.forms import AnswerForm, AppealForm, AskForm
from canut.web.signed_in import SignedIn, signed_in


@require_GET
def grounds(request: HttpRequest) -> HttpResponse:
    """Show everybody on which grounds a sanction can rest, what there is, and by which rules."""
    at = clock.now()
    context = {
        "grounds": published_grounds(),
        "kinds": [(kind.label, EFFECTS[kind]) for kind in Kind],
        "notice": held("sanction.notice_hours", at=at),
        "review": held("sanction.review_days", at=at),
        "longest": held("sanction.most_days", at=at),
    }
    return render(request, "sanctions/grounds.html", context)


@signed_in
@require_GET
@never_cache
def mine(request: SignedIn) -> HttpResponse:
    return render(request, "sanctions/mine.html", {"sanctions": sanctions_of(request.user, at=clock.now())})


@signed_in
@require_GET
@never_cache
def sanction(request: SignedIn, sanction_id: int) -> HttpResponse:
    """Show a sanction to the one it touches, or to those who run the site."""
    number = min(sanction_id, LARGEST_ID)
    if _touches_another(request.user, number):
        return operators.page(request, number)
    note_read(sanction_id=own_sanction(number, by=request.user).pk, by=request.user, at=clock.now())
    return own_page(request, own_sanction(number, by=request.user))


@signed_in
@require_GET
@never_cache
def statement(request: SignedIn, sanction_id: int) -> HttpResponse:
    return as_text(_reached(request.user, sanction_id))


@signed_in
@require_GET
def file(request: SignedIn, sanction_id: int, file_id: UUID) -> HttpResponseBase:
    return answer_with(stored(sanction_file(_reached(request.user, sanction_id), file_id)))


@signed_in
@require_POST
def answer(request: SignedIn, sanction_id: int) -> HttpResponse:
    return answered(request, own_sanction(min(sanction_id, LARGEST_ID), by=request.user), by=request.user)


@signed_in
@require_POST
def ask(request: SignedIn, sanction_id: int) -> HttpResponse:
    return asked(request, own_sanction(min(sanction_id, LARGEST_ID), by=request.user), by=request.user)


@signed_in
@require_POST
def appeal(request: SignedIn, sanction_id: int) -> HttpResponse:
    return appealed(request, own_sanction(min(sanction_id, LARGEST_ID), by=request.user), by=request.user)


def own_page(
    request: HttpRequest,
    found: Sanction,
    *,
    token: str = "",
    answering: AnswerForm | None = None,
    asking: AskForm | None = None,
    appealing: AppealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a sanction to the one it touches; with `token`, who is not signed in."""
    at = clock.now()
    number = case_about(CaseKind.SANCTION, found.pk)
    context = {
        "sanction": seen_by_its_person(found, at=at),
        "token": token,
        "answering": answering or AnswerForm(),
        "asking": asking or AskForm(),
        "appealing": appealing or AppealForm(),
        "case": None if number is None else case_seen(number, by=found.person, at=at),
    }
    return render(request, "sanctions/own.html", context, status=status)


def answered(request: HttpRequest, found: Sanction, *, by: Person, token: str = "") -> HttpResponse:
    """Keep an answer and go back to the sanction, or show what is wrong with what was typed still there."""
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            answer_sanction(
                sanction_id=found.pk,
                words=form.cleaned_data["words"],
                files=form.cleaned_data["attachments"],
                by=by,
                at=clock.now(),
            )
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Your answer is kept. Those who run the site read it."))
            return _back(found, token)
    return own_page(request, found, token=token, answering=form, status=422)


def asked(request: HttpRequest, found: Sanction, *, by: Person, token: str = "") -> HttpResponse:
    """Ask for the review and go back to the sanction."""
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            ask_review(sanction_id=found.pk, words=form.cleaned_data["words"], by=by, at=clock.now())
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Asked. Another person looks at it, or it lapses."))
            return _back(found, token)
    return own_page(request, found, token=token, asking=form, status=422)


def appealed(request: HttpRequest, found: Sanction, *, by: Person, token: str = "") -> HttpResponse:
    """Have peers hear it, and go back to the sanction."""
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal_sanction(sanction_id=found.pk, words=form.cleaned_data["words"], by=by, at=clock.now())
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Appealed. Peers are drawn by lot; what they decide is carried out."))
            return _back(found, token)
    return own_page(request, found, token=token, appealing=form, status=422)


def as_text(found: Sanction) -> HttpResponse:
    """Return the statement of reasons as a text to keep."""
    response = HttpResponse(found.statement, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="sanction-{found.pk:d}.txt"'
    return response


def _back(found: Sanction, token: str) -> HttpResponse:
    return redirect("linked_sanction", token) if token else redirect("sanction", found.pk)


def _touches_another(by: Person, number: int) -> bool:
    return by.is_operator and not Sanction.objects.filter(pk=number, person=by).exists()


def _reached(by: Person, sanction_id: int) -> Sanction:
    number = min(sanction_id, LARGEST_ID)
    if _touches_another(by, number):
        return sanction_as_operator(number, by=by)
    return own_sanction(number, by=by)
