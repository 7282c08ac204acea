"""Tree heads as others read them: C2SP checkpoints in signed notes, and the lines of witnesses.

Sources: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint and
https://c2sp.org/tlog-cosignature (version 1, Ed25519).
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = 0x01
"""The type of signature that a log makes."""

COSIGNATURE = 0x04
"""The type that a witness makes: Ed25519 with the time."""

MOST_CHARACTERS = 20_000
MOST_SIGNATURES = 64
_MOST_NAME = 200
_LATEST = 253_402_300_799  # the last second of the year 9999

_LINE = re.compile(r"— ([^\s+]{1,200}) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteRefused(ValueError):
    """What was given is no note, key or signature line. `what` says what is wrong with it.

    It is one of shape, key, signature, name, time.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name; `type` is ED25519 for a log's, COSIGNATURE for a witness's."""

    name: str
    type: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before its signatures."""
        return sha256(f"{self.name}\n".encode() + bytes([self.type]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key in one word, as note verifiers take it: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.type]) + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Line:
    """One signature line of a note: whose by name and id, and what was signed with it."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line as it stands in the note."""
        return f"— {self.name} {b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: whose log, how many leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The note's text, which is what is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def read_vkey(word: str) -> Key:
    """Return the key that a word gives.

    Raises:
        NoteRefused: shape (it is no such word), key (its id does not fit, or it is no Ed25519 key).
    """
    parts = word.strip().split("+", 2)
    if len(parts) != 3 or not 0 < len(parts[0]) <= _MOST_NAME or re.search(r"\s", parts[0]):
        raise NoteRefused("shape")
    given = _bytes(parts[2])
    if len(given) != 33 or given[0] not in (ED25519, COSIGNATURE):
        raise NoteRefused("key")
    key = Key(parts[0], given[0], given[1:])
    if parts[1] != key.id.hex():
        raise NoteRefused("key")
    return key


def sign_head(head: Head, private: Ed25519PrivateKey) -> str:
    """Return the head as a signed note, under the log's name, which is the head's origin."""
    key = Key(head.origin, ED25519, private.public_key().public_bytes_raw())
    line = Line(key.name, key.id, private.sign(head.text.encode()))
    return f"{head.text}\n{line.text}"


def read_note(note: str) -> tuple[str, list[Line]]:
    """Return a note's text and its signature lines, of which nothing is checked yet.

    Raises:
        NoteRefused: shape.
    """
    if len(note) > MOST_CHARACTERS or any(ord(sign) < 32 and sign != "\n" for sign in note):
        raise NoteRefused("shape")
    text, blank, signed = note.rpartition("\n\n")
    if not blank or not signed.endswith("\n"):
        raise NoteRefused("shape")
    lines = [read_line(line) for line in signed.removesuffix("\n").split("\n")]
    if len(lines) > MOST_SIGNATURES:
        raise NoteRefused("shape")
    return f"{text}\n", lines


def read_line(line: str) -> Line:
    """Return a signature line in its parts.

    Raises:
        NoteRefused: shape.
    """
    found = _LINE.fullmatch(line.removesuffix("\n"))
    if found is None:
        raise NoteRefused("shape")
    given = _bytes(found[2])
    if len(given) < 5:
        raise NoteRefused("shape")
    return Line(found[1], given[:4], given[4:])


def read_head(text: str) -> Head:
    """Return what a checkpoint's text says; lines after the third are passed over.

    Raises:
        NoteRefused: shape.
    """
    lines = text.split("\n")
    if len(lines) < 4 or not lines[0] or lines[-1] or _SIZE.fullmatch(lines[1]) is None:
        raise NoteRefused("shape")
    root = _bytes(lines[2])
    if len(root) != 32:
        raise NoteRefused("shape")
    return Head(lines[0], int(lines[1]), root)


def signers(text: str, lines: Iterable[Line], keys: Sequence[Key]) -> list[Key]:
    """Return which of the keys have signed the text. Lines of other keys are passed over.

    Raises:
        NoteRefused: signature: a line that bears the name and id of one of the keys was not made by it.
    """
    found = []
    for line in lines:
        for key in keys:
            if (line.name, line.key_id) != (key.name, key.id):
                continue
            if key.type == COSIGNATURE:
                cosigned_at(text, line, key)
            else:
                _check(key.public, line.signature, text.encode())
            found.append(key)
    return found


def cosign(text: str, *, name: str, private: Ed25519PrivateKey, at: datetime) -> Line:
    """Return the line by which a witness says that it saw this head, and none that contradicts it."""
    key = Key(name, COSIGNATURE, private.public_key().public_bytes_raw())
    seconds = int(at.timestamp())
    signature = private.sign(_cosigned(text, seconds))
    return Line(name, key.id, seconds.to_bytes(8) + signature)


def cosigned_at(text: str, line: Line, key: Key) -> datetime:
    """Return when the witness with this key signed the head.

    Raises:
        NoteRefused: name (the line is another key's), signature (it was not made by this key, or not
            for this head), time (there is no such moment).
    """
    if (line.name, line.key_id) != (key.name, key.id):
        raise NoteRefused("name")
    if len(line.signature) != 72:
        raise NoteRefused("signature")
    seconds = int.from_bytes(line.signature[:8])
    _check(key.public, line.signature[8:], _cosigned(text, seconds))
    if not 0 < seconds <= _LATEST:
        raise NoteRefused("time")
    return datetime.fromtimestamp(seconds, UTC)


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _check(public: bytes, signature: bytes, message: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise NoteRefused("signature") from error


def _bytes(word: str) -> bytes:
    try:
        found = b64decode(word, validate=True)
    except (NotBase64, ValueError) as error:
        raise NoteRefused("shape") from error
    if b64encode(found).decode() != word:
        raise NoteRefused("shape")
    return found
