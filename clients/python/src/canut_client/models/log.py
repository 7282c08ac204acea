"""The public log: its entries, what was signed, and proofs."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One entry. The bytes of `leaf` in UTF-8 are what the tree hashes; `leaf_hash` is in hexadecimal."""

    number: int
    kind: str
    says: str
    leaf: str
    leaf_hash: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class SeenBy:
    """A witness who signed a head, and when."""

    name: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The root over the first `size` entries, signed: `note` is a C2SP checkpoint with all lines under it."""

    size: int
    root: str
    signed_at: datetime
    note: str
    seen_by: tuple[SeenBy, ...]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key in one word, name+id+key."""

    name: str
    vkey: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LogStatus:
    """The log as a whole. `alarm` says what differs between it and the charter; empty if nothing does."""

    size: int
    head: SignedHead | None
    keys: tuple[SigningKey, ...]
    witnesses: tuple[SigningKey, ...]
    alarm_since: datetime | None
    alarm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """That an entry is one of the first `size` (RFC 9162, 2.1.3)."""

    number: int
    size: int
    leaf_hash: str
    root: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """That the log of `newer` entries begins with the one of `older` (RFC 9162, 2.1.4)."""

    older: int
    newer: int
    older_root: str
    newer_root: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What was kept of a witness's line."""

    size: int
    seen_by: SeenBy
    line: str
