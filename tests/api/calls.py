"""Calling the API as a program does, and holding every answer to what the API's own document says of it."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from time import monotonic, sleep
from typing import Any

from django.db import connection
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from canut.api.v1 import api
from canut.kernel import clock
from canut.people.models import Person, Scope
from canut.people.usecases.create_key import create_key

ROOT = "/api/v1"
DOCUMENT = "urn:canut:api"
seen: Counter[tuple[str, str]] = Counter()
"""Which (operation, code) have been answered in this run; the code of a success is its status."""


@dataclass(frozen=True)
class Call:
    """One request. `body` is sent as JSON; `raw` as it is; `by` None shows no key."""

    by: Person | None
    method: str
    path: str
    body: Any = None
    raw: bytes | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    content_length: int | None = None
    scopes: Sequence[str] = tuple(Scope.values)
    token: str | None = None

    def but(self, **changes: Any) -> "Call":
        return replace(self, **changes)

    def answered(self) -> "Answer":
        """Do it, and fail if the answer is not one that the document has for this address."""
        answer = self.answered_unchecked()
        check(self, answer)
        return answer

    def answered_unchecked(self) -> "Answer":
        headers = dict(self.headers)
        token = self.token or (key_of(self.by, self.scopes) if self.by else None)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = (
            self.raw if self.raw is not None else b"" if self.body is None else json.dumps(self.body).encode()
        )
        more = {} if self.content_length is None else {"CONTENT_LENGTH": str(self.content_length)}
        kind = self.content_type if data else ""
        response = Client().generic(
            self.method, ROOT + self.path, data, content_type=kind, headers=headers, **more
        )
        content = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(response.status_code, dict(response.headers), content)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """What is counted: the refusal's code, or the status of a success."""
        return self.json["code"] if self.status >= 400 else str(self.status)


def key_of(person: Person, scopes: Sequence[str]) -> str:
    """Return a fresh key's token."""
    return create_key(by=person, name="test", scopes=scopes, at=clock.now()).token


def in_own_connection(call: Call) -> "Answer":
    """Do a call on a thread of its own, and leave no connection behind."""
    try:
        return call.answered()
    finally:
        connection.close()


def wait_for_a_blocked_query(seconds: float = 10) -> None:
    """Wait until some other connection waits for a lock that this transaction holds."""
    until = monotonic() + seconds
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks"
                " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            (blocked,) = cursor.fetchone()
        if blocked:
            return
        sleep(0.02)
    raise AssertionError("nobody waits for this transaction")


@cache
def document() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema()))


@cache
def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Return every operation by its id: method, path and what the document says."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    }


@cache
def addresses() -> dict[str, list[tuple[int, re.Pattern[str], str]]]:
    """Return for each method the addresses it is said to answer at: how many parameters, which, and whose."""
    found: dict[str, list[tuple[int, re.Pattern[str], str]]] = {}
    for name, (method, template, _operation) in operations().items():
        address = re.compile(re.sub(r"{[^}]+}", "[^/]+", template))
        found.setdefault(method, []).append((template.count("{"), address, name))
    return found


def operation_of(method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the operation that answers at an address; of two that fit, the one with fewer parameters."""
    bare = ROOT + path.partition("?")[0]
    fitting = [
        (parameters, name)
        for parameters, address, name in addresses().get(method, ())
        if address.fullmatch(bare)
    ]
    assert fitting, f"the document has no {method} {path}"
    _parameters, name = min(fitting, key=lambda found: found[0])
    return name, operations()[name][2]


@cache
def shapes() -> Registry[Any]:
    """Return what the document says of all shapes, where each is looked up."""
    return Registry().with_resource(DOCUMENT, DRAFT202012.create_resource(document())).crawl()


@cache
def shape_of(name: str, status: int, kind: str) -> Draft202012Validator:
    """Return what holds an answer of an operation to its shape in the document."""
    method, path, _operation = operations()[name]
    way = ("paths", path, method.lower(), "responses", str(status), "content", kind, "schema")
    pointer = "/".join(part.replace("~", "~0").replace("/", "~1") for part in way)
    there = {"$ref": f"{DOCUMENT}#/{pointer}"}
    return Draft202012Validator(there, registry=shapes(), format_checker=FormatChecker())


def check(call: Call, answer: Answer) -> None:
    """Fail unless the document has this status, this shape and this code for the address."""
    name, operation = operation_of(call.method, call.path)
    said = operation["responses"].get(str(answer.status))
    assert said, f"{name} answered {answer.status}, which is not documented: {answer.content[:500]!r}"
    seen[
        name, "" if answer.status == 204 else answer.code if answer.status >= 400 else str(answer.status)
    ] += 1
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    content = said.get("content")
    if content is None:
        assert answer.content == b"", f"{name}: {answer.status} has no body in the document"
        return
    assert kind in content, f"{name} answered {kind}, documented are {list(content)}"
    if kind.endswith("json"):
        shape_of(name, answer.status, kind).validate(answer.json)
    if answer.status >= 400:
        assert answer.code in operation["x-refusals"], f"{name}: {answer.code} is not documented"
        assert set(answer.json) == {"type", "title", "status", "detail", "code", "facts"}
        assert answer.json["status"] == answer.status
        assert answer.json["detail"].strip()
