"""A file as lines of bytes, in memory that does not grow with the file or with any line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from canut.work.uploads.problems import RowProblem, UploadRefused

CHUNK_BYTES = 1 << 18
_BOM = b"\xef\xbb\xbf"
_OTHER_KINDS = {b"\xff\xfe": "utf16", b"\xfe\xff": "utf16", b"PK\x03\x04": "spreadsheet"}


@dataclass(frozen=True)
class Limits:
    """What a site takes. `row_bytes` bounds the memory that reading needs."""

    file_bytes: int = 2_000_000_000
    rows: int = 1_000_000
    columns: int = 200
    cell_bytes: int = 100_000
    row_bytes: int = 4_000_000
    problems_named: int = 50
    sample_rows: int = 5


class Lines:
    """Gives (number, line) pairs with the line's end still on; None for a line longer than a row may be.

    Lines end at `\\n`, `\\r\\n` or `\\r`. A byte order mark is dropped. `bytes_read` tells how far it is.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self.bytes_read = 0
        self._file = file
        self._limits = limits

    def __iter__(self) -> Iterator[tuple[int, bytes | None]]:
        number, rest, skipping = 0, b"", False
        for chunk in self._chunks():
            parts = (rest + chunk).splitlines(keepends=True)
            # The last part may go on; even an `\r` at its end may be half of an `\r\n`.
            rest = b"" if parts[-1].endswith(b"\n") else parts.pop()
            for part in parts:
                number += 1
                too_long, skipping = skipping or len(part) > self._limits.row_bytes, False
                yield number, None if too_long else part
            if len(rest) > self._limits.row_bytes:
                rest, skipping = rest[-1:], True
        if rest or skipping:
            yield number + 1, None if skipping or len(rest) > self._limits.row_bytes else rest

    def _chunks(self) -> Iterator[bytes]:
        while chunk := self._file.read(CHUNK_BYTES):
            first = self.bytes_read == 0
            self.bytes_read += len(chunk)
            if self.bytes_read > self._limits.file_bytes:
                at_most = self._limits.file_bytes // 1_000_000
                raise UploadRefused(RowProblem(0, "file_too_large", {"at_most": at_most}))
            if first:
                for start, code in _OTHER_KINDS.items():
                    if chunk.startswith(start):
                        raise UploadRefused(RowProblem(0, code))
                chunk = chunk.removeprefix(_BOM)
            if chunk:
                yield chunk


def decoded(line: bytes, number: int) -> str:
    """Return the line as text.

    Raises:
        UploadRefused: it is not UTF-8; the byte is named, counted from 1.
    """
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise UploadRefused(RowProblem(number, "not_utf8", {"byte": error.start + 1})) from None
