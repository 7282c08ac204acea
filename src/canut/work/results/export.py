"""Results as files: CSV for spreadsheets, JSON Lines for scripts, Parquet for what labs load.

Rows come in one by one and go out as they come, so a file of any length needs the same memory.
Columns are named by the caller and never by the data, so every file of a kind has the same ones,
also one without rows. A row is a mapping or a dataclass with exactly these keys or fields.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, TypeAlias

Cell: TypeAlias = Any
Converters: TypeAlias = "Mapping[Kind, Callable[[Cell], Cell]]"

PART_ROWS: Final = 50_000
PART_LETTERS: Final = 8 * 1024 * 1024
"""Parquet is written in parts of at most so many rows, and where rows are long, of about so many letters."""

FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What text begins with that a spreadsheet would run, or that would be read as escaped from that."""

_JSON: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

_NUMBER: Final = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


class Kind(StrEnum):
    """What a column holds; each may also hold None, where there is nothing."""

    TEXT = "text"  # str
    WHOLE = "whole"  # int, of 64 bits with the sign
    NUMBER = "number"  # int or float, finite
    TRUTH = "truth"  # bool
    MOMENT = "moment"  # datetime with a time zone, written in UTC
    JSON = "json"  # anything JSON can say, nested as it likes


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, which is also the row's key or field, and what it holds."""

    name: str
    kind: Kind


def write_csv(
    rows: Iterable[object], columns: Sequence[Column], out: BinaryIO, *, for_spreadsheets: bool = False
) -> int:
    """Write rows as CSV (RFC 4180: UTF-8, a heading, CRLF) and return how many there were.

    No cell is a formula: a heading, text or JSON that begins with = + - @ (also in their full-width
    forms), a tab or a line break gets an apostrophe before it. Numbers stay numbers, also those in
    text columns ("-5" is no formula). Text that begins with apostrophes and then such a sign gets
    one more, so that taking one from every cell that matches FORMULA and is no number gives all text back.

    None is an empty cell, as is empty text. Truths are `true` and `false`, moments ISO 8601 in UTC,
    and JSON is one line of text. `for_spreadsheets` writes the mark first by which some spreadsheets
    know UTF-8.

    Raises:
        ValueError: there are no columns or two of a name; a row lacks a column or has another one;
            a value is not of its column's kind. What was written before stays written.
    """
    if for_spreadsheets:
        out.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        file = csv.writer(text)
        converted = _converted(rows, columns, _TO_CSV, nothing="")
        file.writerow([_no_formula(column.name) for column in columns])
        written = 0
        for cells in converted:
            file.writerow(cells)
            written += 1
        return written
    finally:
        text.detach()  # passes on what is left and leaves `out` open


def write_jsonl(rows: Iterable[object], columns: Sequence[Column], out: BinaryIO) -> int:
    """Write rows as JSON Lines (UTF-8, an object a line, keys in the columns' order); return how many.

    None is null, moments are ISO 8601 in UTC, and JSON stays nested.

    Raises:
        ValueError: as `write_csv`.
    """
    keys = [f"{_json_text(column.name)}:" for column in columns]
    written = 0
    for cells in _converted(rows, columns, _TO_JSON, nothing="null"):
        line = ",".join(key + cell for key, cell in zip(keys, cells, strict=True))
        out.write(f"{{{line}}}\n".encode())
        written += 1
    return written


