"""Drawing by lot, so that anybody can recompute that it was left to chance (MECHANISMS 6.2).

A lot's seed is fixed before anybody knows what the lot will be about, and its commitment is shown from then
on. Each member has had a ticket since admission, which they alone see. For a lot, a ticket makes a code; who
may be drawn is the list of codes, whose hash is shown before the draw. The seed puts the codes in an order,
and is shown at the end. So whoever keeps the seed can choose neither the seed nor the codes to suit them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as keyed_digest


@dataclass(frozen=True, slots=True, order=True)
class Drawable:
    """One who may be drawn: a code in hex, and whether they served lately and so come after all others."""

    code: str
    served_lately: bool


def commitment_of(seed: bytes) -> str:
    """Return what is shown of a seed before the draw: its SHA-256, in hexadecimal.

    Raises:
        ValueError: the seed is not 32 bytes long.

    Source: MECHANISMS 6.2. The hash is FIPS 180-4, https://doi.org/10.6028/NIST.FIPS.180-4.
    """
    if len(seed) != 32:
        raise ValueError(f"a seed is 32 bytes long, not {len(seed)}")
    return sha256(seed).hexdigest()


def code_of(ticket: bytes, number: int) -> str:
    """Return the code of a ticket in the lot of a number: SHA-256 of "canut lot N:" and the ticket, in hex.

    Codes of one ticket in two lots cannot be told to belong together by whoever has no ticket.

    Source: MECHANISMS 6.2; that members stand under codes is our own.
    """
    return sha256(b"canut lot %d:" % number + ticket).hexdigest()


def hash_of_candidates(candidates: Iterable[Drawable]) -> str:
    """Return what is shown of the list before the draw: SHA-256 of its lines, in order of the codes.

    A line is the code, a space, 1 for who served lately and else 0, and a line feed.

    Source: MECHANISMS 6.2.
    """
    lines = (f"{one.code} {int(one.served_lately)}\n" for one in sorted(candidates))
    return sha256("".join(lines).encode()).hexdigest()


def order_of(seed: bytes, candidates: Iterable[Drawable]) -> Sequence[str]:
    """Return the codes in the order of the draw: by HMAC-SHA256(seed, code), who served lately last.

    The first so many are drawn, and who declines is followed by the next. Among those who did not serve
    lately every order is as likely as any other, and so among those who did.

    Source: MECHANISMS 6.2: nobody twice in 60 days unless all have served. HMAC is RFC 2104,
    https://www.rfc-editor.org/rfc/rfc2104.
    """
    ranked = sorted(
        candidates, key=lambda one: (one.served_lately, keyed_digest(seed, bytes.fromhex(one.code), "sha256"))
    )
    return [one.code for one in ranked]


def serves_again_from(accepted_at: datetime, rest_days: int) -> datetime:
    """Return from when on somebody who accepted a seat is drawn like all others again.

    Source: MECHANISMS 6.2.
    """
    return accepted_at + timedelta(days=rest_days)


def lot_checks(
    *,
    commitment: str,
    shown_hash: str,
    seed: bytes,
    candidates: Sequence[Drawable],
    places: Sequence[str],
) -> bool:
    """Tell whether a lot was as announced: seed and list are those committed to, and the order is theirs.

    `places` are the codes in the order told. Never raises for a seed that cannot be: it does not check.

    Source: MECHANISMS 6.2, so that anybody can recompute the draw.
    """
    if len(seed) != 32:
        return False
    same_seed = compare_digest(commitment_of(seed).encode(), commitment.lower().encode())
    same_list = compare_digest(hash_of_candidates(candidates).encode(), shown_hash.lower().encode())
    return same_seed and same_list and list(order_of(seed, candidates)) == list(places)
