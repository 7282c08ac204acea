"""The charter in public: what holds, what held, by which entry; and the doors that change nothing."""

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from canut.charter.pages import charter_sections, parameter_lines
from canut.charter.parameters import PARAMETERS
from canut.charter.usecases.change_parameter import change_parameter, propose_at
from canut.charter.usecases.record_law import record_law
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.people.models import Person
from canut.web.charter.forms import LawForm, LookForm
from canut.web.refusals import show_above


@require_safe
def charter(request: HttpRequest) -> HttpResponse:
    form, now = LookForm(request.GET), clock.now()
    is_sound = form.is_valid()
    at = form.moment(now)
    context = {
        "form": form,
        "at": at,
        "is_now": at == now,
        "sections": charter_sections(at=at, text=form.cleaned_data.get("q", "")),
        "query": request.GET.urlencode() if is_sound else "",
    }
    return render(request, "charter/charter.html", context, status=200 if is_sound else 400)


@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one parameter. Posting a value to it is answered, and changes nothing."""
    if request.method == "POST":
        change_parameter(name=name)
    _must_exist(name)
    form, now = LookForm(request.GET), clock.now()
    is_sound = form.is_valid()
    law_form = LawForm(PARAMETERS[name]) if _may_enter_law(request, name) else None
    return _page(
        request, name, form.moment(now), now, law_form, status=200 if is_sound else 400, look_form=form
    )


@login_required
@require_POST
def law(request: HttpRequest, name: str) -> HttpResponse:
    """Enter what the law asks for; an operator's page has the form."""
    assert isinstance(request.user, Person)  # login_required lets nobody else in
    _must_exist(name)
    now = clock.now()
    form = LawForm(PARAMETERS[name], request.POST)
    if not form.is_valid():
        return _page(request, name, now, now, form if _may_enter_law(request, name) else None, status=422)
    try:
        entry = record_law(
            name=name,
            value=form.cleaned_data["value"],
            scope=form.scope(),
            cites=form.cleaned_data["cites"],
            effective_at=form.effective_at(now),
            by=request.user,
            at=now,
        )
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        show_above(form, refusal, {"charter_value_refused": "value", "law_backdated": "effective_on"})
        return _page(request, name, now, now, form, status=refusal.status)
    messages.success(request, _("Entered as number %(number)s of the log.") % {"number": entry.pk})
    return redirect("charter_parameter", name)


def _page(
    request: HttpRequest,
    name: str,
    at: datetime,
    now: datetime,
    law_form: LawForm | None,
    *,
    status: int,
    look_form: LookForm | None = None,
) -> HttpResponse:
    context = {
        "parameter": parameter_lines(name, at=at),
        "at": at,
        "is_now": at == now,
        "form": look_form or LookForm({}),
        "law_form": law_form,
        "propose_at": propose_at(name),
    }
    return render(request, "charter/parameter.html", context, status=status)


def _may_enter_law(request: HttpRequest, name: str) -> bool:
    """Whether to show the form; whether it is allowed is the use case's question."""
    user = request.user
    return user.is_authenticated and user.is_operator and PARAMETERS[name].favours is not None


def _must_exist(name: str) -> None:
    if name not in PARAMETERS:
        raise NotFound(_("The charter has no parameter of this name."))
