"""Results as files: CSV for spreadsheets, JSON Lines for scripts, Parquet for what labs load.

Rows come in one by one and go out as they come, so a file of any length needs the same memory.
Columns are named by the caller and never by the data, so every file of a kind has the same ones,
also one without rows.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeAlias

if TYPE_CHECKING:
    import polars

Cell: TypeAlias = Any
"""A value of a row: what the column's kind allows, or None where there is nothing."""

PART_ROWS: Final = 50_000
PART_BYTES: Final = 16 * 1024 * 1024
"""Parquet is written in parts of at most so many rows and so much text (one row may have more)."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"  # str
    WHOLE = "whole"  # int
    NUMBER = "number"  # int or float, finite
    TRUTH = "truth"  # bool
    MOMENT = "moment"  # datetime with a time zone; written in UTC
    JSON = "json"  # anything JSON can say, nested as it likes


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name, which is also the row's key or attribute, and what it holds."""

    name: str
    kind: Kind


def write_csv(
    rows: Iterable[object], columns: Sequence[Column], out: BinaryIO, *, for_spreadsheets: bool = False
) -> int:
    """Write rows as CSV (RFC 4180, UTF-8, a heading, CRLF) and return how many there were.

    Nothing in the file is a formula: a heading, text or JSON that a spreadsheet would run, because it
    begins with = + - @, a tab or a line break, has an apostrophe put before it. Numbers stay numbers,
    also in text ("-5" is no formula). Text that begins with apostrophes and then such a sign gets
    one more, so `cell.removeprefix("'")` on whatever matches FORMULA_OR_ESCAPED gives it back.

    None is an empty cell, as is empty text. Truths are true and false, moments ISO 8601 in UTC, and
    JSON is one line of text. `for_spreadsheets` puts the mark first that some need to read UTF-8.

    Raises:
        ValueError: a row lacks a column, has one more, or a value is not of its column's kind.
    """
    if for_spreadsheets:
        out.write(b"\xef\xbb\xbf")
    write = {column.kind: _CSV_TEXT[column.kind] for column in columns}
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    try:
        file = csv.writer(text)
        file.writerow([_no_formula(column.name) for column in columns])
        written = 0
        for cells in _checked(rows, columns):
            file.writerow(
                [
                    "" if cell is None else write[column.kind](cell)
                    for column, cell in zip(columns, cells, strict=True)
                ]
            )
            written += 1
        return written
    finally:
        text.detach()  # writes what is left, and leaves `out` open


def write_jsonl(rows: Iterable[object], columns: Sequence[Column], out: BinaryIO) -> int:
    """Write rows as JSON Lines (UTF-8, an object a line, keys in column order); return how many.

    JSON stays nested. None is null, and moments are ISO 8601 in UTC.

    Raises:
        ValueError: as `write_csv`.
    """
    names = [column.name for column in columns]
    moments = [place for place, column in enumerate(columns) if column.kind is Kind.MOMENT]
    written = 0
    for cells in _checked(rows, columns):
        for place in moments:
            cells[place] = None if cells[place] is None else _utc(cells[place])
        out.write(_json(dict(zip(names, cells, strict=True))).encode() + b"\n")
        written += 1
    return written


def write_parquet(rows: Iterable[object], columns: Sequence[Column], out: BinaryIO) -> int:
    """Write rows as Parquet and return how many there were.

    Text is a string, whole numbers are 64 bits with a sign, moments are microseconds in UTC, and JSON is
    text, as Parquet has one type a column. All columns may be null. Needs as much room again in the
    folder for temporary files, where parts wait until the last row is known; rows are read on the
    caller's thread, so they may come straight from a database.

    Raises:
        ValueError: as `write_csv`; also a whole number that 64 bits cannot hold.
    """
    import polars  # here and not above: 50 MB that a process which only shows pages need not carry

    schema = {column.name: _parquet_type(polars, column.kind) for column in columns}
    written = text_bytes = 0
    with TemporaryDirectory(prefix="canut-export-") as folder:
        for number, part in enumerate(_parts(_checked(rows, columns), columns)):
            frame = polars.DataFrame(part.rows, schema=schema, orient="row")
            frame.write_ipc(Path(folder) / f"{number:09}.arrow", compression="lz4")
            written += len(part.rows)
            text_bytes += part.bytes
        if not written:
            polars.DataFrame(schema=schema).write_parquet(out)
            return 0
        # Wide rows go into smaller groups, which is what the writer and every reader hold at once.
        group = max(1, min(PART_ROWS, PART_BYTES * written // max(1, text_bytes)))
        parts = polars.scan_ipc(Path(folder) / "*.arrow")
        parts.sink_parquet(out, row_group_size=group, maintain_order=True, engine="streaming")
    return written
