"""Rows of CSV and TSV files. Every cell is text, kept as it is; an empty cell is an empty text.

CSV as spreadsheets write it: cells that hold the delimiter, a quotation mark or a line end stand in
quotation marks, and those inside are doubled. The delimiter of a CSV file is found by looking.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain

from canut.work.designs.columns import column_name
from canut.work.uploads.lines import Limits, Lines, decoded
from canut.work.uploads.problems import RowProblem, UploadRefused

LONGEST_COLUMN_NAME = 200
_DELIMITERS = (",", ";", "\t")
_SAMPLE_BYTES = 1 << 16

# The module's own limit is one for the whole process and would stop reading at a cell of 128 KB,
# which is a bad row here and no more. Ours (`Limits`) are smaller than this.
csv.field_size_limit(max(csv.field_size_limit(), 1 << 26))

Found = tuple[int, dict[str, object]] | RowProblem


class TableRows:
    """Gives the rows of one file as (line, values), and the bad ones as problems. `columns` come first.

    Raises, now or while it is read:
        UploadRefused: the header is unusable, the file is no UTF-8, or a quotation mark never closes.
    """

    def __init__(self, lines: Lines, limits: Limits, *, delimiter: str | None) -> None:
        self._limits = limits
        self._fed = 0
        self._row_begins, self._row_bytes, self._row_has_nul = 1, 0, False
        every = iter(lines)
        start = list(_first_lines(every))
        self._records = csv.reader(
            self._feed(chain(start, every)), delimiter=delimiter or _delimiter_of(start), strict=True
        )
        self.columns: dict[str, None] = dict.fromkeys(self._header())

    def __iter__(self) -> Iterator[Found]:
        columns = tuple(self.columns)
        while True:
            try:
                cells = self._next_record()
            except StopIteration:
                return
            except csv.Error:
                yield RowProblem(self._row_begins, "quote_misplaced")
                continue
            if cells:
                problem = self._problem(columns, cells)
                yield problem or (self._row_begins, dict(zip(columns, cells, strict=True)))

    def _next_record(self) -> list[str]:
        """Return the next record's cells; none for a blank line."""
        self._row_begins, self._row_bytes, self._row_has_nul = self._fed + 1, 0, False
        try:
            return next(self._records)
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise UploadRefused(RowProblem(self._row_begins, "quote_open")) from None
            raise

    def _feed(self, lines: Iterable[tuple[int, bytes | None]]) -> Iterator[str]:
        """Give the reader line after line, and stop where one row takes in more than a row may."""
        for number, line in lines:
            self._fed = number
            self._row_bytes += len(line or b"")
            if line is None or self._row_bytes > self._limits.row_bytes:
                facts = {"at_most": self._limits.row_bytes // 1000}
                raise UploadRefused(RowProblem(self._row_begins, "row_never_ends", facts))
            if b"\0" in line:
                self._row_has_nul = True
            yield decoded(line, number)

    def _header(self) -> list[str]:
        names: list[str] = []
        try:
            while not names:
                names = [column_name(cell) for cell in self._next_record()]
        except StopIteration:
            raise UploadRefused(RowProblem(0, "empty")) from None
        except csv.Error:
            raise UploadRefused(RowProblem(self._row_begins, "header_unreadable")) from None
        if problem := self._header_problem(names):
            raise UploadRefused(problem)
        return names

    def _header_problem(self, names: list[str]) -> RowProblem | None:
        line = self._row_begins
        if len(names) > self._limits.columns:
            return RowProblem(line, "too_many_columns", {"at_most": self._limits.columns})
        if self._row_has_nul:
            return RowProblem(line, "unstorable")
        for number, name in enumerate(names, start=1):
            if not name:
                return RowProblem(line, "column_unnamed", {"number": number})
            if len(name) > LONGEST_COLUMN_NAME:
                return RowProblem(line, "column_name_too_long", {"at_most": LONGEST_COLUMN_NAME})
            if name in names[: number - 1]:
                return RowProblem(line, "column_repeated", {"column": name})
        return None

    def _problem(self, columns: tuple[str, ...], cells: list[str]) -> RowProblem | None:
        line, at_most = self._row_begins, self._limits.cell_bytes
        if len(cells) != len(columns):
            return RowProblem(line, "wrong_cell_count", {"given": len(cells), "expected": len(columns)})
        if self._row_has_nul:
            return RowProblem(line, "unstorable")
        if self._row_bytes > at_most:
            for column, cell in zip(columns, cells, strict=True):
                if len(cell.encode()) > at_most:
                    return RowProblem(line, "cell_too_large", {"column": column, "at_most": at_most // 1000})
        return None


def _first_lines(lines: Iterator[tuple[int, bytes | None]]) -> Iterator[tuple[int, bytes | None]]:
    taken = 0
    for number, line in lines:
        yield number, line
        taken += len(line or b"")
        if taken > _SAMPLE_BYTES:
            return


def _delimiter_of(lines: list[tuple[int, bytes | None]]) -> str:
    """Return the delimiter under which the first lines look most like a table; the comma in doubt."""
    texts = [line.decode(errors="replace") for _number, line in lines if line is not None]

    def likeness(delimiter: str) -> tuple[bool, float]:
        lengths = [len(record) for record in csv.reader(texts, delimiter=delimiter) if record]
        if not lengths or lengths[0] == 1:
            return False, 0
        return True, lengths.count(lengths[0]) / len(lengths)

    return max(_DELIMITERS, key=likeness)
