"""What a value of a qualification may be, and how values for many people are written in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from unicodedata import category, normalize

LONGEST_NAME = 120
LONGEST_DESCRIPTION = 2_000
LONGEST_REASON = 500
LARGEST_VALUE = Decimal("9999999999.99")
LONGEST_VALUE = 30
"""How many characters of what stands for a number are looked at."""

CENT = Decimal("0.01")
SEPARATORS = ("\t", ";", ",")
NAMES_OF_PEOPLE = frozenset(
    ("id", "name", "nom", "person", "screen_name", "screen name", "who", "worker", "worker_id")
)
NAMES_OF_VALUES = frozenset(("level", "note", "points", "score", "valeur", "value"))
"""How sheets head the two columns, in small letters."""


@dataclass(frozen=True, slots=True)
class GivenRow:
    """A person, by screen name or number, and their value, both as somebody wrote them.

    `line` is where they stand in what was written, counted from 1 with blank lines and the heading.
    """

    who: str
    value: str
    line: int


def value_of(written: str | int | Decimal) -> Decimal | None:
    """Return a value as it is kept, with two decimals; None for what is no such number.

    A comma stands for a point. More than two decimals are refused, not rounded: what a requester wrote
    and what a project compares are the same number.
    """
    if isinstance(written, bool):
        return None
    if isinstance(written, str):
        written = written.strip().replace(",", ".").replace("\u2212", "-")
        if not written.isascii() or len(written) > LONGEST_VALUE or "_" in written:
            return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > LARGEST_VALUE or number != number.quantize(CENT):
        return None
    return abs(number.quantize(CENT)) if not number else number.quantize(CENT)  # no minus zero


def rows_of(text: str) -> Sequence[GivenRow]:
    """Return the rows of a pasted or uploaded table: who, then the value; blank lines left out.

    Columns are parted by tabs, semicolons or commas, the first of these that the text has. A first line
    that names the columns is left out.
    """
    numbered = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    lines = [(number, line) for number, line in numbered if line.strip()]
    separator = next((one for one in SEPARATORS if any(one in line for _number, line in lines)), ",")
    rows = []
    for number, line in lines:
        who, _between, value = line.partition(separator)
        rows.append(GivenRow(_bare(who), _bare(value.rstrip(" " + separator)), line=number))
    if not rows:
        return rows
    first = rows[0]
    is_header = first.who.lower() in NAMES_OF_PEOPLE and first.value.lower() in NAMES_OF_VALUES
    return rows[1:] if is_header else rows


def number_of(who: str) -> int | None:
    """Return the number that somebody is named by; None for a screen name, which has a letter."""
    return int(who) if who.isascii() and who.isdecimal() and len(who) < 19 else None


def plain(value: Decimal) -> str:
    """Return a value with the decimals that it needs: 7, 7.5, 7.25."""
    return format(value.normalize(), "f") if value % 1 else format(value.quantize(Decimal(1)), "f")


def kept_text(typed: str) -> str | None:
    """Return a text without outer blanks and control characters; None if it cannot be stored."""
    try:
        typed.encode()
    except UnicodeEncodeError:
        return None
    if "\0" in typed:
        return None
    shown = "".join(one for one in typed.replace("\r\n", "\n") if one in "\n\t" or category(one) != "Cc")
    return normalize("NFC", shown).strip()


def kept_line(typed: str) -> str | None:
    """Return a text as `kept_text` does, in one line."""
    kept = kept_text(typed)
    return None if kept is None else " ".join(kept.split())


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()
