"""What the feed may be narrowed by: read from an address or a program, kept, and said in words."""

import json

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canut.kernel.refusals import BadInput
from canut.work.queries.feed_filters import (
    DEVICES,
    KINDS,
    LONGEST_SECONDS,
    MOST_HOURLY_MINOR,
    NO_FILTERS,
    RISKS,
    Filters,
    as_address,
    as_json,
    describe,
    filters_from,
)

FILTERS = st.builds(
    Filters,
    least_hourly_minor=st.integers(0, MOST_HOURLY_MINOR),
    most_seconds=st.integers(0, LONGEST_SECONDS),
    languages=st.lists(st.sampled_from(["en", "fr", "pt-BR", "bm"]), unique=True).map(
        lambda codes: tuple(sorted(codes))
    ),
    device=st.sampled_from(DEVICES),
    risks=st.sampled_from(RISKS),
    kind=st.sampled_from(KINDS),
)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(FILTERS)
def test_filters_are_read_back_from_what_is_stored_and_from_an_address(filters: Filters) -> None:
    assert filters_from(json.loads(json.dumps(as_json(filters)))) == filters
    assert filters_from(as_address(filters)) == filters
    address = QueryDict(mutable=True)
    address.update(as_address(filters))
    assert filters_from(address) == filters


def test_only_what_is_asked_is_stored() -> None:
    assert as_json(NO_FILTERS) == {}
    assert as_json(Filters(most_seconds=90, languages=("fr",))) == {"most_seconds": 90, "languages": ["fr"]}


def test_a_form_left_empty_asks_nothing() -> None:
    assert filters_from(QueryDict("least_hourly=&most_minutes=&device=&risks=&kind=&other=1")) == NO_FILTERS


def test_an_address_may_name_several_languages_either_way() -> None:
    both = Filters(languages=("en", "fr"))
    assert filters_from(QueryDict("languages=fr&languages=en")) == both
    assert filters_from(QueryDict("languages=fr,en")) == both


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("least_hourly", "much"),
        ("least_hourly", "-1"),
        ("least_hourly", "1.001"),
        ("least_hourly", 1.5),
        ("least_hourly", "999999999999"),
        ("least_hourly_minor", "a"),
        ("least_hourly_minor", -1),
        ("least_hourly_minor", True),
        ("most_minutes", "five"),
        ("most_minutes", "481"),
        ("most_minutes", "²"),
        ("most_seconds", 10**30),
        ("most_seconds", [1]),
        ("languages", "french"),
        ("languages", {"fr": 1}),
        ("languages", [1]),
        ("languages", ",".join(f"a{letter}" for letter in "abcdefghijk")),
        ("device", "fridge"),
        ("device", ["phone"]),
        ("risks", "violence"),
        ("kind", "odd"),
        ("kind", {}),
    ],
)
def test_a_value_that_cannot_be_read_is_named(name: str, value: object) -> None:
    with pytest.raises(BadInput) as refused:
        filters_from({name: value, "kind": "paid"} if name != "kind" else {name: value})
    assert set(refused.value.facts["errors"]) == {name}


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.dictionaries(st.sampled_from([*Filters.__slots__, "least_hourly", "most_minutes"]), st.text()))
def test_whatever_stands_in_an_address_is_read_or_refused(address: dict[str, str]) -> None:
    try:
        filters_from(address)
    except BadInput as refused:
        assert set(refused.facts["errors"]) <= set(address)


def test_filters_are_said_in_words() -> None:
    assert describe(NO_FILTERS) == "all work"
    assert describe(Filters(device="computer")) == "can be done on a computer"
    every = Filters(1250, 300, ("fr",), "phone", "none", "paid")
    assert describe(every) == (
        "paid work, at least €12.50 an hour, at most 5 minutes a task, language: French (français), or none, "
        "can be done on a phone, no sensitive work"
    )
    assert describe(Filters(most_seconds=90, risks="all")) == (
        "at most 90 seconds a task, sensitive work that you have not accepted too"
    )
