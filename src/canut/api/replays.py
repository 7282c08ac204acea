"""A POST that is repeated with its `Idempotency-Key` is answered as the first time and does nothing more."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

import msgspec
from django.core.files.base import File
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


def done_once(view: View, *, status: int, says: type[BaseModel]) -> View:
    """Return the endpoint so that a request with a key it has had before gets the stored answer."""

    @wraps(view)
    def door(request: Asked, **values: Any) -> HttpResponse:
        return answered_once(
            request,
            status=status,
            says=says,
            body=lambda: sha256(request.body).hexdigest(),
            do=lambda: view(request, **values),
        )

    return door


def answered_once(
    request: Asked,
    *,
    status: int,
    says: type[BaseModel],
    body: Callable[[], str],
    do: Callable[[], BaseModel],
) -> HttpResponse:
    """Answer with what `do` returns, or with what it returned when this key came before, to the letter.

    `body` gives the hash of what was sent, which with method and address tells a repeat from another
    request under the same key. What is refused is not stored: a repeat tries again.

    Raises:
        BadInput: the key is empty, longer than 80 characters, or no plain text.
        KeyUsedForAnotherRequest: it came before with another request.
    """
    key = key_of(request)
    if key is None:
        return _written(do(), status)
    head = f"{request.method}\n{request.get_full_path()}\n{body()}"
    found, stored, repeated = once(
        party_id=request.auth.by.pk,
        key=key,
        request_hash=sha256(head.encode()).hexdigest(),
        at=request.auth.at,
        do=lambda: (status, msgspec.json.decode(wire.encode(do().model_dump()))),
    )
    response = _written(says.model_validate(stored), found)  # in its own order, which the store loses
    if repeated:
        response.headers[REPLAYED] = "true"
    return response


def content_hash(file: "File[bytes]", name: str) -> str:
    """Return the hash of a file and its name, read in pieces; the file is left at its beginning."""
    hashed = sha256(f"{name}\n".encode())
    file.seek(0)
    for chunk in file.chunks():
        hashed.update(chunk)
    file.seek(0)
    return hashed.hexdigest()


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


def hashed_key(request: HttpRequest) -> str | None:
    """Return what a use case that keeps keys of its own is given for the request's key, if it carries one."""
    key = key_of(request)
    return None if key is None else sha256(f"api:{key}".encode()).hexdigest()[:40]


def _written(said: BaseModel, status: int) -> HttpResponse:
    content = wire.encode(said.model_dump())
    return HttpResponse(content, status=status, content_type="application/json; charset=utf-8")
