"""Rows of JSONL files: one JSON object a line. Values keep their type; null stays null.

Numbers are exact. Whole numbers may have any length Python reads; a number with a fraction is a float
if that is the number written, and a Decimal if a float would have changed it. `row_json` writes both.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from math import isfinite
from typing import Any, NoReturn

import msgspec

from canut.work.designs.columns import column_name
from canut.work.designs.values import storable
from canut.work.uploads.lines import Limits, Lines, decoded
from canut.work.uploads.problems import RowProblem, UploadRefused
from canut.work.uploads.tables import LONGEST_COLUMN_NAME, Found

DEEPEST = 50
LONGEST_NUMBER = 1000
LARGEST_EXPONENT = 400

_ESCAPED_TROUBLE = re.compile(rb"\\u(0000|[dD][89a-fA-F])")
_written = msgspec.json.Encoder(decimal_format="number")


class _Bad(Exception):
    """One line is bad. No ValueError: that is what the parser raises by itself."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def row_json(values: object) -> str:
    """Return a row's JSON with its numbers as they were written, ready for a jsonb column.

    `json.dumps` cannot write a Decimal, and Django's encoder would make it a text.
    """
    return _written.encode(values).decode()


class ObjectRows:
    """Gives the rows of one file as (line, values), and the bad ones as problems.

    `columns` grows as rows are read: the names in the order in which they first appear.

    Raises, while it is read:
        UploadRefused: the file is no UTF-8, or is one JSON list.
    """

    def __init__(self, lines: Lines, limits: Limits) -> None:
        self.columns: dict[str, None] = {}
        self._lines = lines
        self._limits = limits

    def __iter__(self) -> Iterator[Found]:
        first = True
        for number, line in self._lines:
            if line is None:
                yield RowProblem(number, "row_too_large", {"at_most": self._limits.row_bytes // 1000})
                continue
            stripped = line.strip(b" \t\r\n")
            if not stripped:
                continue
            if first and (stripped == b"[" or stripped.startswith(b"[{")):
                raise UploadRefused(RowProblem(number, "json_list"))
            first = False
            try:
                yield number, self._row(stripped, number)
            except _Bad as bad:
                yield RowProblem(number, bad.code, bad.facts)

    def _row(self, line: bytes, number: int) -> dict[str, object]:
        values = _parsed(decoded(line, number))
        if not values.keys() <= self.columns.keys():
            values = self._with_clean_names(values)
        if _ESCAPED_TROUBLE.search(line) or line.count(b"[") + line.count(b"{") > DEEPEST:
            _check_storable(values)
        if len(line) > self._limits.cell_bytes:
            self._check_sizes(values)
        new = [name for name in values if name not in self.columns]
        if len(self.columns) + len(new) > self._limits.columns:
            raise _Bad("too_many_columns", at_most=self._limits.columns)
        self.columns.update(dict.fromkeys(new))
        return values

    def _with_clean_names(self, values: dict[str, object]) -> dict[str, object]:
        clean: dict[str, object] = {}
        for raw, value in values.items():
            name = column_name(raw)
            if not name or len(name) > LONGEST_COLUMN_NAME or not storable(name):
                raise _Bad("name_unusable")
            if name in clean:
                raise _Bad("key_repeated", column=name)
            clean[name] = value
        return clean

    def _check_sizes(self, values: dict[str, object]) -> None:
        at_most = self._limits.cell_bytes
        for name, value in values.items():
            if len(value.encode() if isinstance(value, str) else row_json(value)) > at_most:
                raise _Bad("cell_too_large", column=name, at_most=at_most // 1000)


def _parsed(text: str) -> dict[str, object]:
    try:
        values, end = _parser.raw_decode(text)
    except json.JSONDecodeError as error:
        raise _Bad("not_json", at=error.pos + 1) from None
    except RecursionError:
        raise _Bad("too_deep", at_most=DEEPEST) from None
    except ValueError:  # Python reads no whole number of more than 4300 digits
        raise _Bad("number_too_large") from None
    if end < len(text):
        raise _Bad("not_json", at=end + 1)
    if not isinstance(values, dict):
        raise _Bad("not_an_object")
    return values


def _number(written: str) -> float | Decimal:
    """Return the number exactly as written, as a float if it can be one."""
    near = float(written)
    if repr(near) == written:
        return near
    # What reads rows again, here and in a browser, takes a number beyond a float for infinity.
    if not isfinite(near) or len(written) > LONGEST_NUMBER:
        raise _Bad("number_too_large")
    exact = Decimal(written)
    if Decimal(repr(near)) == exact:
        return near
    if abs(exact.adjusted()) > LARGEST_EXPONENT:
        raise _Bad("number_too_large")
    return exact


def _no_number(written: str) -> NoReturn:
    raise _Bad("not_finite")


def _names_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        seen: set[str] = set()
        for name, _value in pairs:
            if name in seen:
                raise _Bad("key_repeated", column=name[:60] if storable(name) else "?")
            seen.add(name)
    return values


_parser = json.JSONDecoder(object_pairs_hook=_names_once, parse_float=_number, parse_constant=_no_number)


def _check_storable(values: dict[str, object]) -> None:
    """Refuse what the database cannot hold. Not by recursion, for values may be nested too deep for it."""
    waiting: list[tuple[object, int]] = [(values, 1)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise _Bad("too_deep", at_most=DEEPEST)
        if isinstance(value, str) and not storable(value):
            raise _Bad("unstorable")
        if isinstance(value, dict):
            waiting += [(name, depth) for name in value]
            waiting += [(part, depth + 1) for part in value.values()]
        elif isinstance(value, list):
            waiting += [(part, depth + 1) for part in value]
