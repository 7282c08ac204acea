"""The public log: its entries, what was signed, and proofs."""

from collections.abc import Sequence

from pydantic import Field

from canut.api.shapes.common import Moment, Said, Sent


class LogEntry(Said):
    """One entry of the public log. The bytes of `leaf` in UTF-8 are what the tree hashes."""

    number: int = Field(description="Its place, counted from 0.")
    kind: str
    says: str = Field(description="What it says, in a sentence.")
    leaf: str = Field(description="An object in the canonical form of RFC 8785, as text.")
    leaf_hash: str = Field(description="SHA-256 of a zero byte and the leaf, in hexadecimal (RFC 9162).")
    recorded_at: Moment


class SeenBy(Said):
    """A witness who signed a head, and when."""

    name: str
    seen_at: Moment


class SignedHead(Said):
    """The root over the first `size` entries, signed: `note` is C2SP's checkpoint with all lines under it."""

    size: int
    root: str = Field(description="In base64, as in the note.")
    signed_at: Moment
    note: str
    seen_by: Sequence[SeenBy]


class SigningKey(Said):
    """A public key in one word, name+id+key, as verifiers of signed notes take it."""

    name: str
    vkey: str
    since: Moment
    until: Moment | None


class LogStatus(Said):
    """The log as a whole. `alarm` says what differs between it and the charter; empty if nothing does."""

    size: int
    head: SignedHead | None
    keys: Sequence[SigningKey] = Field(description="The site's, the newest first.")
    witnesses: Sequence[SigningKey]
    alarm_since: Moment | None
    alarm: Sequence[str]


class InclusionProof(Said):
    """That an entry is one of the first `size`: RFC 9162, 2.1.3. All hashes are in hexadecimal."""

    number: int
    size: int
    leaf_hash: str
    root: str
    path: Sequence[str]


class ConsistencyProof(Said):
    """That the log of `newer` entries begins with the one of `older`: RFC 9162, 2.1.4."""

    older: int
    newer: int
    older_root: str
    newer_root: str
    path: Sequence[str]


class Cosigning(Sent):
    """A witness's signature line under the head over `size` entries."""

    size: int = Field(ge=1, lt=2**63)
    line: str = Field(
        max_length=400, description="`— name base64`, of the type cosignature/v1 (c2sp.org/tlog-cosignature)."
    )


class Cosigned(Said):
    """What was kept of a witness's line."""

    size: int
    seen_by: SeenBy
    line: str
