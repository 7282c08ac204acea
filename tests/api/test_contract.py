"""Every line of the API's document happens: each success, and each way of saying no (CHECKS 60)."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from django.core.cache import cache
from tests.api.calls import Call, document, key_of, operation_of, operations
from tests.api.scenarios.cast import Cast
from tests.api.scenarios.registry import SCENARIOS, load, success_of
from tests.builders import a_person
from tests.justice.sanctioned import shut_out
from tests.stories import undone

from canut.api.keys import FAILURES_ALLOWED
from canut.people.models import Scope

load()

BEYOND = str(2**63)


def lines() -> Iterator[tuple[str, str]]:
    """Give each thing that the document says an operation may answer."""
    for name, (_method, _path, operation) in operations().items():
        yield name, success_of(name)
        for code in operation["x-refusals"]:
            yield name, code


def _with_key(call: Call, key: str) -> Call:
    return call.but(headers={**call.headers, "Idempotency-Key": key})


def _asking(call: Call, query: str) -> Call:
    return call.but(path=f"{call.path}{'&' if '?' in call.path else '?'}{query}")


def _other_scopes(call: Call) -> Call:
    _name, said = operation_of(call.method, call.path)
    return call.but(scopes=[scope for scope in Scope.values if scope != said["x-scope"]])


def _after_too_many_attempts(call: Call) -> Call:
    cache.set("api-key-failures:127.0.0.1", FAILURES_ALLOWED, timeout=60)
    return call.but(token="cnt_of_nobody")


def _after_its_holder_is_shut_out(call: Call) -> Call:
    who = call.by or a_person()
    token = key_of(who, call.scopes)
    shut_out(who)
    return call.but(token=token)


def _number_no_row_has(call: Call) -> Call:
    name, _said = operation_of(call.method, call.path)
    template = operations()[name][1].removeprefix("/api/v1").split("/")
    pairs = zip(template, call.path.split("/"), strict=True)
    return call.but(path="/".join(BEYOND if part.startswith("{") else asked for part, asked in pairs))


def _other_request_with_the_same_key(call: Call) -> Call:
    first = _with_key(call, "twice")
    assert first.answered().status < 300
    return _asking(first, "other=request")


def _of_the_wrong_shape(call: Call) -> Call:
    _name, said = operation_of(call.method, call.path)
    if "requestBody" in said and call.raw is None:
        return call.but(body={"anything": "else"})
    if "Idempotency-Key" in str(said.get("parameters")):
        return _with_key(call, "k" * 81)
    (asked, *_others) = [one["name"] for one in said["parameters"] if one["in"] == "query"]
    return _asking(call, f"{asked}={'x' * 500}")


OF_ANY_REQUEST: Mapping[str, Callable[[Call], Call]] = {
    "key_missing": lambda call: call.but(by=None, token=None),
    "key_not_usable": lambda call: call.but(token="cnt_of_nobody"),
    "scope_missing": _other_scopes,
    "address_not_found": _number_no_row_has,
    "body_not_json": lambda call: call.but(raw=b'{"title": ', body=None),
    "body_too_large": lambda call: call.but(raw=b" " * 8_000_001, body=None),
    "content_type_not_supported": lambda call: call.but(content_type="text/plain"),
    "cursor_not_usable": lambda call: _asking(call, "cursor=WyJzdGFycyIsIDNd"),
    "bad_input": _of_the_wrong_shape,
    "idempotency_key_reused": _other_request_with_the_same_key,
    "too_many_attempts": _after_too_many_attempts,
    "account_suspended": _after_its_holder_is_shut_out,
}
"""How a request that succeeds is changed to be refused for a reason that is not its subject's.

In this order: none of those before the last three changes anything.
"""


IN_A_RACE_ALONE = {("rotate_current_key", "key_has_ended")}
"""What two requests at once can bring about only; `test_at_once` does."""


def refused_for_its_own_reasons() -> list[tuple[str, str]]:
    said = {line for line in lines() if line[1] != success_of(line[0])} - IN_A_RACE_ALONE
    return sorted(line for line in said if line[1] not in OF_ANY_REQUEST or line in SCENARIOS)


@pytest.mark.django_db
@pytest.mark.parametrize(("operation", "code"), refused_for_its_own_reasons())
def test_what_the_document_says_happens(operation: str, code: str, cast: Cast) -> None:
    assert (operation, code) in SCENARIOS, f"{operation} is said to answer {code}, and no situation does it"
    answer = SCENARIOS[operation, code](cast).answered()
    assert (answer.code, code) == (code, code), answer.content[:500]


@pytest.mark.django_db
@pytest.mark.parametrize("operation", sorted(operations()))
def test_every_address_does_what_it_is_for_and_refuses_what_any_request_can_be_refused_for(
    operation: str, cast: Cast
) -> None:
    call = SCENARIOS[operation, success_of(operation)](cast)
    with undone():
        answer = call.answered()
    assert answer.code == success_of(operation), answer.content[:500]
    others = set(lines()) - SCENARIOS.keys() - IN_A_RACE_ALONE
    codes = [code for name, code in others if name == operation]
    for code in sorted(codes, key=list(OF_ANY_REQUEST).index):
        answer = OF_ANY_REQUEST[code](call).answered()
        assert (answer.code, code) == (code, code), answer.content[:500]


def test_every_situation_is_a_line_of_the_document() -> None:
    assert set(SCENARIOS) <= set(lines())


def test_every_operation_has_a_name_a_sentence_and_its_parts_described() -> None:
    for name, (_method, _path, operation) in operations().items():
        assert operation["summary"], name
        assert operation["tags"], name
    assert document()["components"]["schemas"]["Problem"]["properties"]["code"]["description"]


@pytest.mark.parametrize(("shape", "field"), [("RatingIn", "value"), ("WeightIn", "weight")])
def test_a_judgement_is_documented_as_the_number_that_it_must_be(shape: str, field: str) -> None:
    said = document()["components"]["schemas"][shape]["properties"][field]
    assert (said["type"], set(said) >= {"minimum", "maximum"}) == ("number", True)
