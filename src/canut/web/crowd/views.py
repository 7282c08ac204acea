"""Who worked for one, what one has said of whom, and a requester's public page."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from canut.guilds.credentials.queries import SHAPES, badges_shown
from canut.kernel import clock
from canut.people.models import ListKind, Person
from canut.people.usecases.allow_person import allow_person
from canut.people.usecases.block_person import block_person
from canut.people.usecases.put_on_list import LONGEST_TEXT
from canut.people.usecases.unlist_person import unlist_person
from canut.reputation.models import Side
from canut.web.onward import onward
from canut.web.paging import LARGEST_ID, number_after
from canut.web.ratings import OF_REQUESTER, OF_WORKER, RatingButton, rating_buttons, rating_given, rating_of
from canut.web.signed_in import SignedIn, signed_in
from canut.work.queries.ratings_given import Given, given_page
from canut.work.queries.requester_seen import requester_seen
from canut.work.queries.worked_with import TheirWork, people_page, worker_page
from canut.work.usecases.rate_requester import rate_requester_of_all
from canut.work.usecases.rate_worker import rate_worker


@dataclass(frozen=True, slots=True)
class RatedWork:
    """One piece of somebody's work, with the three ratings to choose from."""

    work: TheirWork
    ratings: list[RatingButton]


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One rating that was given, with its mark and what it brings about."""

    given: Given
    rating: RatingButton


class ListForm(forms.Form):
    """Which list to put somebody on, and what they are told about a block."""

    kind = forms.ChoiceField(choices=[*ListKind.choices, ("", "")], required=False)
    told = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("The worker reads it."),
    )


@signed_in
@require_GET
def people(request: SignedIn) -> HttpResponse:
    """List who has handed in work to the person who looks."""
    page = people_page(
        by=request.user, search=request.GET.get("name", "")[:30], cursor=request.GET.get("after", "")
    )
    lines = [(one, rating_given(one.rating, OF_WORKER)) for one in page.people]
    is_further = bool(request.GET.get("after"))
    return render(request, "crowd/people.html", {"page": page, "lines": lines, "is_further": is_further})


@signed_in
@require_GET
def worker(request: SignedIn, person_id: int) -> HttpResponse:
    """Show one of them: how much they did, each piece with its rating, and the two lists."""
    return _worker(request, person_id, ListForm())


@signed_in
@require_POST
def put_on_list(request: SignedIn, person_id: int) -> HttpResponse:
    """Block somebody who worked for one, put them on the list of people wanted, or take them off both."""
    person = worker_page(min(person_id, LARGEST_ID), by=request.user).person  # only who worked for one
    form = ListForm(request.POST)
    if not form.is_valid():
        return _worker(request, person_id, form, status=422)
    kind, at = form.cleaned_data["kind"], clock.now()
    if kind == ListKind.BLOCK:
        block_person(person_id=person.who.id, by=request.user, told=form.cleaned_data["told"], at=at)
        messages.success(
            request, _("Blocked. They see none of your projects; what they hold they may hand in.")
        )
    elif kind == ListKind.ALLOW:
        allow_person(person_id=person.who.id, by=request.user, at=at)
        messages.success(request, _("On the list of people you know and want."))
    else:
        if person.is_blocked or person.is_allowed:
            unlist_person(person_id=person.who.id, by=request.user, at=at)
        messages.success(request, _("On none of your lists any more."))
    return redirect("worker", person.who.id)


@signed_in
@require_POST
def rate_work(request: SignedIn) -> HttpResponse:
    """Rate the work of one submission, from whichever page shows it; rating again replaces it."""
    value = rating_of(request.POST.get("rating", ""))
    written = request.POST.get("submission", "")
    if value is None or not (written.isascii() and written.isdecimal() and len(written) < 19):
        raise Http404
    rate_worker(submission_id=int(written), by=request.user, value=value, at=clock.now())
    messages.success(request, _("Your rating is kept."))
    return redirect(onward(request) or reverse("people"))


@signed_in
@require_GET
def of_workers(request: SignedIn) -> HttpResponse:
    """List what the person who looks has said of workers."""
    return _given(request, Side.WORKER)


@signed_in
@require_GET
def of_requesters(request: SignedIn) -> HttpResponse:
    """List what the person who looks has said of requesters."""
    return _given(request, Side.REQUESTER)


@require_GET
def requester(request: HttpRequest, requester_id: int) -> HttpResponse:
    """Show a requester's public record to anybody, and to members what is open of theirs."""
    by = request.user if isinstance(request.user, Person) else None
    seen = requester_seen(
        min(requester_id, LARGEST_ID), by=by, at=clock.now(), before_id=number_after(request)
    )
    buttons = rating_buttons(seen.rating, OF_REQUESTER)
    answer = render(request, "crowd/requester.html", {"seen": seen, "ratings": buttons})
    answer.headers["X-Robots-Tag"] = "noindex"  # a record is for those who come here, not for search engines
    return answer


@signed_in
@require_POST
def rate(request: SignedIn, requester_id: int) -> HttpResponse:
    """Rate a requester for all that one did for them."""
    value = rating_of(request.POST.get("rating", ""))
    if value is None:
        messages.info(request, _("Choose one of the three, then rate."))
    else:
        rate_requester_of_all(
            requester_id=min(requester_id, LARGEST_ID), by=request.user, value=value, at=clock.now()
        )
        messages.success(request, _("Your rating is kept. Your feed goes by it from now on."))
    return redirect("requester", requester_id)


def _worker(request: SignedIn, person_id: int, form: ListForm, *, status: int = 200) -> HttpResponse:
    page = worker_page(min(person_id, LARGEST_ID), by=request.user, before_id=number_after(request))
    works = [RatedWork(one, rating_buttons(one.rating, OF_WORKER)) for one in page.works]
    context = {
        "page": page,
        "person": page.person,
        "rating": rating_given(page.person.rating, OF_WORKER),
        "works": works,
        "badges": badges_shown(person_id),
        "shapes": SHAPES,
        "form": form,
        "onward": _address(page.person.who.id, number_after(request)),
    }
    return render(request, "crowd/worker.html", context, status=status)


def _address(person_id: int, before_id: int | None) -> str:
    """Return the address of this very page of somebody's work."""
    address = reverse("worker", args=[person_id])
    return address if before_id is None else f"{address}?before={before_id}"


def _given(request: SignedIn, side: Side) -> HttpResponse:
    page = given_page(by=request.user, side=side, before_id=number_after(request))
    consequences = OF_WORKER if side == Side.WORKER else OF_REQUESTER
    lines = []
    for given in page.lines:
        rating = rating_given(given.value, consequences)
        assert rating is not None
        lines.append(GivenLine(given, rating))
    return render(
        request,
        "crowd/ratings.html",
        {"page": page, "lines": lines, "of_workers": side == Side.WORKER},
    )
