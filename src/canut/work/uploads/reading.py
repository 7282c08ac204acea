"""A requester's file of rows, in one pass and bounded memory: what is in it, and the rows themselves.

`scan` looks and names what is bad; `rows` gives the rows to whoever makes tasks of them. Both read the
same way, so `rows` leaves out exactly what `scan` named. Memory holds a row or two and, if a column of
ids was chosen, 16 bytes and their bookkeeping for each row.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from json import loads
from pathlib import PurePath
from typing import BinaryIO

from canut.work.uploads.lines import Limits, Lines
from canut.work.uploads.objects import ObjectRows, row_json
from canut.work.uploads.problems import RowProblem, UploadRefused
from canut.work.uploads.tables import TableRows

FORMATS = ("csv", "tsv", "jsonl")
MOST_ANSWERS = 1000
LONGEST_ID = 200
PROGRESS_BYTES = 1_000_000

_BY_SUFFIX = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, on its way to becoming a task: the line it begins in, its cells, its id, its answers.

    `id` is None unless a column of ids was chosen, `answers` unless a column says how many are needed.
    """

    line: int
    values: dict[str, object]
    id: str | None = None
    answers: int | None = None


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What one reading of a whole file found.

    Every bad row is counted once in `problem_count`; the first of them are named. `row_count` counts
    the others, `answers_wanted` sums their column of answers. `sample` holds the first rows as plain
    JSON values.
    """

    format: str
    columns: tuple[str, ...]
    row_count: int
    answers_wanted: int | None
    sample: tuple[dict[str, object], ...]
    problems: tuple[RowProblem, ...]
    problem_count: int
    bytes_read: int


def format_of(filename: str) -> str | None:
    """Return the format that a file's name promises; None if it is none that can be read."""
    return _BY_SUFFIX.get(PurePath(filename).suffix.lower())


def scan(
    file: BinaryIO,
    file_format: str,
    limits: Limits | None = None,
    *,
    id_column: str | None = None,
    answers_column: str | None = None,
) -> Scan:
    """Read the whole file and return what is in it.

    Raises:
        UploadRefused: nothing of it can be used; `problem` names the reason and the line.
    """
    steps = scan_in_steps(file, file_format, limits, id_column=id_column, answers_column=answers_column)
    while True:
        try:
            next(steps)
        except StopIteration as finished:
            found: Scan = finished.value
            return found


def scan_in_steps(
    file: BinaryIO,
    file_format: str,
    limits: Limits | None = None,
    *,
    id_column: str | None = None,
    answers_column: str | None = None,
) -> Generator[int, None, Scan]:
    """Like `scan`, but give the number of bytes read so far after every megabyte."""
    limits = limits or Limits()
    reading = _Reading(file, file_format, limits, id_column, answers_column)
    found = _Findings()
    said = 0
    for row in reading:
        found.add(row, limits)
        if reading.bytes_read - said >= PROGRESS_BYTES:
            said = reading.bytes_read
            yield said
    return Scan(
        format=file_format,
        columns=reading.columns,
        row_count=found.row_count,
        answers_wanted=found.answers_wanted if answers_column else None,
        sample=tuple(found.sample),
        problems=tuple(found.problems),
        problem_count=found.problem_count,
        bytes_read=reading.bytes_read,
    )


def rows(
    file: BinaryIO,
    file_format: str,
    limits: Limits | None = None,
    *,
    id_column: str | None = None,
    answers_column: str | None = None,
    leave_out_bad: bool = False,
) -> Iterator[Row]:
    """Give the file's rows in order; two rows with equal values are two rows.

    Raises, when it is met:
        UploadRefused: nothing more of the file can be used, or a row is bad and `leave_out_bad` is not set.
    """
    for row in _Reading(file, file_format, limits or Limits(), id_column, answers_column):
        if isinstance(row, Row):
            yield row
        elif not leave_out_bad:
            raise UploadRefused(row)


