"""Doing a task, and looking back on one's work."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from canut.forums.conversations.queries import notes_of_task
from canut.kernel import clock
from canut.kernel.refusals import NotFound, Refusal
from canut.ledger.queries import refused_minor
from canut.reputation.queries import own_regard
from canut.web.cases.forms import AppealForm
from canut.web.frames.on_pages import frames_on_task, framing, with_loads
from canut.web.journal.inviting import invite
from canut.web.onward import onward
from canut.web.paging import number_after
from canut.web.ratings import RequesterRatings, rating_buttons, rating_of
from canut.web.signed_in import SignedIn, signed_in
from canut.web.tasks.feedback import FeedbackForm, given_feedback
from canut.web.tasks.forms import StatedTime
from canut.web.tasks.keeping import keep_typed
from canut.work.designs.answers import (
    active_seconds_from_post,
    answer_from_post,
    measured_seconds_from_post,
)
from canut.work.designs.forms import TaskForm
from canut.work.designs.problems import AnswerRefused
from canut.work.queries.assignments import TaskPage, task_page, work_page
from canut.work.queries.earnings import earnings_page
from canut.work.queries.round_asked import round_asked
from canut.work.queries.shown_work import seen
from canut.work.queries.whole_time import site_figure, stating, whole_time_of
from canut.work.usecases.choose_next import choose_next
from canut.work.usecases.leave_task import give_back_task
from canut.work.usecases.rate_requester import rate_requester
from canut.work.usecases.skip_to_next import skip_to_next
from canut.work.usecases.submit_answer import LeaseRanOut, submit_answer
from canut.work.validators import validator_of
from canut.work.work_token import WorkToken, sign

FIGURE_KEY, KEEP_FIGURE_SECONDS = "pay-per-hour-of-all-time", 3600


@signed_in
@require_GET
def my_work(request: SignedIn) -> HttpResponse:
    page = work_page(
        by=request.user,
        at=clock.now(),
        shows=request.GET.get("show", "all"),
        before_id=number_after(request),
    )
    filters = [
        ("all", _("Everything"), page.counts["all"]),
        ("handed_in", _("Waiting"), page.counts["handed_in"]),
        ("approved", _("Approved"), page.counts["approved"]),
        ("rejected", _("Not approved"), page.counts["rejected"]),
        ("put_back", _("Put back"), page.counts["put_back"]),
        ("broken", _("Broken"), page.counts["broken"]),
    ]
    lines = [(line, RequesterRatings.of(line.regard)) for line in page.lines]
    return render(request, "tasks/work.html", {"page": page, "lines": lines, "filters": filters})


@signed_in
@require_GET
@never_cache
def task(request: SignedIn, assignment_id: int) -> HttpResponse:
    page = task_page(assignment_id, by=request.user, at=clock.now())
    form = _form(page, frames=frames_on_task(request, page)) if page.is_open else None
    return _render(request, page, form)


@signed_in
@require_POST
def hand_in(request: SignedIn, assignment_id: int) -> HttpResponse:
    """The twin of the fast lane: the same form, by session and CSRF token instead of the work token."""
    page = task_page(assignment_id, by=request.user, at=clock.now())
    wants_next = bool(request.POST.get("next"))
    if wants_next != bool(request.POST.get("next_was")):
        choose_next(by=request.user, takes_next=wants_next)
    post = dict(request.POST.lists())
    try:
        handed = submit_answer(
            assignment_id=assignment_id,
            by=request.user,
            answer=answer_from_post(page.design, post),
            active_seconds=active_seconds_from_post(post),
            measured_seconds=measured_seconds_from_post(post),
            at=clock.now(),
            want_next=wants_next,
            feedback=given_feedback(request.POST),
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _not_handed_in(request, page, refusal)
    if (value := rating_of(request.POST.get("rating", ""))) is not None and not page.fund:
        rate_requester(assignment_id=assignment_id, by=request.user, value=value, at=clock.now())
    return _onward(
        request,
        handed.next,
        handed.why_none,
        stay_at=assignment_id,
        left=page.project_id,
        done=_("Handed in."),
    )


@signed_in
@require_POST
def rate(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Rate the requester of a task that was handed in; rating again takes the place of the first."""
    value = rating_of(request.POST.get("rating", ""))
    if value is None:
        messages.info(request, _("Choose one of the three, then rate."))
    else:
        rate_requester(assignment_id=assignment_id, by=request.user, value=value, at=clock.now())
        messages.success(request, _("Your rating is kept. Your feed goes by it from now on."))
    return redirect(onward(request) or reverse("task", args=[assignment_id]))


@signed_in
@require_POST
def draft(request: SignedIn, assignment_id: int) -> HttpResponse:
    """Keep the draft: every ten seconds by script (no content), or by its button (back to the page)."""
    page = task_page(assignment_id, by=request.user, at=clock.now())
    try:
        keep_typed(request, page)
    except Refusal as refusal:
        if "keep" not in request.POST:
            raise
        return _not_handed_in(request, page, refusal)
    if "keep" not in request.POST:
        return HttpResponse(status=204)
    messages.success(request, _("Your draft is kept."))
    return redirect("task", assignment_id)


