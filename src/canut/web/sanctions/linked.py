"""A sanction behind the link of its mail: to read, to answer and to contest without signing in."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from canut.justice.sanctions.access import sanction_file, sanction_of_link
from canut.justice.sanctions.queries import stored
from canut.kernel import clock
from canut.web.files.views import answer_with
from canut.web.sanctions.own import answered, appealed, as_text, asked, own_page


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """Show it; posting answers or asks for the review. Programs that follow links change nothing."""
    found = sanction_of_link(token, at=clock.now())
    if request.method != "POST":
        response = own_page(request, found, token=token)
    elif request.POST.get("what") == "ask":
        response = asked(request, found, by=found.person, token=token)
    elif request.POST.get("what") == "appeal":
        response = appealed(request, found, by=found.person, token=token)
    else:
        response = answered(request, found, by=found.person, token=token)
    return _to_oneself(response)


@require_GET
@never_cache
def statement(request: HttpRequest, token: str) -> HttpResponse:
    return _to_oneself(as_text(sanction_of_link(token, at=clock.now())))


@require_GET
def file(request: HttpRequest, token: str, file_id: UUID) -> HttpResponseBase:
    return answer_with(stored(sanction_file(sanction_of_link(token, at=clock.now()), file_id)))


def _to_oneself(response: HttpResponse) -> HttpResponse:
    """Let no search engine keep the page, and tell no other site its address."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response