@dataclass
class _Findings:
    row_count: int = 0
    answers_wanted: int = 0
    problem_count: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    sample: list[dict[str, object]] = field(default_factory=list)

    def add(self, row: Row | RowProblem, limits: Limits) -> None:
        if isinstance(row, Row):
            self.row_count += 1
            self.answers_wanted += row.answers or 0
            if len(self.sample) < limits.sample_rows:
                self.sample.append(loads(row_json(row.values)))
        else:
            self.problem_count += 1
            if len(self.problems) < limits.problems_named:
                self.problems.append(row)


class _Reading:
    """The one way through a file: rows with what the requester's choice of columns asks of them."""

    def __init__(
        self,
        file: BinaryIO,
        file_format: str,
        limits: Limits,
        id_column: str | None,
        answers_column: str | None,
    ) -> None:
        if file_format not in FORMATS:
            raise ValueError(f"{file_format!r} is none of {FORMATS}")
        self._limits = limits
        self._id_column = id_column
        self._answers_column = answers_column
        self._lines = Lines(file, limits)
        self._seen: dict[bytes, int] = {}
        self._rows: TableRows | ObjectRows
        if file_format == "jsonl":
            self._rows = ObjectRows(self._lines, limits)
        else:
            self._rows = TableRows(self._lines, limits, delimiter="\t" if file_format == "tsv" else None)
            self._check_choices()

    @property
    def bytes_read(self) -> int:
        return self._lines.bytes_read

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._rows.columns)

    def __iter__(self) -> Iterator[Row | RowProblem]:
        number = 0
        for number, found in enumerate(self._rows, start=1):
            if number > self._limits.rows:
                line = found.line if isinstance(found, RowProblem) else found[0]
                raise UploadRefused(RowProblem(line, "too_many_rows", {"at_most": self._limits.rows}))
            yield found if isinstance(found, RowProblem) else self._with_choices(found)
        if not number:
            raise UploadRefused(RowProblem(0, "no_rows" if self.columns else "empty"))
        self._check_choices()

    def _check_choices(self) -> None:
        """Refuse a chosen column that is nowhere: a CSV's header tells before, a JSONL's rows after."""
        for column in (self._id_column, self._answers_column):
            if column is not None and column not in self._rows.columns:
                raise UploadRefused(RowProblem(0, "column_unknown", {"column": column}))

    def _with_choices(self, found: tuple[int, dict[str, object]]) -> Row | RowProblem:
        line, values = found
        answers = None
        if self._answers_column is not None:
            answers = _answers_in(values.get(self._answers_column))
            if answers is None:
                return RowProblem(line, "answers_unusable", {"column": self._answers_column})
        if self._id_column is None:
            return Row(line, values, None, answers)
        named = self._id_of(line, values)
        return named if isinstance(named, RowProblem) else Row(line, values, named, answers)

    def _id_of(self, line: int, values: dict[str, object]) -> str | RowProblem:
        value = values.get(self._id_column or "")
        if isinstance(value, bool | list | dict):
            return RowProblem(line, "id_unusable", {"column": self._id_column, "at_most": LONGEST_ID})
        written = "" if value is None else value.strip() if isinstance(value, str) else row_json(value)
        if not written:
            return RowProblem(line, "id_missing", {"column": self._id_column})
        if len(written) > LONGEST_ID:
            return RowProblem(line, "id_unusable", {"column": self._id_column, "at_most": LONGEST_ID})
        first = self._seen.setdefault(blake2b(written.encode(), digest_size=16).digest(), line)
        if first != line:
            return RowProblem(line, "id_repeated", {"id": written, "first": first})
        return written


def _answers_in(value: object) -> int | None:
    """Return how many answers a cell asks for, such as 4, "4" or 4.0; None if it is not 1 to 1000."""
    if isinstance(value, str):
        digits = value.strip()
        number = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 4 else 0
    elif isinstance(value, int | float) and not isinstance(value, bool) and value == value // 1:
        number = int(value)
    else:
        return None
    return number if 1 <= number <= MOST_ANSWERS else None
