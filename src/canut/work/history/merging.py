"""Several lists, each in its own order, read as one in pages: nothing is left out and nothing comes twice.

A place in the merged list is a place in each of the lists, so rows that come in meanwhile shift nothing,
and two lists need not count their rows alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

Place = tuple[int | None, ...]
"""The id after which each list goes on, None for its beginning."""


@dataclass(frozen=True, slots=True)
class Head:
    """The next row of one list: which list, by its number, its own id, and the moment it is sorted by."""

    number: int
    id: int
    at: datetime


def merged(
    lists: Sequence[Sequence[tuple[int, datetime]]], *, place: Place, most: int, newest_first: bool
) -> tuple[list[Head], Place | None]:
    """Return the next `most` rows of all lists by their moments, and where to go on; None at the end.

    Each list holds (id, moment) in its own order, from its place on, and one row more than `most` if there
    are as many. At one moment the earlier list comes first.
    """
    taken: list[Head] = []
    done = [0] * len(lists)
    after = list(place)
    while len(taken) < most:
        heads = [
            Head(number, *rows[done[number]]) for number, rows in enumerate(lists) if done[number] < len(rows)
        ]
        if not heads:
            break
        head = heads[0]
        for one in heads[1:]:
            if (one.at > head.at) if newest_first else (one.at < head.at):
                head = one
        taken.append(head)
        done[head.number] += 1
        after[head.number] = head.id
    more = any(done[number] < len(rows) for number, rows in enumerate(lists))
    return taken, tuple(after) if more else None


def place_said(place: Place) -> str:
    """Return a place as it stands in an address: the ids between points, nothing for a beginning."""
    return ".".join("" if number is None else str(number) for number in place)


def place_read(said: str, *, lists: int) -> Place | None:
    """Return the place that `place_said` wrote, the beginning for nothing; None if it is spoilt."""
    if not said:
        return (None,) * lists
    parts = said.split(".")
    if len(parts) != lists or not all(
        not part or (part.isascii() and part.isdecimal() and len(part) < 19) for part in parts
    ):
        return None
    return tuple(int(part) if part else None for part in parts)


def by_list(heads: Sequence[Head]) -> Mapping[int, list[int]]:
    """Return the ids of a page by the number of their list, for reading each kind at once."""
    found: dict[int, list[int]] = {}
    for head in heads:
        found.setdefault(head.number, []).append(head.id)
    return found
