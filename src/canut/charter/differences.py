"""What changed between two texts, word by word, so that nobody has to compare them by eye."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

MOST_COMPARED = 100_000
"""Two passages are compared word by word while the product of their lengths in words is at most this;
longer ones are shown as taken out and put in whole, for comparing them would keep the reader waiting."""

_LINES = re.compile(r"[^\n]*\n+|[^\n]+")
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is in both texts, in the older one alone, or in the newer one alone."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_differences(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts in reading order.

    The pieces `same` and `removed` together are `old`, `same` and `added` together are `new`, to the last
    character. Neighbours are of different kinds, and what was removed stands before what came in its place.

    Source: J. W. Ratcliff and D. E. Metzener, "Pattern Matching: The Gestalt Approach", Dr. Dobb's Journal,
    July 1988, as Python's difflib has it. We compare paragraphs first, and words in those that changed.
    """
    pieces: list[Piece] = []
    for old_lines, new_lines in _blocks(_LINES.findall(old), _LINES.findall(new)):
        if old_lines == new_lines:
            pieces.append(Piece("same", "".join(old_lines)))
            continue
        words = _WORDS.findall("".join(old_lines)), _WORDS.findall("".join(new_lines))
        for old_words, new_words in _blocks(*words):
            if old_words == new_words:
                pieces.append(Piece("same", "".join(old_words)))
            else:
                pieces.append(Piece("removed", "".join(old_words)))
                pieces.append(Piece("added", "".join(new_words)))
    return tuple(_joined(pieces))


def _blocks(old: list[str], new: list[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the stretches of both lists side by side, equal ones and those that were replaced."""
    if len(old) * len(new) > MOST_COMPARED:
        yield old, new
        return
    for _tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield old[a:b], new[c:d]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces with neighbours joined, so that each run of changes is one removal and one addition.

    A blank between two changed words counts as changed with them: a reader follows whole phrases.
    """
    removed, added = "", ""
    same = ""

    def changes() -> Iterator[Piece]:
        if removed:
            yield Piece("removed", removed)
        if added:
            yield Piece("added", added)

    for piece in (p for p in pieces if p.text):
        if piece.kind == "same":
            same += piece.text
            continue
        if same:
            if same.isspace() and "\n" not in same and (removed or added):
                removed, added = removed + same, added + same
            else:
                yield from changes()
                yield Piece("same", same)
                removed, added = "", ""
            same = ""
        if piece.kind == "removed":
            removed += piece.text
        else:
            added += piece.text
    yield from changes()
    if same:
        yield Piece("same", same)
