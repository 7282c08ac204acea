"""The hub of what is decided here, the list of proposals, one proposal, and what a version changed."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from canut.discussion.facilitated.queries import count_about, published_about
from canut.discussion.facilitated.states import About
from canut.governance.ballots.queries_seen import vote_seen
from canut.governance.queries.hub import hub
from canut.governance.queries.proposals import GROUPS, proposal_seen, proposals_page
from canut.governance.queries.versions import amended
from canut.governance.resolution.queries import jury_of_proposal, may_call
from canut.kernel import clock
from canut.lab.replays.queries import replay_of_version
from canut.people.models import Person
from canut.web.paging import LARGEST_ID, number_after
from canut.web.proposals.forms import FeasibilityForm, SenseForm

MOST_PAGES = 10_000


def looker(request: HttpRequest) -> Person | None:
    return request.user if isinstance(request.user, Person) else None


@require_GET
@never_cache
def decide(request: HttpRequest) -> HttpResponse:
    by = looker(request)
    return render(request, "proposals/decide.html", {"hub": hub(by=by, at=clock.now())})


@require_GET
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    by = looker(request)
    own = by is not None and request.GET.get("mine") == "yes"
    page = proposals_page(
        at=clock.now(),
        by=by,
        group=request.GET.get("show", ""),
        words=request.GET.get("words", ""),
        page=min(number_after(request, "page") or 1, MOST_PAGES),
        own=own,
    )
    context = {
        "page": page,
        "own": own,
        "groups": GROUPS,
    }
    return render(request, "proposals/proposals.html", context)


@require_GET
@never_cache
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    return proposal_page(request, proposal_id)


def proposal_page(
    request: HttpRequest,
    proposal_id: int,
    *,
    sense_form: forms.Form | None = None,
    feasibility_form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    by, at = looker(request), clock.now()
    seen = proposal_seen(min(proposal_id, LARGEST_ID), by=by, at=at)
    context: dict[str, Any] = {
        "proposal": seen,
        "discussions": {
            "records": published_about(About.IDEA, seen.id),
            "going_on": count_about(About.IDEA, seen.id) > 0,
        },
        "replay": replay_of_version(seen.id, seen.version.number),
        "jury": jury_of_proposal(seen.id),
        "may_call_jury": may_call(seen.id, by=by, at=at),
        "vote": None if seen.vote_id is None else vote_seen(seen.vote_id, by=by, at=at),
        "sense_form": sense_form
        or SenseForm(initial={"stance": seen.own_stance, "reason": seen.own_reason}, auto_id="sense_%s"),
        "feasibility_form": feasibility_form or FeasibilityForm(auto_id="team_%s"),
    }
    return render(request, "proposals/proposal.html", context, status=status)


@require_GET
@never_cache
def version(request: HttpRequest, proposal_id: int, number: int) -> HttpResponse:
    """What a version says that the one before it did not."""
    seen = amended(min(proposal_id, LARGEST_ID), number)
    return render(request, "proposals/version.html", {"version": seen})
