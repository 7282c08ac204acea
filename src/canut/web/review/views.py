"""Deciding on work: one, all that are shown, all of one worker."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from canut.kernel import clock
from canut.kernel.money import format_money, parse_minor
from canut.kernel.refusals import NotFound, Refusal
from canut.ledger.usecases.post_entries import EntryKeyReused
from canut.people.usecases.block_person import block_person
from canut.people.usecases.unlist_person import unlist_person
from canut.web.money.forms import new_key
from canut.web.ratings import OF_WORKER, RatingButton, rating_buttons, rating_of
from canut.web.refusals import show_above
from canut.web.review.forms import BlockForm, BonusForm, RejectForm, ReturnForm
from canut.web.signed_in import SignedIn, signed_in
from canut.work.access import own_project
from canut.work.queries.review import (
    EVERY_STATE,
    REVIEWED_STATES,
    Approved,
    Asked,
    ReviewPage,
    Work,
    approved_at,
    review_page,
    waiting_count,
    work_under_review,
)
from canut.work.queries.showing import loads_of
from canut.work.usecases.approve_submission import (
    MOST_AT_ONCE,
    approve_all_of_worker,
    approve_submission,
    approve_submissions,
)
from canut.work.usecases.pay_bonus import pay_bonus
from canut.work.usecases.rate_worker import rate_alike, rate_worker
from canut.work.usecases.reject_submission import reject_submission
from canut.work.usecases.return_submission import return_submission

REMEMBERED = ("state", "worker", "task", "unrated", "after", "one")
"""What of the page's address comes back after a decision."""

FORMS: dict[str, Callable[..., Any]] = {
    "return": ReturnForm,
    "reject": RejectForm,
    "bonus": BonusForm,
    "block": BlockForm,
}


@dataclass(frozen=True, slots=True)
class Desk:
    """One piece of work with the forms to decide on it; `open` is the form that was sent with a mistake."""

    work: Work
    forms: dict[str, Any]
    open: str

    @property
    def ratings(self) -> list[RatingButton]:
        """The three ratings, each with what it brings about, the one given marked."""
        return rating_buttons(self.work.rating, OF_WORKER)

    @property
    def misplaced(self) -> Any:
        """The form that was sent, if this work has no room for it: what was typed is shown all the same."""
        has_room = {"return": self.work.may_be_returned, "reject": self.work.may_be_rejected}
        return self.forms[self.open] if self.open and not has_room.get(self.open, True) else None


@signed_in
@require_GET
def review(request: SignedIn, project_id: int) -> HttpResponse:
    return _page(request, project_id, request.GET)


@signed_in
@require_GET
def waiting(request: SignedIn, project_id: int) -> HttpResponse:
    """The figure that the page asks for once a second, as a conditional request."""
    count = waiting_count(project_id, by=request.user)
    etag = f'"{project_id}-{count}-{request.user.locale}"'
    response = render(request, "review/_waiting.html", {"count": count})
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return get_conditional_response(request, etag=etag, response=response) or response


@signed_in
@require_POST
def approve(request: SignedIn, project_id: int) -> HttpResponse:
    submission = approve_submission(submission_id=_id(request, "submission"), by=request.user, at=clock.now())
    return _decided(request, project_id, submission.assignment_id, _("Approved."))


@signed_in
@require_POST
def approve_shown(request: SignedIn, project_id: int) -> HttpResponse:
    """Approve what the page showed: its ids are in the form, so nothing that came later is swept in."""
    at = clock.now()
    ids = _ids(request, "submissions")
    approve_submissions(project_id=project_id, submission_ids=ids, by=request.user, at=at)
    done = approved_at(project_id, by=request.user, at=at, submission_ids=ids)
    messages.success(request, _said(done))
    if left := len(set(ids)) - done.count:
        messages.info(
            request,
            ngettext(
                "%(count)s had been decided meanwhile and was left as it is.",
                "%(count)s had been decided meanwhile and were left as they are.",
                left,
            )
            % {"count": left},
        )
    return _back(request, project_id)


@signed_in
@require_POST
def approve_worker(request: SignedIn, project_id: int) -> HttpResponse:
    """Approve all of one worker's that the page had counted, a thousand at a time."""
    at = clock.now()
    worker_id, up_to_id = _id(request, "worker"), _id(request, "up_to")
    count = approve_all_of_worker(
        project_id=project_id, worker_id=worker_id, up_to_id=up_to_id, by=request.user, at=at
    )
    now = approved_at(project_id, by=request.user, at=at, worker_id=worker_id)
    before = _number(request, "done"), _number(request, "paid")
    done = Approved(before[0] + now.count, before[1] + now.pays_minor, now.currency, now.is_volunteer)
    if count < MOST_AT_ONCE:
        messages.success(request, _said(done))
        answer = _back(request, project_id)
        return HttpResponseClientRedirect(answer["Location"]) if request.htmx else answer
    return render(
        request,
        "review/progress.html",
        {
            "project_id": project_id,
            "worker_id": worker_id,
            "up_to_id": up_to_id,
            "done": done,
            "said": _said(done),
            "of": max(_number(request, "of"), done.count),
            "back": request.POST.get("back", ""),
        },
    )


