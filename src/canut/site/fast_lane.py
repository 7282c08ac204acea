"""The fast lane: *hand in this answer, give me the next task*, answered in front of Django.

It knows one request in two clothes: a program's (`POST /api/v1/assignments/7/submission` with an API
key) and the task page's (`POST /work/7/hand-in` with the work token of its form). It checks the answer
with the revision's own validator, runs the one statement on Django's connection, and answers.
Whatever is not plain success is handed on to the twin behind the same address, which says what is
wrong; it recognises a retry, so nothing is lost by asking there again.
"""

import io
import re
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any, TypeGuard
from urllib.parse import parse_qs

import msgspec
from django.db import OperationalError, connection
from psycopg import OperationalError as ConnectionLost
from psycopg.errors import DataError, IntegrityError

from canut.charter.queries import in_force
from canut.work.designs.answers import (
    active_seconds_from_post,
    answer_from_post,
    measured_seconds_from_post,
)
from canut.work.designs.problems import AnswerRefused
from canut.work.frame_host import is_frame_host
from canut.work.hot.replies import submission_reply
from canut.work.hot.statements import HandedIn, submit_and_next
from canut.work.validators import design_of, validator_of
from canut.work.work_token import read

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Answered = tuple[str, list[tuple[str, str]], bytes]

MOST_BYTES = 128 * 1024
"""A larger body is left to the twin, which refuses it with a reason."""

MOST_ACTIVE_SECONDS = 7 * 24 * 3600

_BY_PROGRAM = re.compile(r"/api/v1/assignments/([0-9]{1,18})/submission")
_BY_PAGE = re.compile(r"/work/([0-9]{1,18})/hand-in")
_NOT_HERE = (
    msgspec.MsgspecError,
    AnswerRefused,
    LookupError,
    UnicodeError,
    ValueError,
    DataError,
    IntegrityError,
)
"""What the twin must answer: a wrong shape, a refused answer, an unknown revision, a race lost."""


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a program sends; without `revision_id` the twin looks it up."""

    answer: dict[str, Any]
    revision_id: int
    active_seconds: Annotated[int, msgspec.Meta(ge=0, le=MOST_ACTIVE_SECONDS)] | None = None
    measured_seconds: Annotated[int, msgspec.Meta(ge=0, le=MOST_ACTIVE_SECONDS)] | None = None
    next: bool = False


_decode = msgspec.json.Decoder(Sent).decode


def fast_lane(django: Application) -> Application:
    """Return an application that answers the hot request itself and hands everything else to `django`."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        answered = None
        if environ["REQUEST_METHOD"] == "POST" and not is_frame_host(environ.get("HTTP_HOST", "")):
            answered = _answered(environ)
        if answered is None:
            return django(environ, start_response)
        status, headers, body = answered
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return application


def _answered(environ: Environ) -> Answered | None:
    """Return the answer to the hot request, or None for what Django must answer."""
    path = environ["PATH_INFO"]
    if found := _BY_PROGRAM.fullmatch(path):
        handle = _for_program
    elif found := _BY_PAGE.fullmatch(path):
        handle = _for_page
    else:
        return None
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        return handle(environ, int(found[1]), body)
    except _NOT_HERE:
        return None
    except (OperationalError, ConnectionLost):
        connection.close()
        return None


def _for_program(environ: Environ, assignment_id: int, body: bytes) -> Answered | None:
    scheme, _space, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme != "Bearer":
        return None
    sent = _decode(body)
    handed = submit_and_next(
        key_hash=sha256(token.encode()).hexdigest(),
        worker_id=None,
        assignment_id=assignment_id,
        revision_id=sent.revision_id,
        answer_json=_stored(sent.revision_id, sent.answer),
        active_seconds=sent.active_seconds,
        measured_seconds=sent.measured_seconds,
        want_next=sent.next,
        **_limits(),
    )
    if not _is_whole(handed, want_next=sent.next):
        return None
    return "200 OK", [("Content-Type", "application/json")], submission_reply(handed)


def _for_page(environ: Environ, assignment_id: int, body: bytes) -> Answered | None:
    """Answer the task page's form when it asks for the next task, as it did when it was drawn."""
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return None
    post = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1_000)
    token = read(post.get("work_token", [""])[-1], now=time.time())
    if token is None or token.assignment_id != assignment_id:
        return None
    if not (post.get("next") and post.get("next_was", [""])[-1]):
        return None
    if post.get("rating"):
        return None  # the twin keeps the rating too
    answer = answer_from_post(design_of(token.revision_id), post)
    handed = submit_and_next(
        key_hash=None,
        worker_id=token.worker_id,
        assignment_id=assignment_id,
        revision_id=token.revision_id,
        answer_json=_stored(token.revision_id, answer),
        active_seconds=active_seconds_from_post(post),
        measured_seconds=measured_seconds_from_post(post),
        want_next=True,
        **_limits(),
    )
    if handed is None or handed.next is None:
        return None
    return "303 See Other", [("Location", f"/work/{handed.next.assignment_id}/")], b""


def _stored(revision_id: int, answer: object) -> str:
    """Return the answer as it is stored.

    Raises AnswerRefused if the design does not accept it, LookupError if only the twin can tell.
    """
    validate = validator_of(revision_id)
    if validate.needs_twin:
        raise LookupError(f"answers to revision {revision_id} rest on other rows")
    return msgspec.json.encode(validate(answer)).decode()


def _limits() -> dict[str, Any]:
    at = datetime.now(UTC)
    return {"cap": in_force("work.cap_in_hand", at=at), "unrated": in_force("standing.unrated", at=at)}


def _is_whole(handed: HandedIn | None, *, want_next: bool) -> TypeGuard[HandedIn]:
    """Say whether everything asked for was done; else the twin goes on, or says why not."""
    return handed is not None and (handed.next is not None or not want_next)
