"""Which characters a PDF of ours can show as they should be."""

from functools import cache
from unicodedata import bidirectional, category, name, normalize

from canut.guilds.fonts import BOLD, REGULAR, font_file

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_NOT_LEFT_TO_RIGHT = ("R", "AL", "AN")
_LAO = range(0x0E80, 0x0F00)  # the fonts have it, and its marks would not stand over their letters


def missing_letters(text: str) -> str:
    """Return the letters, marks and digits of a text that cannot be shown, each once, in the text's order."""
    seen: dict[str, None] = {}
    for one in normalize("NFC", text):
        if category(one)[0] in "LMN" and not _takes_no_room(one) and not _can_be_drawn(one):
            seen[one] = None
    return "".join(seen)


def drawable(text: str) -> str:
    """Return a text without what takes no room, and with a sign in place of what there is no letter for."""
    kept = (" " if one == "\t" else one for one in normalize("NFC", text) if not _takes_no_room(one))
    return "".join(one if one == "\n" or _can_be_drawn(one) else _REPLACEMENT for one in kept)


@cache
def _letters() -> frozenset[int]:
    """Return the characters that both fonts have."""
    from fontTools.ttLib import TTFont  # for those who want this format, and nobody else

    return frozenset(
        set.intersection(*(set(TTFont(font_file(name)).getBestCmap()) for name in (REGULAR, BOLD)))
    )


def _takes_no_room(one: str) -> bool:
    """Tell whether a character only says how others are to be shown."""
    return category(one) == "Cf" or name(one, "").startswith("VARIATION SELECTOR")


def _can_be_drawn(one: str) -> bool:
    """Tell whether a sheet can show a character as it should be."""
    if ord(one) in _LAO or bidirectional(one) in _NOT_LEFT_TO_RIGHT:
        return False
    return ord(one) in _letters()