@signed_in
@require_POST
def send_back(request: SignedIn, project_id: int) -> HttpResponse:
    def do(form: ReturnForm) -> str:
        return_submission(
            submission_id=_id(request, "submission"),
            by=request.user,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
        return _("Sent back. The worker is told why, and has the time stated to hand in again.")

    return _with_form(request, project_id, "return", do)


@signed_in
@require_POST
def reject(request: SignedIn, project_id: int) -> HttpResponse:
    def do(form: RejectForm) -> str:
        reject_submission(
            submission_id=_id(request, "submission"), by=request.user, **form.cleaned_data, at=clock.now()
        )
        return _("Rejected. The worker reads the ground, the evidence and the reason, and may appeal.")

    return _with_form(request, project_id, "reject", do)


@signed_in
@require_POST
def rate(request: SignedIn, project_id: int) -> HttpResponse:
    """Rate the worker of one submission; rating again replaces it."""
    own_project(project_id, by=request.user)
    value = rating_of(request.POST.get("rating", ""))
    if value is None:
        raise Http404
    rating = rate_worker(
        submission_id=_id(request, "submission"), by=request.user, value=value, at=clock.now()
    )
    return _decided(request, project_id, rating.assignment_id, _("Your rating is kept."))


@signed_in
@require_POST
def rate_selected(request: SignedIn, project_id: int) -> HttpResponse:
    """Rate the work that was selected, or all that the page showed: its ids are in the form."""
    own_project(project_id, by=request.user)
    value = rating_of(request.POST.get("rating", ""))
    if value is None:
        raise Http404
    ids = _ids(request, "shown" if request.POST.get("all") else "submissions")
    if not ids:
        messages.info(request, _("Select work below, or all that is shown, then rate it."))
        return _back(request, project_id)
    rated = rate_alike(submission_ids=ids, by=request.user, value=value, at=clock.now())
    messages.success(
        request,
        ngettext("%(count)s piece of work rated.", "%(count)s pieces of work rated.", len(rated))
        % {"count": len(rated)},
    )
    return _back(request, project_id)


@signed_in
@require_POST
def bonus(request: SignedIn, project_id: int) -> HttpResponse:
    project = own_project(project_id, by=request.user)

    def do(form: BonusForm) -> str:
        try:
            entry = pay_bonus(
                assignment_id=_id(request, "assignment"),
                by=request.user,
                amount_minor=parse_minor(form.cleaned_data["amount"], project.currency),
                reason=form.cleaned_data["reason"],
                key=form.cleaned_data["key"],
                at=clock.now(),
            )
        except EntryKeyReused:
            form.renew_key(new_key())
            raise
        return _("Bonus paid: %(amount)s.") % {"amount": format_money(entry.amount_minor, entry.currency)}

    return _with_form(request, project_id, "bonus", do)


@signed_in
@require_POST
def block(request: SignedIn, project_id: int) -> HttpResponse:
    own_project(project_id, by=request.user)

    def do(form: BlockForm) -> str:
        block_person(
            person_id=_id(request, "worker"),
            by=request.user,
            told=form.cleaned_data["told"],
            at=clock.now(),
        )
        return _(
            "Blocked. They see none of your projects from now on; what they have in hand they may hand in."
        )

    return _with_form(request, project_id, "block", do)


@signed_in
@require_POST
def unblock(request: SignedIn, project_id: int) -> HttpResponse:
    own_project(project_id, by=request.user)
    unlist_person(person_id=_id(request, "worker"), by=request.user, at=clock.now())
    messages.success(request, _("No longer blocked."))
    return _back(request, project_id)


def _with_form(request: SignedIn, project_id: int, name: str, do: Callable[[Any], str]) -> HttpResponse:
    """Do what the form asks and say so; else show it again at its work, with what was typed."""
    assignment_id = _id(request, "assignment")
    form = FORMS[name](assignment_id, request.POST)
    if form.is_valid():
        try:
            said = do(form)
        except NotFound:
            raise
        except Refusal as refusal:
            show_above(form, refusal, {"amount_refused": "amount"})
        else:
            return _decided(request, project_id, assignment_id, said)
    if request.htmx:
        return _fragment(request, project_id, assignment_id, {name: form}, status=422)
    return _page(
        request,
        project_id,
        QueryDict(request.POST.get("back", "")),
        sent=(assignment_id, name, form),
        status=422,
    )


def _decided(request: SignedIn, project_id: int, assignment_id: int, said: str) -> HttpResponse:
    if request.htmx:
        return _fragment(request, project_id, assignment_id, {}, said=said)
    messages.success(request, said)
    return _back(request, project_id)


def _page(
    request: SignedIn,
    project_id: int,
    address: QueryDict,
    *,
    sent: tuple[int, str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = Asked(
        address.get("state", ""),
        address.get("worker", ""),
        address.get("task", ""),
        bool(address.get("unrated")),
    )
    one = bool(address.get("one"))
    page = review_page(
        project_id,
        by=request.user,
        at=clock.now(),
        asked=asked,
        cursor=address.get("after", ""),
        **({"most": 1} if one else {}),
    )
    desks = [
        _desk(work, {sent[1]: sent[2]} if sent and sent[0] == work.assignment_id else {})
        for work in page.works
    ]
    context = {
        "page": page,
        "terms": page.terms,
        "desks": desks,
        "one": one,
        "selects": not one,
        "ratings": rating_buttons(None, OF_WORKER),
        "back": _remembered(address),
        "states": [(state.value, str(state.label), page.counts[state]) for state in REVIEWED_STATES],
        "addresses": _addresses(page, one=one),
        "stray": sent[2] if sent and not any(desk.open for desk in desks) else None,
    }
    answer = render(request, "review/review.html", context, status=status)
    answer.csp = loads_of(handed for work in page.works for handed in work.handed_in)  # type: ignore[attr-defined]
    return answer


def _fragment(
    request: SignedIn,
    project_id: int,
    assignment_id: int,
    sent: dict[str, Any],
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    work = work_under_review(assignment_id, project_id=project_id, by=request.user, at=clock.now())
    if work is None:
        raise Http404
    page = review_page(project_id, by=request.user, at=clock.now(), asked=Asked(), most=1)
    context = {
        "page": page,
        "terms": page.terms,
        "desk": _desk(work, sent),
        "selects": not QueryDict(request.POST.get("back", "")).get("one"),
        "said": said,
        "back": request.POST.get("back", ""),
    }
    return render(request, "review/_work.html", context, status=status)


def _desk(work: Work, sent: dict[str, Any]) -> Desk:
    fresh = {
        "return": ReturnForm(work.assignment_id),
        "reject": RejectForm(work.assignment_id),
        "bonus": BonusForm(work.assignment_id, initial={"key": new_key()}),
        "block": BlockForm(work.assignment_id),
    }
    return Desk(work, fresh | sent, open=next(iter(sent), ""))


def _addresses(page: ReviewPage, *, one: bool) -> dict[str, str]:
    """Return where the page's own links lead, each keeping the rest of what was asked for."""
    shown = {"state": page.asked.state, "worker": page.asked.worker, "task": page.asked.task}
    asked = shown | ({"unrated": "1"} if page.asked.unrated else {})
    way = {"one": "1"} if one else {}
    return {
        "unrated": _query(shown | way | {"unrated": "1"}),
        "rated": _query(shown | way),
        "next": _query(asked | way | {"after": page.next_cursor}),
        "one": _query(asked | {"one": "1"}),
        "many": _query(asked),
        "all": _query(({} if page.shows_every_state else {"state": page.asked.state}) | way),
        "every": _query(shown | way | {"state": EVERY_STATE}),
    }


def _query(parts: dict[str, str]) -> str:
    return urlencode({name: value for name, value in parts.items() if value})


def _remembered(address: QueryDict) -> str:
    return _query({name: address.get(name, "") for name in REMEMBERED})


def _back(request: SignedIn, project_id: int) -> HttpResponse:
    where = _remembered(QueryDict(request.POST.get("back", "")))
    return redirect(reverse("review", args=[project_id]) + (f"?{where}" if where else ""))


def _said(done: Approved) -> str:
    if done.is_volunteer:
        return ngettext("%(count)s approved.", "%(count)s approved.", done.count) % {"count": done.count}
    return ngettext("%(count)s approved, %(pay)s.", "%(count)s approved, %(pay)s.", done.count) % {
        "count": done.count,
        "pay": format_money(done.pays_minor, done.currency),
    }


def _id(request: SignedIn, name: str) -> int:
    """Return an id that the page's own form holds; without one the form is not ours."""
    number = _number(request, name)
    if not number:
        raise Http404
    return number


def _ids(request: SignedIn, name: str) -> list[int]:
    """Return the ids that the page's own form holds under a name; what is none is passed over."""
    written = request.POST.getlist(name)
    return [int(text) for text in written if text.isascii() and text.isdecimal() and len(text) < 19]


def _number(request: SignedIn, name: str) -> int:
    written = request.POST.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else 0
