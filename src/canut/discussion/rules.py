"""Who is called by name in a text, and what of a text is kept."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

LONGEST_NAME = 30
SHORTEST_NAME = 3

_CALL = re.compile(r"(?<![\w@])@(?=\w)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_UNSEEN_KINDS = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Me"))
_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs, by Unicode, that show nothing all the same: fillers, and Braille without a dot."""


@dataclass(frozen=True, slots=True)
class Call:
    """A name called in a text, from `start` (its @) to `end`; `name` in small letters."""

    start: int
    end: int
    name: str


def tidy(text: str) -> str:
    """Return a text as it is kept: one kind of line end, no control characters, nothing around it.

    Control characters go, since no page shows them and the database takes no NUL; so do halves of
    characters, which are no text.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("", _CONTROL.sub("", lines)).strip()


def shows_something(text: str) -> bool:
    """Tell whether any of a text can be seen: spaces, signs of no width and marks without a letter cannot."""
    return any(unicodedata.category(one) not in _UNSEEN_KINDS and one not in _UNSEEN for one in text)


def names_to_look_up(text: str, *, most: int) -> Sequence[str]:
    """Return every name that the first `most` calls in a text may mean, in small letters.

    A call is an @ before a name. A name may hold spaces and full stops, so where it ends can only be told
    by the names there are: each call stands for several.
    """
    found = dict.fromkeys(
        name for call in _calls(text)[:most] for name, _end in _ways_to_read(text, call.end())
    )
    return list(found)


def calls_in(text: str, *, known: Collection[str], most: int) -> Sequence[Call]:
    """Return which of the `known` names, in small letters, a text calls: at most `most`, in its order.

    Where one known name begins another ("@ada", "@ada lovelace"), the longer is meant.
    """
    names = frozenset(known)
    calls = []
    for found in _calls(text)[:most]:
        for name, end in _ways_to_read(text, found.end()):
            if name in names:
                calls.append(Call(found.start(), end, name))
                break
    return calls


def _calls(text: str) -> list[re.Match[str]]:
    return list(_CALL.finditer(text))


def _ways_to_read(text: str, begins: int) -> Iterator[tuple[str, int]]:
    """Give each name that can stand at a place, the longest first, and where it ends."""
    line = text[begins : begins + LONGEST_NAME].split("\n")[0]
    for length in range(len(line), SHORTEST_NAME - 1, -1):
        following = text[begins + length : begins + length + 1]
        cuts_a_word = line[length - 1].isalnum() and following.isalnum()
        if not cuts_a_word and not line[length - 1].isspace():
            yield line[:length].lower(), begins + length
