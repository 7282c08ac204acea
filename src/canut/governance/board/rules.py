"""The board: when a college elects, how many must sign for a recall, and how a motion is decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from hashlib import sha256

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class MotionCount:
    """How the board voted: `needed` of its `members` had to vote for the motion to be decided at all."""

    yes: int
    no: int
    abstain: int
    members: int
    needed: int

    @property
    def voted(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def is_adopted(self) -> bool:
        return self.voted >= self.needed and self.yes > self.no


def people_of_share(people: int, share: Decimal) -> int:
    """Return how many people a share of `people` is: rounded up, and one at least.

    Source: MECHANISMS 7.9 has recalls; that a share of the college's active members begins one is ours.
    """
    return max(1, int((people * share).to_integral_value(ROUND_CEILING)))


def is_due(*, term_ends_at: datetime | None, lead: timedelta, at: datetime) -> bool:
    """Tell whether a college elects its whole part of the board: it has none, or the term ends within `lead`.

    `lead` is how long an election takes, so that it is over when the term is.

    Source: MECHANISMS 7.9.
    """
    return term_ends_at is None or at >= term_ends_at - lead


def is_worth_filling(*, term_ends_at: datetime, lead: timedelta, at: datetime) -> bool:
    """Tell whether empty seats are filled by an election for the rest of the term.

    They are if who is elected would still serve for as long as the election takes.

    Source: MECHANISMS 7.9; the time is our own choice.
    """
    return term_ends_at - at > 2 * lead


def motion_count(choices: Iterable[str], *, members: int, quorum_share: Decimal) -> MotionCount:
    """Return how a motion stands: adopted when more say yes than no and the quorum voted; a tie fails.

    Abstentions count for the quorum alone.

    Source: MECHANISMS 7.8: boards vote in the open. The quorum is our own choice.
    """
    said = list(choices)
    needed = people_of_share(members, quorum_share)
    return MotionCount(said.count("yes"), said.count("no"), said.count("abstain"), members, needed)


def pseudonym(salt: bytes, *, election: int, person: int) -> str:
    """Return how the public log names a candidate: SHA-256 of 32 random bytes and "election:person", in hex.

    Without the salt nobody can tell whose it is, not even by trying all people; it is deleted when the
    account is closed.

    Raises:
        ValueError: the salt is not 32 bytes long.

    Source: MECHANISMS 7.7: no personal data in the log.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt is {SALT_BYTES} bytes long, not {len(salt)}")
    return sha256(salt + f"{election}:{person}".encode("ascii")).hexdigest()


def published_lines(ballots: Iterable[tuple[str, Sequence[int]]], *, told: bool) -> list[str]:
    """Return the published list, a line for each ballot: the receipt, a space, and the ranking.

    Of few ballots the rankings are not told: a hyphen stands for each.
    """
    return sorted(f"{receipt} {','.join(map(str, ranking)) if told else '-'}" for receipt, ranking in ballots)


def list_hash(lines: Iterable[str]) -> str:
    """Return the SHA-256 of the published list, each line ended by a line feed, in hex."""
    return sha256("".join(f"{line}\n" for line in lines).encode("ascii")).hexdigest()
