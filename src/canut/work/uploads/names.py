"""Names of files, fit for a page, a header and a folder on any computer."""

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

LONGEST_NAME = 120
_RESERVED = {"con", "prn", "aux", "nul", *(f"{device}{n}" for device in ("com", "lpt") for n in range(10))}
_UNFIT = frozenset('<>:"/\\|?*')


def clean_name(name: str, *, otherwise: str, longest: int = LONGEST_NAME) -> str:
    """Return one part of a path: no folders, nothing invisible or turning text round, not too long.

    What nothing is left of is called `otherwise`. The ending is kept when a name is cut.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    composed = unicodedata.normalize("NFC", last)
    seen = "".join(
        "_" if letter in _UNFIT else letter
        for letter in composed
        if unicodedata.category(letter)[0] != "C" and unicodedata.category(letter) not in ("Zl", "Zp")
    )
    plain = " ".join(seen.split()).strip(". ")
    if not plain.strip("_") or plain.split(".")[0].strip().casefold() in _RESERVED:
        plain = f"{otherwise}{PurePosixPath(plain).suffix[:10]}" if plain.strip("_. ") else otherwise
    suffix = PurePosixPath(plain).suffix[:20]
    return plain if len(plain) <= longest else plain[: longest - len(suffix)].rstrip(". ") + suffix


def with_ending(name: str, endings: Sequence[str]) -> str:
    """Return the name with one of these endings: its own if it is one, else the first added to it."""
    return name if not endings or name.lower().endswith(tuple(endings)) else name + endings[0]