@signed_in
@require_POST
def skip(request: SignedIn, assignment_id: int) -> HttpResponse:
    skipped = skip_to_next(assignment_id=assignment_id, by=request.user, at=clock.now())
    if skipped.next is not None and skipped.next.task_id == skipped.assignment.task_id:
        messages.info(request, _("Nothing else is left in this project, so here is this task again."))
    return _onward(
        request,
        skipped.next,
        skipped.why_none,
        stay_at=assignment_id,
        left=skipped.assignment.project_id,
        done=_("Skipped."),
    )


@signed_in
@require_POST
def give_back(request: SignedIn, assignment_id: int) -> HttpResponse:
    assignment = give_back_task(assignment_id=assignment_id, by=request.user, at=clock.now())
    messages.success(request, _("Given back. It has no consequence, and the task is open to others."))
    invite(request, assignment.project_id)
    return redirect("project", assignment.project_id)


@signed_in
@require_POST
def choose(request: SignedIn) -> HttpResponse:
    choose_next(by=request.user, takes_next=bool(request.POST.get("next")))
    return HttpResponse(status=204)


@signed_in
@require_GET
def earnings(request: SignedIn) -> HttpResponse:
    page = earnings_page(
        by=request.user,
        at=clock.now(),
        currency=request.GET.get("currency", ""),
        before_id=number_after(request),
    )
    whole = whole_time_of(request.user.pk, currency=page.earnings.currency, at=clock.now())
    refused = refused_minor(request.user.pk, page.earnings.currency)
    return render(request, "tasks/earnings.html", {"page": page, "whole": whole, "refused_minor": refused})


@require_GET
def pay_figures(request: HttpRequest) -> HttpResponse:
    """Publish what an hour of all workers' time pays here; worked out anew once an hour."""
    at = clock.now()
    found = cache.get(FIGURE_KEY)
    if found is None:
        found = {"figure": site_figure(currency="EUR", at=at), "measured_at": at}
        cache.set(FIGURE_KEY, found, KEEP_FIGURE_SECONDS)
    return render(request, "tasks/pay_figures.html", found)


def _form(page: TaskPage, **given: Any) -> TaskForm:
    return TaskForm(
        page.design,
        page.shown,
        seed=page.seed,
        draft=page.draft,
        validator=validator_of(page.revision_id),
        works=seen(page.works),
        covers_pictures=page.pictures_hidden,
        **given,
    )


def _render(
    request: SignedIn,
    page: TaskPage,
    form: TaskForm | None,
    *,
    refused: str = "",
    feedback: FeedbackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    token = WorkToken(
        request.user.pk, page.assignment_id, page.revision_id, int(page.lease_until.timestamp())
    )
    asked = round_asked(page.assignment_id, by=request.user, at=clock.now())
    steps = stating(page.offer.expected_seconds, at=clock.now())
    context = {
        "page": page,
        "notes": notes_of_task(page.task_id),
        "form": form,
        "round": asked,
        "feedback": feedback or (FeedbackForm(asked) if asked else None),
        "offer": page.offer,
        "design": page.design,
        "lease_until": page.lease_until,
        "now": clock.now(),
        "work_token": sign(token) if page.is_open else "",
        "stated": StatedTime(page.offer, steps, request.POST or None),
        "idle_seconds": steps.idle_seconds,
        "refused": refused,
        "ratings": rating_buttons(own_regard(request.user.pk, page.offer.requester.id)),
        "rating_chosen": request.POST.get("rating", ""),
        "appeal_form": AppealForm(),
        "files_url": reverse("send_answer_file", args=[page.assignment_id]),
        **framing(page.design, page.assignment_id),
    }
    return with_loads(render(request, "tasks/task.html", context, status=status), page.design, page.works)


def _not_handed_in(request: SignedIn, page: TaskPage, refusal: Refusal) -> HttpResponse:
    """Show the task again with everything that was typed, and why it was not taken."""
    post = request.POST
    asked = round_asked(page.assignment_id, by=request.user, at=clock.now())
    if isinstance(refusal, LeaseRanOut) or (asked and page.is_open):
        with suppress(AnswerRefused):  # too large to be kept; it is still in the form
            keep_typed(request, page)
    page = task_page(page.assignment_id, by=request.user, at=clock.now())
    form = _form(page, data=post, frames=frames_on_task(request, page))
    if isinstance(refusal, AnswerRefused) and form.is_valid():
        form.refuse(refusal)  # it does not fit this row or its files, which a form alone cannot tell
    beside_fields = isinstance(refusal, AnswerRefused) and not form.is_valid()
    feedback = None
    if asked:
        feedback = FeedbackForm(asked, post)
        beside_fields = feedback.shows(refusal) or beside_fields
    told = "" if beside_fields else str(refusal)
    return _render(request, page, form, refused=told, feedback=feedback, status=refusal.status)


def _onward(
    request: SignedIn, following: Any, why_none: Refusal | None, *, stay_at: int, left: int, done: str
) -> HttpResponse:
    """Go to the next task; where none was wanted, stay.

    Where there is none, say why, ask what was learnt in the project that is `left`, and go to the feed.
    """
    if following is not None:
        return redirect("task", following.pk)
    messages.success(request, done)
    if why_none is None:
        return redirect("task", stay_at)
    messages.info(request, str(why_none))
    invite(request, left)
    return redirect("feed")
