"""A POST that is repeated with its `Idempotency-Key` is answered as the first time and does nothing more."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from canut.api import wire
from canut.api.keys import Asked
from canut.kernel.idempotency import once
from canut.kernel.refusals import BadInput

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replay"
LONGEST_KEY = 80

View = Callable[..., Any]


def done_once(view: View, *, status: int) -> View:
    """Return the endpoint so that a request with a key it has had before gets the stored answer.

    What was refused the first time is not stored: a repeat tries again.
    """

    @wraps(view)
    def door(request: Asked, **values: Any) -> Any:
        key = key_of(request)
        if key is None:
            return view(request, **values)

        def do() -> tuple[int, dict[str, Any]]:
            said = view(request, **values)
            return status, said.model_dump(mode="json") if isinstance(said, BaseModel) else {}

        found, body, repeated = once(
            party_id=request.auth.by.pk, key=key, request_hash=fingerprint(request), at=request.auth.at, do=do
        )
        response = HttpResponse(
            wire.encode(body), status=found, content_type="application/json; charset=utf-8"
        )
        if repeated:
            response.headers[REPLAYED] = "true"
        return response

    return door


def key_of(request: HttpRequest) -> str | None:
    """Return the request's idempotency key, if it carries one.

    Raises:
        BadInput: it is empty, longer than 80 characters, or no plain text.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        sentence = _("An idempotency key has 1 to 80 plain characters.")
        raise BadInput(sentence, errors={HEADER: sentence})
    return key


def fingerprint(request: HttpRequest) -> str:
    """Return what tells a repeat from another request: the hash of method, address and body."""
    head = f"{request.method}\n{request.get_full_path()}\n"
    return sha256(head.encode() + request.body).hexdigest()
