"""What everybody may read: published summaries, who mediates, and the yearly reports."""

import csv

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canut.justice.mediation.queries.mediators import (
    all_mediators,
    mediators_page,
    waiting_for_a_mediator,
)
from canut.justice.mediation.queries.precedents import LONGEST_SEARCH, summaries_page, summary_seen
from canut.justice.mediation.queries.report import as_data, as_lines, yearly_report, years_told
from canut.justice.mediation.states import Topic
from canut.justice.mediation.usecases.appoint_mediator import appoint_mediator, dismiss_mediator
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.people.models import Person
from canut.web.mediation.forms import MediatorForm
from canut.web.paging import LARGEST_ID, number_after
from canut.web.refusals import show_above
from canut.web.signed_in import SignedIn, signed_in


@require_GET
def summaries(request: HttpRequest) -> HttpResponse:
    """Show published summaries, by topic and by the words in them."""
    words, topic = request.GET.get("words", "")[:LONGEST_SEARCH], request.GET.get("topic", "")
    before = number_after(request)
    found, next_before = summaries_page(
        language=_language(), words=words, topic=topic, before=before, most=20
    )
    context = {
        "summaries": found,
        "next_before": next_before,
        "is_further": before is not None,
        "words": words.replace("\0", ""),
        "topic": topic if topic in Topic.values else "",
        "topics": Topic.choices,
    }
    return render(request, "mediation/summaries.html", context)


@require_GET
def summary(request: HttpRequest, precedent_id: int) -> HttpResponse:
    """Show one published summary, in the reader's language if it is there in it."""
    asked = request.GET.get("language", "")
    seen = summary_seen(
        min(precedent_id, LARGEST_ID), language=asked if asked in ("en", "fr") else _language()
    )
    return render(request, "mediation/summary.html", {"summary": seen})


@require_GET
@never_cache
def mediators(request: HttpRequest) -> HttpResponse:
    """Show who mediates here; a mediator ends their appointment here."""
    by = request.user if isinstance(request.user, Person) else None
    found, following = mediators_page(by=by, after=number_after(request, "after"))
    context = {"mediators": found, "following": following, "is_first": "after" not in request.GET}
    return render(request, "mediation/mediators.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
@never_cache
def appoint(request: SignedIn) -> HttpResponse:
    """Show the people who run the site who mediates, with how much, and appoint somebody."""
    found, next_before = all_mediators(by=request.user, before=number_after(request))
    form = MediatorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = appoint_mediator(by=request.user, at=clock.now(), **form.cleaned_data)
        except Refusal as refusal:
            show_above(
                form, refusal, {"person_not_found": "screen_name", "mediator_by_themselves": "screen_name"}
            )
        else:
            messages.success(
                request,
                _("%(name)s is a mediator now, and is told by mail.") % {"name": made.person.screen_name},
            )
            return redirect("appoint_mediators")
    context = {
        "form": form,
        "mediators": found,
        "next_before": next_before,
        "is_further": "before" in request.GET,
        "waiting": waiting_for_a_mediator(),
    }
    status = 200 if request.method == "GET" else 422
    return render(request, "mediation/appoint.html", context, status=status)


@signed_in
@require_POST
def dismiss(request: SignedIn, mediator_id: int) -> HttpResponse:
    """End an appointment, one's own or as somebody who runs the site."""
    ended = dismiss_mediator(by=request.user, mediator_id=min(mediator_id, LARGEST_ID), at=clock.now())
    messages.success(
        request, _("The appointment has ended. It can be made anew: others take what was in hand.")
    )
    return redirect("mediators" if ended.person_id == request.user.pk else "appoint_mediators")


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Show of which years there are reports, and the latest."""
    at = clock.now()
    years = years_told(at=at)
    return _report(request, years[0])


@require_GET
def report(request: HttpRequest, year: int) -> HttpResponse:
    """Show the report of a year."""
    return _report(request, year)


@require_GET
def report_file(request: HttpRequest, year: int, shape: str) -> HttpResponse:
    """Give a report to programs."""
    found = yearly_report(year, at=clock.now())
    if shape == "json":
        return JsonResponse(as_data(found), json_dumps_params={"indent": 2})
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="disputes-{year}.csv"'
    csv.writer(answer).writerows(as_lines(found))
    return answer


def _report(request: HttpRequest, year: int) -> HttpResponse:
    at = clock.now()
    found = yearly_report(year, at=at)
    names = {topic.value: topic.label for topic in Topic}
    context = {
        "report": found,
        "years": years_told(at=at),
        "lines": [([names[name] for name in line.names], line) for line in found.table.lines],
        "none": [names[name] for name in found.table.none],
    }
    return render(request, "mediation/report.html", context)


def _language() -> str:
    return (get_language() or "en")[:2]
