"""Appealing a rejection, and following one's cases from opened to ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.access import case_of_party
from canut.justice.queries import case_about, case_seen, cases_against, cases_of, readable_case_file
from canut.justice.refusals import CaseNotFound
from canut.justice.states import CaseKind
from canut.justice.usecases.appeal_rejection import appeal_rejection
from canut.justice.usecases.keep_case_file import add_case_file, remove_case_file
from canut.justice.usecases.take_back_case import take_back_case
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.web.cases.forms import AppealForm, CaseFileForm
from canut.web.files.views import answer_with
from canut.web.paging import number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.assignments import task_page
from canut.work.queries.showing import loads_of

FIELD_OF = {
    "case_file_empty": "file",
    "case_file_too_large": "file",
    "case_file_type_refused": "file",
    "too_many_case_files": "file",
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Appeal a rejection: by the button of the task's page, or here, where the rejection's mail leads."""
    form = AppealForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        form = AppealForm(request.POST, request.FILES)
        status = 422
        if form.is_valid():
            sent = form.sent()
            try:
                opened = appeal_rejection(
                    assignment_id=assignment_id,
                    by=request.user,
                    words=form.cleaned_data["words"],
                    files=[sent] if sent else [],
                    at=clock.now(),
                )
            except NotFound:
                raise
            except Refusal as refusal:
                if refusal.code not in FIELD_OF:
                    raise
                show_above(form, refusal, FIELD_OF)
                status = refusal.status
            else:
                messages.success(
                    request, _("Your appeal is open. Peers who had no part in this will decide.")
                )
                return redirect("case", opened.pk)
    elif (found := case_about(CaseKind.REJECTION, assignment_id)) is not None:
        return redirect("case", case_of_party(found, by=request.user).pk)
    page = task_page(assignment_id, by=request.user, at=clock.now())
    return render(request, "cases/appeal.html", {"page": page, "form": form}, status=status)


@signed_in
@require_GET
def of_rejection(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Lead to the case about the rejection of an assignment, which its mails do not know by number."""
    found = case_about(CaseKind.REJECTION, assignment_id)
    if found is None:
        raise CaseNotFound(_("There is no such appeal, or it is not yours to read."))
    return redirect("case", case_seen(found, by=request.user, at=clock.now()).id)


@signed_in
@require_GET
def cases(request: SignedIn) -> HttpResponse:
    page = cases_of(request.user, before_id=number_after(request))
    return render(request, "cases/cases.html", {"page": page, "address": reverse("cases")})


@signed_in
@require_GET
def against(request: SignedIn) -> HttpResponse:
    """List the cases in which somebody is the other side: what they decided or reported is contested."""
    page = cases_against(request.user, before_id=number_after(request))
    shown = {"page": page, "address": reverse("cases_against"), "is_against": True}
    return render(request, "cases/cases.html", shown)


@signed_in
@require_GET
@never_cache
def case(request: SignedIn, case_id: int) -> HttpResponse:
    return _render(request, case_id, CaseFileForm())


@signed_in
@require_POST
def add_file(request: SignedIn, case_id: int) -> HttpResponse:
    form = CaseFileForm(request.POST, request.FILES)
    if not form.is_valid() or (sent := form.sent()) is None:
        return _render(request, case_id, form, status=422)
    try:
        add_case_file(case_id=case_id, by=request.user, sent=sent, at=clock.now())
    except NotFound:
        raise
    except Refusal as refusal:
        show_above(form, refusal, FIELD_OF)
        return _render(request, case_id, form, status=refusal.status)
    messages.success(request, _("The file is part of your appeal."))
    return redirect("case", case_id)


@signed_in
@require_POST
def remove_file(request: SignedIn, file_id: UUID) -> HttpResponse:
    changed = remove_case_file(file_id=file_id, by=request.user, at=clock.now())
    messages.success(request, _("The file is removed. You can send it again while the appeal is open."))
    return redirect("case", changed.pk)


@signed_in
@require_GET
def fetch(request: SignedIn, file_id: UUID) -> HttpResponseBase:
    """Give a file of an appeal to one of its two sides."""
    return answer_with(readable_case_file(file_id, by=request.user))


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: SignedIn, case_id: int) -> HttpResponse:
    """Ask, then end one's own appeal: it cannot be opened again."""
    if request.method == "POST":
        take_back_case(case_id=case_id, by=request.user, at=clock.now())
        messages.success(request, _("You have taken back your appeal."))
        return redirect("case", case_id)
    case_of_party(case_id, by=request.user)
    seen = case_seen(case_id, by=request.user, at=clock.now())
    return render(request, "cases/take_back.html", {"case": seen})


def _render(request: SignedIn, case_id: int, form: CaseFileForm, *, status: int = 200) -> HttpResponse:
    seen = case_seen(case_id, by=request.user, at=clock.now())
    answer = render(request, "cases/case.html", {"case": seen, "form": form}, status=status)
    if seen.work is not None:
        vars(answer)["csp"] = loads_of(seen.work.handed_in)
    return answer
