"""What changed between two texts, word by word, so that nobody has to compare them by eye."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORD = re.compile(r"\w+\s*|[^\w\s]+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text that stayed, went or came."""

    state: Literal["same", "gone", "new"]
    text: str


def word_differences(before: str, after: str) -> Sequence[Piece]:
    """Return the way from one text to the other word by word.

    What stayed and what went, joined, is the first text; what stayed and what came, the second.
    Texts of any length take no longer than a reader waits: words that stand everywhere in a long
    text are not tried as beginnings of what stayed (`difflib`'s own rule).

    Source: J. W. Ratcliff and D. E. Metzener, "Pattern Matching: The Gestalt Approach", Dr. Dobb's
    Journal, July 1988, as difflib has it.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _same_head(old, new)
    tail = _same_head(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [Piece("same", "".join(old[:head]))]
    for way, i, j, k, m in SequenceMatcher(None, middle_old, middle_new).get_opcodes():
        if way == "equal":
            pieces.append(Piece("same", "".join(middle_old[i:j])))
        else:
            pieces.append(Piece("gone", "".join(middle_old[i:j])))
            pieces.append(Piece("new", "".join(middle_new[k:m])))
    pieces.append(Piece("same", "".join(old[len(old) - tail :])))
    return [piece for piece in pieces if piece.text]


def _same_head(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many entries two lists have in common from their beginnings on."""
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return place
    return min(len(old), len(new))
