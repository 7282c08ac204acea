"""The pages that explain the API: every address, and every refusal behind a problem's `type`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from canut.api import reference


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Show every address with what it takes, answers and refuses."""
    about = reference.document()["info"]["description"].split("\n\n")
    context = {"about": about, "subjects": reference.subjects(), "shapes": reference.shapes()}
    return render(request, "api/docs.html", context)


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """List every refusal."""
    return render(request, "api/problems.html", {"refusals": reference.refusals().values()})


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one refusal: what a problem document's `type` leads to."""
    refused = reference.refusals().get(code)
    if refused is None:
        raise Http404
    return render(request, "api/problem.html", {"refused": refused})
