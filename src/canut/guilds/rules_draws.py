"""Draws: which of a member's items is reviewed, so that anybody can recompute that it was left to chance.

The rules are those of MECHANISMS 2.2. A block is so many items of one member as the charter says. Its seed is
made when it opens and its commitment is shown from then on; the seed itself is shown when the block is full.
"""

from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed_digest

SEED_BYTES = 32
"""How long a seed is: long enough that nobody finds it from its commitment."""


def commitment(seed: bytes) -> str:
    """Return what is shown of a seed before the draw: its SHA-256, in hexadecimal.

    Whoever has seen it can tell later that no other seed was put in the seed's place; and nobody can tell
    from it which item will be drawn.

    Raises:
        ValueError: the seed is not 32 bytes long.

    Source: MECHANISMS 2.2. The hash is FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4.
    """
    _check(seed)
    return sha256(seed).hexdigest()


def drawn_number(seed: bytes, public_id: bytes, size: int) -> int:
    """Return which item of a block is drawn for review, counted from 1: 1 + HMAC-SHA256(seed, id) mod size.

    The HMAC is read as a whole number, its first byte the most significant. `public_id` is the block's, so
    that one seed in two blocks would not draw the same. Every item is as likely as any other but for what
    2^256 leaves over when divided by the size: a difference under 2^-240 for any size under 65,536.

    Raises:
        ValueError: the seed is not 32 bytes long, or the block holds no item.

    Source: MECHANISMS 2.2. One item of ten, drawn uniformly, is from Crowd Guilds (CSCW 2017,
    https://doi.org/10.1145/2998181.2998234); HMAC is RFC 2104, https://www.rfc-editor.org/rfc/rfc2104.
    """
    _check(seed)
    if size < 1:
        raise ValueError("a block holds at least one item")
    return 1 + int.from_bytes(keyed_digest(seed, public_id, "sha256")) % size


def checks(shown: str, seed: bytes, public_id: bytes, size: int, number: int) -> bool:
    """Tell whether a draw was as announced: the seed is the one committed to, and draws just this item.

    `shown` is the commitment as it was shown when the block opened. Never raises: a seed or a size that
    cannot be does not check.

    Source: MECHANISMS 2.2, so that anybody can recompute the draw.
    """
    if len(seed) != SEED_BYTES or size < 1:
        return False
    same = compare_digest(commitment(seed).encode(), shown.lower().encode())
    return same and drawn_number(seed, public_id, size) == number


def _check(seed: bytes) -> None:
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a seed is {SEED_BYTES} bytes long, not {len(seed)}")
