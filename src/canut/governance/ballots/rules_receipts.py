"""Receipts: the words by which somebody finds their ballot in the published list (MECHANISMS 7.8)."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no I, L, O or U, so that a receipt written by hand is read as it was meant."""

RECEIPT_PATTERN = r"^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"
GROUPS, GROUP_LENGTH = 4, 4
_MEANT = str.maketrans("ILO", "110")


def new_receipt() -> str:
    """Return a receipt drawn at random: 80 bits, which nobody guesses, in four groups of four."""
    drawn = (secrets.choice(ALPHABET) for _sign in range(GROUPS * GROUP_LENGTH))
    return written("".join(drawn))


def read_receipt(typed: str) -> str | None:
    """Return a receipt, or the beginning of one, as it stands in the list; None if it cannot be one.

    Small letters, missing or further hyphens, spaces, and I, L and O for 1, 1 and 0 are taken as meant.
    """
    signs = "".join(typed.split()).replace("-", "").upper().translate(_MEANT)
    if not 1 <= len(signs) <= GROUPS * GROUP_LENGTH or set(signs) - set(ALPHABET):
        return None
    return written(signs)


def written(signs: str) -> str:
    """Return signs in groups of four."""
    return "-".join(signs[start : start + GROUP_LENGTH] for start in range(0, len(signs), GROUP_LENGTH))
