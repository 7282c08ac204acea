"""How an endpoint is declared: its address, its scope, what it answers, and every way it says no.

The declaration is the documentation too: `/api/v1/openapi.json`, the page `/api/v1/docs` and
`docs/reference/api.md` are written from it, and the contract test holds each line of it to its word.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from http import HTTPStatus
from inspect import Parameter, getdoc, signature
from typing import Annotated, Any, get_args

from ninja import Path, Router
from ninja.params.models import Path as InPath
from ninja.params.models import Query

from canut.api.keys import ApiKey
from canut.api.refusals import (
    AddressNotFound,
    BodyNotJson,
    BodyTooLarge,
    ContentTypeNotSupported,
    CursorNotUsable,
    KeyMissing,
    TooManyAttempts,
)
from canut.api.replays import HEADER, LONGEST_KEY, REPLAYED, done_once
from canut.kernel.idempotency import KeyUsedForAnotherRequest
from canut.kernel.refusals import BadInput, Refusal
from canut.people.access import AccountSuspended
from canut.people.models import Scope
from canut.people.usecases.authenticate_key import KeyNotUsable, ScopeMissing

View = Callable[..., Any]
Refusals = Sequence[type[Refusal]]

Id = Annotated[int, Path(ge=1, lt=2**63)]
"""A row's number in an address."""

PROBLEM = {"$ref": "#/components/schemas/Problem"}
HELD_TOGETHER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Makes a repeat of this request harmless for a week: it is answered as the first time.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
}
REPEATED = {
    REPLAYED: {
        "description": "`true` where this is the stored answer to a repeat, and nothing was done.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}


class Replays(Enum):
    """What recognises the repeat of a POST."""

    STORED = "the key's stored answer"
    BY_ENDPOINT = "the same, looked up by the endpoint, for its body is no JSON"
    NATURAL = "the thing itself: an idempotency key would add nothing, and is passed over"


class Doors:
    """The endpoints of one subject."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.router = Router(tags=[subject])

    def get(self, path: str, **declared: Any) -> Callable[[View], View]:
        return self._declare("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[View], View]:
        """Declare a POST; it keeps idempotency keys unless `replays` says otherwise."""
        return self._declare("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[View], View]:
        return self._declare("PUT", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[View], View]:
        return self._declare("PATCH", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[View], View]:
        return self._declare("DELETE", path, **declared)

    def _declare(
        self,
        method: str,
        path: str,
        *,
        scope: Scope | None,
        answers: Any,
        refuses: Refusals = (),
        status: int = 200,
        replays: Replays = Replays.STORED,
        extra: dict[str, Any] | None = None,
    ) -> Callable[[View], View]:
        """Declare one endpoint.

        `scope` is what the key must be good for, None for what everybody may read. `answers` is the
        model of a plain success, or a media type for what is no JSON. `refuses` are the refusals of
        the use case; those that come with the key, the body or a cursor are added here. `extra` goes
        into the document as it is.
        """

        def declared(view: View) -> View:
            stored = method == "POST" and replays is not Replays.NATURAL
            all_refusals = [*refuses, *_implied(view, scope=scope, stored=stored)]
            documented: dict[str, Any] = {
                "responses": dict(_problems(all_refusals)),
                "x-refusals": _codes(all_refusals),
            }
            if scope is not None:
                documented["x-scope"] = str(scope)
            if stored:
                documented["parameters"] = [HELD_TOGETHER]
                documented["responses"][status] = {"headers": REPEATED}
            if isinstance(answers, str):
                documented["responses"][status] = {
                    "content": {answers: {"schema": {"type": "string", "format": "binary"}}}
                }
            for part, more in (extra or {}).items():
                documented[part] = more
            summary, _line, _rest = (getdoc(view) or "").partition("\n")
            self.router.api_operation(
                [method],
                re.sub(r"\{(\w+)\}", r"{int:\1}", path),  # what varies is a row's number, unless it says else
                auth=None if scope is None else ApiKey(scope),
                response={status: None if isinstance(answers, str) else answers},
                operation_id=view.__name__,
                summary=summary.rstrip("."),
                openapi_extra=documented,
            )(done_once(view, status=status, says=answers) if stored and replays is Replays.STORED else view)
            return view

        return declared


def _implied(view: View, *, scope: Scope | None, stored: bool) -> Iterator[type[Refusal]]:
    """Give what an endpoint refuses by the kind of request it takes."""
    parameters = signature(view).parameters
    if scope is not None:
        yield from (KeyMissing, KeyNotUsable, AccountSuspended, ScopeMissing, TooManyAttempts)
    if any(_is_number_in_path(parameter) for parameter in parameters.values()):
        yield AddressNotFound
    if "body" in parameters:
        yield from (BodyNotJson, BodyTooLarge, ContentTypeNotSupported, BadInput)
    if any(_is_asked_in_query(parameter) for parameter in parameters.values()):
        yield BadInput
    if "cursor" in parameters:
        yield CursorNotUsable
    if stored:
        yield from (KeyUsedForAnotherRequest, BadInput)


def _is_number_in_path(parameter: Parameter) -> bool:
    kind, *parts = get_args(parameter.annotation) or (None,)
    return kind is int and any(isinstance(part, InPath) for part in parts)


def _is_asked_in_query(parameter: Parameter) -> bool:
    return any(isinstance(part, Query) for part in get_args(parameter.annotation))


def _codes(refusals: Refusals) -> list[str]:
    return sorted({refusal.code for refusal in refusals})


def _problems(refusals: Refusals) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give, for each status, the problem document with the codes that it may hold."""
    by_status: dict[int, set[str]] = defaultdict(set)
    for refusal in refusals:
        by_status[refusal.status].add(refusal.code)
    for status, codes in sorted(by_status.items()):
        only_these = {"type": "object", "properties": {"code": {"enum": sorted(codes)}}}
        yield (
            status,
            {
                "description": HTTPStatus(status).phrase,
                "content": {"application/problem+json": {"schema": {"allOf": [PROBLEM, only_these]}}},
            },
        )
