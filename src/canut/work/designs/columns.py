"""`{{column}}` in a requester's texts: which columns a text names, and the text for one row."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from unicodedata import normalize

PLACE = re.compile(r"\{\{([^{}]*)\}\}")


def column_name(raw: str) -> str:
    """Return a column's name in the form in which names are compared: composed, without outer blanks."""
    return normalize("NFC", raw).strip()


def columns_in(template: str) -> Iterator[str]:
    for inner in PLACE.findall(template):
        if name := column_name(inner):
            yield name


def fill(template: str, row: Mapping[str, object]) -> str:
    """Return the text with each `{{column}}` replaced by the row's value; a missing column is empty.

    The result is plain text: whoever puts it into a page escapes it. A value that itself looks like
    `{{column}}` stays as it is.
    """

    def value(found: re.Match[str]) -> str:
        name = column_name(found[1])
        return as_text(row.get(name)) if name else found[0]

    return PLACE.sub(value, template)


def as_text(value: object) -> str:
    """Return a cell as a person reads it: nothing for null, and JSON for what is neither text nor number."""
    match value:
        case None:
            return ""
        case str():
            return value
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=False, default=str)
