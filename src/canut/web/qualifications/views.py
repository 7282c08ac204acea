"""A requester's own qualifications: making, changing, granting, revoking and retiring them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.people.access import as_requester
from canut.reputation.queries_qualifications import (
    A_PAGE,
    holders_of,
    own_qualification_seen,
    own_qualifications,
)
from canut.reputation.usecases.change_qualification import change_qualification
from canut.reputation.usecases.create_qualification import create_qualification
from canut.reputation.usecases.revoke_qualification import revoke_qualification
from canut.web.paging import LARGEST_ID, number_after
from canut.web.qualifications.forms import GrantForm, GrantManyForm, QualificationForm, RevokeForm
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in
from canut.work.usecases.grant_qualification import Granted, RowsRefused, grant_qualification
from canut.work.usecases.retire_qualification import retire_qualification

FIELD_OF = {"qualification_name_taken": "name", "rows": "pasted"}


@signed_in
@require_GET
@never_cache
def qualifications(request: SignedIn) -> HttpResponse:
    """List them, those in use or those that are retired."""
    retired = request.GET.get("retired") == "1"
    before = number_after(request)
    rows = own_qualifications(request.user, retired=retired, before_id=before, most=A_PAGE + 1)
    page = {
        "qualifications": rows[:A_PAGE],
        "next_cursor": rows[A_PAGE - 1].id if len(rows) > A_PAGE else None,
        "retired": retired,
        "is_further": before is not None,
    }
    return render(request, "qualifications/qualifications.html", page)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def make(request: SignedIn) -> HttpResponse:
    """Make one."""
    as_requester(request.user)
    form = QualificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_qualification(by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(form, refusal, FIELD_OF)
        else:
            messages.success(request, _("Made: “%(name)s”. Give it to workers here.") % {"name": made.name})
            return redirect("qualification", made.pk)
    return render(request, "qualifications/make.html", {"form": form}, status=_status(form))


@signed_in
@require_GET
@never_cache
def qualification(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Show one with who holds it, and the forms to give it."""
    return _shown(request, qualification_id)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def change(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Change its name and what it says."""
    seen = own_qualification_seen(min(qualification_id, LARGEST_ID), by=request.user)
    form = QualificationForm(
        request.POST or None, initial={"name": seen.name, "description": seen.description}
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_qualification(
                qualification_id=seen.id, by=request.user, at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            show_above(form, refusal, FIELD_OF)
        else:
            messages.success(request, _("Changed."))
            return redirect("qualification", seen.id)
    page = {"form": form, "qualification": seen}
    return render(request, "qualifications/change.html", page, status=_status(form))


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def retire(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Ask once more, then retire it."""
    seen = own_qualification_seen(min(qualification_id, LARGEST_ID), by=request.user)
    refused, status = "", 200
    if request.method == "POST":
        try:
            retire_qualification(qualification_id=seen.id, by=request.user, at=clock.now())
        except Refusal as refusal:
            refused, status = str(refusal), refusal.status
        else:
            messages.success(
                request, _("Retired: “%(name)s”. Nobody holds it any more.") % {"name": seen.name}
            )
            return redirect("qualifications")
    page = {"qualification": seen, "refused": refused}
    return render(request, "qualifications/retire.html", page, status=status)


@signed_in
@require_POST
def grant(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Give one worker a value."""
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            _grant(request, qualification_id, form)
        except NotFound:
            raise
        except RowsRefused as refusal:
            wrong = refusal.facts["rows"][0]
            form.add_error("value" if wrong["code"] == "value" else "who", wrong["why"])
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            return redirect("qualification", qualification_id)
    return _shown(request, qualification_id, one=form, status=422)


@signed_in
@require_POST
def grant_many(request: SignedIn, qualification_id: int) -> HttpResponse:
    """Give many workers their values, all or none; a refusal leaves what was pasted, or stood in the file."""
    form = GrantManyForm(request.POST, request.FILES)
    wrong: Sequence[Mapping[str, Any]] = ()
    if form.is_valid():
        form.keep()
        try:
            _grant(request, qualification_id, form)
        except NotFound:
            raise
        except RowsRefused as refusal:
            wrong = refusal.facts["rows"]
            count = refusal.facts["count"]
            form.add_error(
                "pasted",
                ngettext(
                    "%(count)s row cannot be granted, so none was. It is listed above.",
                    "%(count)s rows cannot be granted, so none was. They are listed above.",
                    count,
                )
                % {"count": count},
            )
        except Refusal as refusal:
            show_above(form, refusal, FIELD_OF)
        else:
            return redirect("qualification", qualification_id)
    return _shown(request, qualification_id, many=form, wrong=wrong, status=422)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def revoke(request: SignedIn, qualification_id: int, person_id: int) -> HttpResponse:
    """Ask for a reason, then take somebody's value back."""
    number = min(qualification_id, LARGEST_ID)
    seen = own_qualification_seen(number, by=request.user)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_qualification(
                qualification_id=number,
                by=request.user,
                worker_id=min(person_id, LARGEST_ID),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal)
        else:
            messages.success(request, _("Taken back. It counts no more from now on."))
            return redirect("qualification", number)
    holders = holders_of(number, by=request.user, person_id=min(person_id, LARGEST_ID)).holders
    page = {"form": form, "qualification": seen, "holder": holders[0] if holders else None}
    return render(request, "qualifications/revoke.html", page, status=_status(form))


def _grant(request: SignedIn, qualification_id: int, form: GrantForm | GrantManyForm) -> Granted:
    granted = grant_qualification(
        qualification_id=min(qualification_id, LARGEST_ID),
        by=request.user,
        rows=form.rows(),
        reason=form.cleaned_data["reason"],
        at=clock.now(),
    )
    told = ngettext(
        "%(count)s worker has it now. It counts at once.",
        "%(count)s workers have it now. It counts at once.",
        len(granted.grants),
    )
    messages.success(request, told % {"count": len(granted.grants)})
    return granted


def _shown(
    request: SignedIn,
    qualification_id: int,
    *,
    one: GrantForm | None = None,
    many: GrantManyForm | None = None,
    wrong: Sequence[Mapping[str, Any]] = (),
    status: int = 200,
) -> HttpResponse:
    number = min(qualification_id, LARGEST_ID)
    before = number_after(request)
    page = {
        "qualification": own_qualification_seen(number, by=request.user),
        "page": holders_of(
            number, by=request.user, search=request.GET.get("name", "")[:30], before_id=before
        ),
        "is_further": before is not None,
        "one": one or GrantForm(),
        "many": many or GrantManyForm(),
        "wrong": wrong,
    }
    return render(request, "qualifications/qualification.html", page, status=status)


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
