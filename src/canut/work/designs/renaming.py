"""Feeding a design from other columns: `{{old}}` becomes `{{new}}` wherever a column may stand."""

from collections.abc import Mapping
from typing import Any

from canut.work.designs.columns import PLACE, column_name
from canut.work.designs.own_html import with_columns_called

_NO_TEMPLATES = frozenset({"type", "name", "value", "pattern", "lang", "required_if", "shown_if"})
"""Fields of items in which no column is replaced for a row."""


def with_columns_renamed(design: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return the design's JSON with each column of `names` replaced, all at once: two may change places.

    Raises:
        ValueError: a new name cannot stand between braces.
    """
    places = {column_name(old): new for old, new in names.items()}
    for new in places.values():
        if not column_name(new) or "{" in new or "}" in new:
            raise ValueError(f"{new!r} cannot stand between braces")
    items = [_renamed(item, places) for item in design.get("items", [])]
    return {**design, "items": items}


def _renamed(value: Any, places: Mapping[str, str]) -> Any:
    match value:
        case str():
            return PLACE.sub(lambda found: _place(found[0], found[1], places), value)
        case list():
            return [_renamed(part, places) for part in value]
        case dict():
            return {name: _field_renamed(name, part, places) for name, part in value.items()}
        case _:
            return value


def _field_renamed(name: str, part: Any, places: Mapping[str, str]) -> Any:
    if name in _NO_TEMPLATES:
        return part
    if name == "html" and isinstance(part, str):
        return with_columns_called(part, places)
    return _renamed(part, places)


def _place(whole: str, inner: str, places: Mapping[str, str]) -> str:
    new = places.get(column_name(inner))
    return whole if new is None else f"{{{{{new}}}}}"
