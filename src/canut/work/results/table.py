"""A table of tasks in a file, of which a page can be read in any order without reading the rest.

First a line of JSON for each task; then, for each order, where the lines begin, 8 bytes each.
"""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Self

import numpy as np
import numpy.typing as npt

ORDERS: Final = ("position", "key", "answers", "share", "certainty")
"""What tasks are sorted by: rising, or falling with "-" before it."""

_OFFSET: Final = np.dtype("<u8")


@dataclass(frozen=True, slots=True)
class Table:
    """How many rows there are, and where in the file each order begins."""

    rows: int
    orders: Mapping[str, int]

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> Self:
        return cls(written["rows"], written["orders"])

    def read(self, file: IO[bytes], *, order: str, first: int, most: int) -> list[dict[str, Any]]:
        """Return at most `most` rows from the `first` (from 0) of an order.

        Raises:
            KeyError: there is no such order.
        """
        file.seek(self.orders[order] + first * _OFFSET.itemsize)
        wanted = max(0, min(most, self.rows - first))
        offsets = np.frombuffer(file.read(wanted * _OFFSET.itemsize), dtype=_OFFSET)
        return [_line(file, offset) for offset in offsets.tolist()]


def write_table(
    file: IO[bytes], lines: Iterable[Mapping[str, Any]], figures: Mapping[str, npt.NDArray[np.float64]]
) -> dict[str, Any]:
    """Write the lines and, for each figure, both orders by it; return what `Table.of` reads.

    Rows without a figure (NaN) come last both ways; equals stay in the order they came.
    """
    starts = array("Q")
    place = 0
    for line in lines:
        starts.append(place)
        place += file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    offsets = np.array(starts, dtype=_OFFSET)
    orders = {}
    for name, values in figures.items():
        for order, signed in ((name, values), (f"-{name}", -values)):
            orders[order] = place
            place += file.write(offsets[np.argsort(signed, kind="stable")].tobytes())
    return {"rows": len(starts), "orders": orders}


def natural(key: str) -> tuple[int, int, str]:
    """Sort names that are numbers by their value, before all others."""
    return (0, int(key), "") if key.isascii() and key.isdecimal() and len(key) < 19 else (1, 0, key)


def pages(rows: int, a_page: int) -> Sequence[int]:
    """Return the numbers of the pages, from 1; an empty table has one."""
    return range(1, max(1, -(-rows // a_page)) + 1)


def _line(file: IO[bytes], offset: int) -> dict[str, Any]:
    file.seek(offset)
    read: dict[str, Any] = json.loads(file.readline())
    return read
