"""The client knows what the document says: every shape and field of it, every operation."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from tests.api.calls import document

import canut_client
from canut_client import models
from canut_client.reading import read

SCHEMAS: Mapping[str, Any] = document()["components"]["schemas"]
TAKEN_APART = {"Approved", "Deposited", "Feed", "PagesToAnswer", "Results"}
"""Shapes of which the client's methods return the one thing in them."""
WORDS = {name for name, schema in SCHEMAS.items() if "enum" in schema}
"""Shapes that are one of so many words: they come as text."""


def answered_shapes() -> set[str]:
    """Return the shapes that come out of the API."""
    found: set[str] = set()

    def look(value: Any) -> None:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name and name not in found:
                found.add(name)
                look(SCHEMAS[name])
            for part in value.values():
                look(part)
        elif isinstance(value, list):
            for part in value:
                look(part)

    for methods in document()["paths"].values():
        for operation in methods.values():
            look([said for status, said in operation["responses"].items() if status.startswith("2")])
    return {name for name in found if not name.endswith("Page")} - TAKEN_APART - WORDS


def fits(hint: Any, schema: Mapping[str, Any]) -> bool:
    """Tell whether a type hint is what a schema describes."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return fits(hint, SCHEMAS[name]) if name in WORDS else bool(hint.__name__ == name)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        parts = get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
        return all(any(fits(part, option) for part in parts) for option in options)
    origin, kind = get_origin(hint), schema.get("type")
    match kind:
        case None:
            return hint is Any or isinstance(schema.get("enum", [0])[0], hint)
        case "array":
            return origin is tuple and fits(get_args(hint)[0], schema["items"])
        case "object":
            inner = schema.get("additionalProperties")
            return origin is Mapping and (
                not isinstance(inner, dict) or not inner or fits(get_args(hint)[1], inner)
            )
        case "string":
            return hint is {"date-time": datetime, "date": date}.get(schema.get("format", ""), str)
        case _:
            return hint is {"integer": int, "number": float, "boolean": bool, "null": types.NoneType}[kind]


@pytest.mark.parametrize("name", sorted(answered_shapes()))
def test_every_shape_that_comes_out_has_a_dataclass_with_its_fields(name: str) -> None:
    model = getattr(models, name)
    assert is_dataclass(model)
    assert canut_client.__dict__[name] is model
    properties = SCHEMAS[name]["properties"]
    assert {field.name for field in fields(model)} == set(properties)
    hints = get_type_hints(model)
    assert [field for field, schema in properties.items() if not fits(hints[field], schema)] == []


def test_no_dataclass_is_left_over() -> None:
    assert set(models.__all__) == answered_shapes()


def test_what_a_newer_site_adds_is_passed_over_and_what_is_missing_is_said() -> None:
    amount = {"amount_minor": 60, "currency": "EUR", "written": "0.60", "in_hours": 0.04}
    assert str(read(models.Amount, amount)) == "0.60 EUR"
    with pytest.raises(ValueError, match="Amount lacks currency"):
        read(models.Amount, {"amount_minor": 60, "written": "0.60"})
