"""The fast lane: *submit this answer, give me the next task*, answered in front of Django.

It knows one request, from a program (`POST /api/v1/assignments/7/submission` with an API key), checks
the answer with the revision's own validator, runs the one statement on Django's connection, and
answers. Whatever is not plain success is handed on to the twin behind the same address, which says
what is wrong: a retry is recognised there too, so nothing is lost by asking twice.
"""

import io
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec
from django.db import OperationalError, connection
from psycopg import OperationalError as ConnectionLost
from psycopg.errors import IntegrityError

from canut.charter.queries import in_force
from canut.work.designs.problems import AnswerRefused
from canut.work.hot.replies import submission_reply
from canut.work.hot.statements import HandedIn, submit_and_next
from canut.work.validators import validator_of

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

MOST_BYTES = 128 * 1024
"""A larger body is left to the twin, which refuses it with a reason."""

_BY_PROGRAM = re.compile(r"/api/v1/assignments/([0-9]{1,18})/submission")


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    """What a program sends; without `revision_id` the twin looks it up."""

    answer: dict[str, Any]
    revision_id: int
    active_seconds: int | None = None
    next: bool = False


_decode = msgspec.json.Decoder(Sent).decode


def fast_lane(django: Application) -> Application:
    """Return an application that answers the hot request itself and hands everything else to `django`."""

    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and (found := _BY_PROGRAM.fullmatch(environ["PATH_INFO"])):
            reply = _handed_in_by_program(environ, int(found[1]))
            if reply is not None:
                headers = [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))]
                start_response("200 OK", headers)
                return [reply]
        return django(environ, start_response)

    return application


def _handed_in_by_program(environ: Environ, assignment_id: int) -> bytes | None:
    """Return the reply, or None for what the twin must answer."""
    scheme, _space, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    length = environ.get("CONTENT_LENGTH") or "0"
    if scheme != "Bearer" or not length.isdigit() or int(length) > MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = io.BytesIO(body)
    try:
        sent = _decode(body)
        answer = validator_of(sent.revision_id)(sent.answer)
        handed = _hand_in(sha256(token.encode()).hexdigest(), assignment_id, sent, answer)
    except (msgspec.MsgspecError, AnswerRefused, LookupError, IntegrityError):
        return None
    except (OperationalError, ConnectionLost):
        connection.close()
        return None
    if handed is None or (sent.next and handed.next is None):
        return None
    return submission_reply(handed)


def _hand_in(key_hash: str, assignment_id: int, sent: Sent, answer: dict[str, Any]) -> HandedIn | None:
    return submit_and_next(
        key_hash=key_hash,
        worker_id=None,
        assignment_id=assignment_id,
        revision_id=sent.revision_id,
        answer_json=msgspec.json.encode(answer).decode(),
        active_seconds=sent.active_seconds,
        want_next=sent.next,
        cap=int(in_force("work.cap_in_hand", at=datetime.now(UTC))),
    )