def write_parquet(rows: Iterable[object], columns: Sequence[Column], out: BinaryIO) -> int:
    """Write rows as Parquet and return how many there were.

    Whole numbers are 64 bits with a sign, numbers are doubles, moments are microseconds in UTC, and
    JSON is text, for a column has one type. Parts wait in the folder for temporary files until the
    last row is read, so that nothing is in `out` if one is refused. Rows are read on the caller's
    thread and may come straight from a database.

    Raises:
        ValueError: as `write_csv`.
    """
    import polars  # here and not above: 50 MB that a process which only shows pages need not carry

    types = {
        Kind.TEXT: polars.String(),
        Kind.WHOLE: polars.Int64(),
        Kind.NUMBER: polars.Float64(),
        Kind.TRUTH: polars.Boolean(),
        Kind.MOMENT: polars.Datetime("us", "UTC"),
        Kind.JSON: polars.String(),
    }
    schema = {column.name: types[column.kind] for column in columns}
    rows_written = letters_written = 0
    with TemporaryDirectory(prefix="canut-export-") as folder:
        converted = _converted(rows, columns, _TO_PARQUET, nothing=None)
        for number, (part, letters) in enumerate(_parts(converted)):
            frame = polars.DataFrame(part, schema=schema, orient="row")
            frame.write_ipc(Path(folder) / f"{number:09}.arrow", compression="lz4")
            rows_written += len(part)
            letters_written += letters
        if not rows_written:
            polars.DataFrame(schema=schema).write_parquet(out)
            return 0
        # Long rows go into smaller groups, for the writer and every reader hold a whole one at once.
        group_rows = max(1, min(PART_ROWS, PART_LETTERS * rows_written // max(1, letters_written)))
        parts = polars.scan_ipc(Path(folder) / "*.arrow")
        parts.sink_parquet(out, row_group_size=group_rows, maintain_order=True, engine="streaming")
    return rows_written


def _converted(
    rows: Iterable[object], columns: Sequence[Column], converters: Converters, *, nothing: Cell
) -> Iterator[list[Cell]]:
    """Check the columns; return an iterator over each row's cells in their order, as the file wants them."""
    if not columns or len({column.name for column in columns}) < len(columns):
        raise ValueError("a file needs columns, each with a name of its own")
    wanted = {column.name: converters[column.kind] for column in columns}

    def cells_of(number: int, row: object) -> list[Cell]:
        values = _values(row)
        if values.keys() != wanted.keys():
            odd = ", ".join(sorted(map(str, values.keys() ^ wanted.keys())))
            raise ValueError(f"row {number} and the columns differ in: {odd}")
        cells = []
        for name, converter in wanted.items():
            value = values[name]
            try:
                cells.append(nothing if value is None else converter(value))
            except (TypeError, ValueError) as error:
                raise ValueError(f"row {number}, column {name}: {error}") from error
        return cells

    return (cells_of(number, row) for number, row in enumerate(rows, start=1))


def _values(row: object) -> Mapping[str, Cell]:
    if isinstance(row, Mapping):
        return row
    if is_dataclass(row):
        return {field.name: getattr(row, field.name) for field in fields(row)}
    raise ValueError(f"a row is a mapping or a dataclass, not {type(row).__name__}")


def _parts(rows: Iterable[list[Cell]]) -> Iterator[tuple[list[list[Cell]], int]]:
    """Gather rows into parts, each with the number of letters in it."""
    part: list[list[Cell]] = []
    letters = 0
    for cells in rows:
        part.append(cells)
        letters += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(part) == PART_ROWS or letters >= PART_LETTERS:
            yield part, letters
            part, letters = [], 0
    if part:
        yield part, letters


def _text(value: Cell) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return str(value)


def _whole(value: Cell) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise TypeError(f"{value!r} is not a whole number of 64 bits")
    return int(value)


def _number(value: Cell) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise TypeError(f"{value!r} is not a finite number")
    return value


def _truth(value: Cell) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    return value


def _moment(value: Cell) -> datetime:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise TypeError(f"{value!r} is not a moment with a time zone")
    return value.astimezone(UTC)


def _moment_text(value: Cell) -> str:
    return _moment(value).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _json_text(value: Cell) -> str:
    return _JSON.encode(value)


def _no_formula(text: str) -> str:
    return f"'{text}" if FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


_TO_CSV: Final[Converters] = {
    Kind.TEXT: lambda value: _no_formula(_text(value)),
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.TRUTH: lambda value: _json_text(_truth(value)),
    Kind.MOMENT: _moment_text,
    Kind.JSON: lambda value: _no_formula(_json_text(value)),
}

_TO_JSON: Final[Converters] = {
    Kind.TEXT: lambda value: _json_text(_text(value)),
    Kind.WHOLE: lambda value: _json_text(_whole(value)),
    Kind.NUMBER: lambda value: _json_text(_number(value)),
    Kind.TRUTH: lambda value: _json_text(_truth(value)),
    Kind.MOMENT: lambda value: _json_text(_moment_text(value)),
    Kind.JSON: _json_text,
}

_TO_PARQUET: Final[Converters] = {
    Kind.TEXT: _text,
    Kind.WHOLE: _whole,
    Kind.NUMBER: lambda value: float(_number(value)),
    Kind.TRUTH: _truth,
    Kind.MOMENT: _moment,
    Kind.JSON: _json_text,
}
