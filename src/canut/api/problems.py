"""Every error as a problem document (RFC 9457): for programs a code and facts, for people a sentence.

`type` is the address of the page that explains the code, `/problems/<code>`, the same on every site.
`facts` holds what a program may act on; its `errors`, if any, names each field that was wrong.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from canut.api import wire
from canut.api.refusals import (
    AddressNotFound,
    BodyTooLarge,
    KeyMissing,
    MethodNotAllowed,
    NotAvailableNow,
    RequestNotUnderstood,
    Unexpected,
)
from canut.api.wrong_fields import errors_by_field
from canut.kernel.refusals import BadInput, Refusal

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
WAIT_SECONDS = 2
"""How long a program should wait before it asks a database again that did not answer."""

log = logging.getLogger(__name__)


def document(refusal: Refusal, *, status: int | None = None) -> dict[str, Any]:
    """Return the problem document of a refusal, its sentence in the active language."""
    return {
        "type": f"/problems/{refusal.code}",
        "title": title_of(refusal.code),
        "status": status or refusal.status,
        "detail": str(refusal),
        "code": refusal.code,
        "facts": _plain(refusal.facts),
    }


def title_of(code: str) -> str:
    """Return a code as a short English title: the same for every occurrence, as the RFC asks."""
    return code.replace("_", " ").capitalize()


def answer(refusal: Refusal, *, status: int | None = None) -> HttpResponse:
    """Return the response that says no."""
    found = document(refusal, status=status)
    response = HttpResponse(wire.encode(found), status=found["status"], content_type=MEDIA_TYPE)
    if found["status"] == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Canut"'
    if (seconds := found["facts"].get("retry_after_seconds")) is not None:
        response.headers["Retry-After"] = str(seconds)
    return response


def register(api: NinjaAPI) -> None:
    """Have every exception of an endpoint answered as a problem document."""
    for exception, handler in HANDLERS.items():
        api.add_exception_handler(exception, handler)


class ProblemDocuments:
    """Turn what Django itself answers to a program (no such address, no such method) into the same form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(PREFIX) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        return _said_by_django(request, response)


def _said_by_django(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    match response.status_code:
        case 404:
            refusal: Refusal = _no_such_address()
        case 405:
            allowed = sorted(response.headers.get("Allow", "").replace(",", " ").split())
            refusal = MethodNotAllowed(
                _("This address does not answer %(method)s. It answers: %(allowed)s.")
                % {"method": request.method, "allowed": ", ".join(allowed)},
                allowed=allowed,
            )
        case 413:
            refusal = _too_large()
        case status if status >= 500:
            refusal = _unexpected()
            log.error("%s: %s %s was answered %s", refusal.facts["id"], request.method, request.path, status)
        case _:
            refusal = _not_understood()
    said = answer(refusal, status=response.status_code)
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            said.headers[name] = response.headers[name]
    return said


def _refused(request: HttpRequest, refusal: Any) -> HttpResponse:
    return answer(refusal)


def _of_the_wrong_shape(request: HttpRequest, wrong: Any) -> HttpResponse:
    """Answer what has not the shape asked for; with a number that no row can have, there is no address."""
    if any(error["loc"][0] == "path" for error in wrong.errors):
        return answer(_no_such_address())
    errors = errors_by_field(wrong.errors)
    return answer(BadInput(_("Some of what was sent cannot be used. See each field."), errors=errors))


def _said_by_ninja(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error.__cause__, Refusal):  # the reading of the body refused it
        return answer(error.__cause__)
    if error.status_code == 401:
        return answer(
            KeyMissing(
                _("Send an API key in the header “Authorization: Bearer …”. Your account page makes one.")
            )
        )
    return answer(_not_understood(), status=error.status_code)


def _not_found(request: HttpRequest, missing: Any) -> HttpResponse:
    return answer(_no_such_address())


def _suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(_too_large() if isinstance(error, RequestDataTooBig) else _not_understood())


def _database_gone(request: HttpRequest, error: Any) -> HttpResponse:
    """Answer a lost connection or a deadlock: nothing was changed, and trying again is right."""
    log.warning("%s %s: the database said %s", request.method, request.path, str(error).strip())
    connection.close()
    return answer(
        NotAvailableNow(
            _("This could not be done just now. Try again in a moment."), retry_after_seconds=WAIT_SECONDS
        )
    )


def _fault(request: HttpRequest, error: Any) -> HttpResponse:
    refusal = _unexpected()
    log.error("%s: %s %s failed", refusal.facts["id"], request.method, request.path, exc_info=error)
    return answer(refusal)


HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Refusal: _refused,
    ValidationError: _of_the_wrong_shape,
    HttpError: _said_by_ninja,
    Http404: _not_found,
    SuspiciousOperation: _suspicious,
    MultiPartParserError: _suspicious,
    UnreadablePostError: _suspicious,
    OperationalError: _database_gone,
    InterfaceError: _database_gone,
    Exception: _fault,
}


def _no_such_address() -> AddressNotFound:
    return AddressNotFound(_("There is no such address. The page /api/v1/docs lists those there are."))


def _too_large() -> BodyTooLarge:
    return BodyTooLarge(
        _("This is larger than one request may be. Send it in parts, or upload it as a file."),
        most_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    )


def _not_understood() -> RequestNotUnderstood:
    return RequestNotUnderstood(_("This request cannot be read."))


def _unexpected() -> Unexpected:
    return Unexpected(
        _("Something went wrong on our side and was noted. If it goes on, tell the operators this id."),
        id=str(uuid4()),
    )


def _plain(value: Any) -> Any:
    """Return facts as JSON has them: lazy sentences become text."""
    match value:
        case Promise():
            return str(value)
        case Mapping():
            return {str(key): _plain(part) for key, part in value.items()}
        case str() | bytes():
            return value
        case Sequence() | set() | frozenset():
            return [_plain(part) for part in value]
        case _:
            return value
