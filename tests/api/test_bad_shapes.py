"""Whatever is sent, the answer is a documented one: never a fault, never half a change."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.db import OperationalError
from tests.api.calls import Call, key_of, operations
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import SCENARIOS, load, success_of

from canut.ledger.queries import verify

pytestmark = pytest.mark.django_db
load()

WITH_A_BODY = sorted(
    name
    for name, (_method, _path, said) in operations().items()
    if "application/json" in said.get("requestBody", {}).get("content", {})
)
WITH_A_QUERY = sorted(
    name
    for name, (_method, _path, said) in operations().items()
    if any(parameter["in"] == "query" for parameter in said["parameters"])
)
ODD: Sequence[Any] = (
    *(None, True, 0, -1, 10**30, 3.5, 1e308, "", " ", "\0", "\ud800", "é" * 3_000, "9" * 400, "NaN"),
    *([], [None], [[]], {}, {"a": {"b": []}}, {"amount_minor": 0.5, "currency": "EUR"}),
)

ODD_IN_A_QUERY = ("", "%00", "%ff", "-1", "0", "9" * 30, "1.5", "%F0%9F%90%88", "a" * 5_000, "[]", "null")


def places(body: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value in a body."""
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, part in parts:
        yield (*way, name)
        yield from places(part, (*way, name))


def with_value(body: Any, way: tuple[Any, ...], value: Any) -> Any:
    """Return a copy of the body with another value in one place."""
    copy = json.loads(json.dumps(body))
    inner = copy
    for name in way[:-1]:
        inner = inner[name]
    inner[way[-1]] = value
    return copy


@pytest.mark.parametrize("operation", WITH_A_BODY)
def test_no_value_in_a_body_is_a_fault(operation: str, cast: Cast) -> None:
    call = SCENARIOS[operation, success_of(operation)](cast)
    call = call.but(token=_token(call))
    for way in list(places(call.body)):
        for value in ODD:
            answer = call.but(body=with_value(call.body, way, value)).answered()
            if "\0" in str(value) or "\ud800" in str(value):
                assert answer.code == "bad_input", (way, answer.content)
    assert verify() == []


@pytest.mark.parametrize("operation", WITH_A_BODY)
def test_no_body_is_a_fault(operation: str, cast: Cast) -> None:
    call = SCENARIOS[operation, success_of(operation)](cast)
    call = call.but(token=_token(call), body=None)
    raws = {
        b"null": {200, 201, 422},
        b"[]": {422},
        b'"text"': {422},
        b"17": {422},
        b'{"a": NaN}': {400},
        b'{"a": Infinity}': {400},
        b'{"a": [-1e400]}': {400},
        b"\xff\xfe{}": {400},
        b'{"a": ' + b"9" * 5_000 + b"}": {400},
        b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}": {400},
        b'{"a":' * 60 + b"1" + b"}" * 60: {422},
        b'{"\\u0000": 1}': {422},
    }
    for raw, expected in raws.items():
        answer = call.but(raw=raw).answered()
        assert answer.status in expected, (raw[:40], answer.content[:300])


@pytest.mark.parametrize("operation", WITH_A_QUERY)
def test_no_query_is_a_fault(operation: str, cast: Cast) -> None:
    call = SCENARIOS[operation, success_of(operation)](cast)
    if call.method != "GET":
        return
    call = call.but(token=_token(call))
    path = call.path.partition("?")[0]
    for parameter in operations()[operation][2]["parameters"]:
        for value in (
            "",
            "%00",
            "%ff",
            "-1",
            "0",
            "9" * 30,
            "1.5",
            "%F0%9F%90%88",
            "a" * 5_000,
            "[]",
            "null",
        ):
            call.but(path=f"{path}?{parameter['name']}={value}").answered()


@pytest.mark.parametrize("number", ["0", "-1", "abc", "9" * 40, "1.0", "%00", "1%20", "١"])
def test_a_number_that_no_row_has_is_no_address(number: str, cast: Cast) -> None:
    answer = cast.get(cast.requester, f"/projects/{number}").answered_unchecked()
    assert (answer.status, answer.json["code"]) == (404, "address_not_found")


@pytest.mark.parametrize(
    ("reward", "code"),
    [
        ("0.605", "amount_refused"),
        ("-0.60", "amount_refused"),
        (0.60, "amount_refused"),
        (1, "amount_refused"),
        (True, "amount_refused"),
        ("sixty", "amount_refused"),
        ("1e3", "amount_refused"),
        ({"amount_minor": 0.5, "currency": "EUR"}, "amount_refused"),
        ({"amount_minor": 60, "currency": "USD"}, "amount_refused"),
        ({"amount_minor": 60, "currency": "EUR", "bonus": 1}, "amount_refused"),
        ("999999999999", "bad_input"),
        ("0,60", "201"),
        ({"amount_minor": 60, "currency": "EUR"}, "201"),
    ],
)
def test_a_reward_is_an_exact_amount(reward: Any, code: str, cast: Cast) -> None:
    call = SCENARIOS["create_draft", "201"](cast)
    answer = call.but(body={**call.body, "reward": reward}).answered()
    assert answer.code == code
    if answer.status == 201:
        assert answer.json["revision"]["reward"] == {"amount_minor": 60, "currency": "EUR", "written": "0.60"}


def test_a_paid_project_is_not_published_without_a_reward(cast: Cast) -> None:
    made = SCENARIOS["create_draft", "201"](cast)
    project_id = made.but(body={**made.body, "reward": "0"}).answered().json["id"]
    assert (
        cast.post(cast.requester, f"/projects/{project_id}/tasks", {"rows": [{"text": "a"}]})
        .answered()
        .status
        == 201
    )
    refused = cast.post(cast.requester, f"/projects/{project_id}/publish", {}).answered()
    assert refused.code == "reward_missing"


def test_a_body_of_ten_megabytes_is_refused_before_it_is_read(cast: Cast) -> None:
    call = SCENARIOS["create_draft", "201"](cast)
    answer = call.but(raw=b'{"title": "' + b"a" * 10_000_000 + b'"}', body=None).answered()
    assert (answer.code, answer.json["facts"]) == ("body_too_large", {"most_bytes": 8_000_000})


def test_every_wrong_field_is_named_in_the_readers_language(cast: Cast) -> None:
    call = cast.post(cast.requester, "/projects", {"titel": "Cats", "design": 7, "answers_per_task": "three"})
    errors = call.answered().json["facts"]["errors"]
    assert set(errors) == {"title", "titel", "design", "answers_per_task"}
    assert errors["answers_per_task"] == "This must be a whole number."


@pytest.mark.parametrize("path", ["/nothing", "/projects/1/2/3", "/projects/", "/docs/x"])
def test_an_unknown_address_is_answered_as_a_problem(path: str, cast: Cast) -> None:
    answer = cast.get(cast.worker, path).answered_unchecked()
    assert (answer.status, answer.json["code"]) == (404, "address_not_found")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_method_that_an_address_does_not_have_is_answered_with_those_it_has(cast: Cast) -> None:
    answer = Call(cast.worker, "DELETE", "/projects").answered_unchecked()
    assert (answer.status, answer.json["code"]) == (405, "method_not_allowed")
    assert answer.json["facts"] == {"allowed": ["GET", "POST"]}
    assert sorted(answer.headers["Allow"].split(", ")) == ["GET", "POST"]


def test_a_fault_of_ours_shows_an_id_and_nothing_of_the_inside(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr("canut.api.doors.account.profile_of", broken)
    answer = cast.get(cast.worker, "/me").answered_unchecked()
    assert (answer.status, answer.json["code"]) == (500, "unexpected")
    assert b"secret" not in answer.content
    assert answer.json["facts"]["id"] in caplog.text
    assert "secret of the inside" in caplog.text


def test_a_database_that_does_not_answer_is_worth_another_try(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_given: object, **_named: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    call = cast.get(cast.worker, "/me").but(token=_token(cast.get(cast.worker, "/me")))
    monkeypatch.setattr("canut.api.doors.account.profile_of", gone)
    monkeypatch.setattr("canut.api.problems.connection.close", lambda: None)  # this test's own transaction
    answer = call.answered_unchecked()
    assert (answer.status, answer.json["code"], answer.headers["Retry-After"]) == (
        503,
        "not_available_now",
        "2",
    )
    assert b"server closed" not in answer.content


def _token(call: Call) -> str | None:
    """Return one key for many requests."""
    return None if call.by is None else key_of(call.by, call.scopes)
