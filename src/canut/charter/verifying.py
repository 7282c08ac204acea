"""Is this log whole, and signed as it stands? From its lines alone, without a database or the network."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import rfc8785

from canut.charter.findings import Finding, finding
from canut.charter.notes import COSIGNATURE, ED25519, Head, Key, NoteRefused, read_head, read_note, read_vkey
from canut.charter.notes import signers as signers_of
from canut.charter.replay import replay
from canut.charter.tree import Tree

FORMAT = "canut-log/1"
MEMBERS = {"kind", "number", "recorded_at", "body"}


@dataclass(frozen=True, slots=True)
class Copy:
    """An exported log: its leaves word for word, its heads as signed notes, and the keys it names.

    `size` is how many leaves it says it has.
    """

    origin: str
    size: int
    leaves: tuple[str, ...]
    heads: tuple[str, ...]
    witnesses: tuple[Key, ...] = ()


@dataclass(slots=True)
class Verified:
    """What came of a look: what is wrong, and how far signatures reach."""

    findings: list[Finding] = field(default_factory=list)
    leaves: int = 0
    signed: int = 0
    root: bytes = b""
    key: str = ""
    witnesses: tuple[str, ...] = ()
    key_was_given: bool = False

    @property
    def is_sound(self) -> bool:
        return not self.findings


class CopyMalformed(ValueError):
    """The file is no exported log; `finding` says where."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code)
        self.finding = found


def export_lines(copy: Copy) -> Iterable[str]:
    """Yield the lines of the file: a header, every leaf as it is hashed, then each head."""
    header = {
        "format": FORMAT,
        "origin": copy.origin,
        "size": copy.size,
        "witnesses": [key.vkey for key in copy.witnesses],
    }
    yield json.dumps(header, ensure_ascii=False, sort_keys=True) + "\n"
    for leaf in copy.leaves:
        yield leaf + "\n"
    for head in copy.heads:
        yield json.dumps({"head": head}, ensure_ascii=False) + "\n"


def read_copy(text: str) -> Copy:
    """Return what a file exported says, nothing of which is checked yet.

    Raises:
        CopyMalformed: it is no such file.
    """
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    header = _object(lines[0] if lines else "", 1)
    size, origin, witnesses = header.get("size"), header.get("origin"), header.get("witnesses", [])
    if (
        header.get("format") != FORMAT
        or not isinstance(origin, str)
        or not isinstance(size, int)
        or isinstance(size, bool)
        or not isinstance(witnesses, list)
    ):
        raise CopyMalformed(finding("file_malformed", line=1, why=f"no header of {FORMAT}"))
    leaves, heads = [], []
    for number, line in enumerate(lines[1:], 2):
        said = _object(line, number)
        if set(said) == {"head"} and isinstance(said["head"], str):
            heads.append(said["head"])
        elif heads:
            raise CopyMalformed(finding("file_malformed", line=number, why="an entry after the heads"))
        else:
            leaves.append(line)
    try:
        keys = tuple(read_vkey(str(word)) for word in witnesses)
    except NoteRefused as error:
        raise CopyMalformed(finding("file_malformed", line=1, why="a witness without a key")) from error
    return Copy(origin, size, tuple(leaves), tuple(heads), keys)


def _object(line: str, number: int) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CopyMalformed(finding("file_malformed", line=number, why="no JSON")) from error
    if not isinstance(said, dict):
        raise CopyMalformed(finding("file_malformed", line=number, why="no object"))
    return said


def verify(copy: Copy, *, keys: Sequence[Key] = (), older: Copy | None = None) -> Verified:
    """Return what is wrong with a log, nothing if it is sound: each leaf, its place, the heads, what it says.

    `keys` are those that the reader trusts; without any, the key that the log names first is taken at
    its word, which shows that the log agrees with itself and no more. A key that a trusted one has
    signed for is trusted too. `older` is an earlier copy, of which this must be a continuation.
    """
    found = Verified(leaves=len(copy.leaves), key_was_given=bool(keys))
    said = _check_leaves(copy, found)
    _check_heads(copy, said, list(keys), found)
    if older is not None:
        _check_older(copy, older, found)
    if not found.findings:  # what they say is looked at where they are what was signed
        found.findings += replay(said).findings
    return found


def _check_leaves(copy: Copy, found: Verified) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    for expected, text in enumerate(copy.leaves):
        leaf = read_leaf(text)
        if leaf is None:
            found.findings.append(finding("leaf_malformed", number=expected))
            continue
        if leaf["number"] != expected:
            found.findings.append(finding("leaf_misplaced", number=leaf["number"], expected=expected))
            break  # all that follow are out of place too
        said.append(leaf)
    if copy.size > len(copy.leaves):
        found.findings.append(finding("entries_missing", size=copy.size, found=len(copy.leaves)))
    elif copy.size < len(copy.leaves):
        found.findings.append(finding("entries_too_many", size=copy.size, found=len(copy.leaves)))
    return said


def read_leaf(text: str) -> dict[str, Any] | None:
    """Return what a leaf says; None if it is not in canonical form, or has not the members of one."""
    try:
        leaf = json.loads(text)
        canonical = rfc8785.dumps(leaf).decode()
    except (ValueError, RecursionError):
        return None
    if canonical != text or not isinstance(leaf, dict) or set(leaf) != MEMBERS:
        return None
    kinds = {"kind": str, "number": int, "recorded_at": str, "body": dict}
    return leaf if all(type(leaf[name]) is kind for name, kind in kinds.items()) else None


def _check_heads(copy: Copy, said: Sequence[Mapping[str, Any]], trusted: list[Key], found: Verified) -> None:
    if not copy.heads:
        found.findings.append(finding("no_head"))
        return
    tree = Tree(leaf.encode() for leaf in copy.leaves)
    in_log = list(_keys_in(said))
    if not trusted and in_log:
        trusted.append(in_log[0][1])
    waiting: list[tuple[Head, str]] = []
    for note in copy.heads:
        try:
            waiting.append((read_head(read_note(note)[0]), note))
        except NoteRefused:
            found.findings.append(finding("head_malformed", size="?"))
    before = len(waiting) + 1
    while len(waiting) < before:  # what a trusted key signed makes the keys in it trusted
        before = len(waiting)
        waiting = [one for one in waiting if not _check_head(*one, copy, tree, trusted, found)]
        trusted += [key for number, key in in_log if number < found.signed and key not in trusted]
    for head, _note in waiting:
        found.findings.append(finding("head_not_signed", size=head.size))


def _check_head(
    head: Head, note: str, copy: Copy, tree: Tree, trusted: Sequence[Key], found: Verified
) -> bool:
    """Look at one head, and tell whether a trusted key has signed it, so that it was looked at."""
    text, lines = read_note(note)
    try:
        signed_by = signers_of(text, lines, trusted)
    except NoteRefused:
        found.findings.append(finding("signature_wrong", size=head.size))
        return True
    if not signed_by:
        return False
    try:
        seen_by = signers_of(text, lines, copy.witnesses)
    except NoteRefused:
        found.findings.append(finding("cosignature_wrong", size=head.size))
        return True
    if head.origin != signed_by[0].name:
        found.findings.append(finding("origin_differs", size=head.size, origin=head.origin))
    elif head.size > tree.size:
        found.findings.append(finding("entries_missing", size=head.size, found=tree.size))
    elif tree.root(head.size) != head.root:
        found.findings.append(finding("root_differs", size=head.size))
    elif head.size >= found.signed:
        found.signed, found.root, found.key = head.size, head.root, signed_by[0].vkey
        found.witnesses = tuple(key.name for key in seen_by if key.type == COSIGNATURE)
    return True


def _keys_in(said: Sequence[Mapping[str, Any]]) -> Iterable[tuple[int, Key]]:
    for leaf in said:
        if leaf["kind"] == "key":
            try:
                key = read_vkey(str(leaf["body"].get("vkey")))
            except NoteRefused:
                continue
            if key.type == ED25519:
                yield leaf["number"], key


def _check_older(copy: Copy, older: Copy, found: Verified) -> None:
    """An older copy's leaves must be the beginning of this one's, and its heads must fit this log."""
    for number, (before, now) in enumerate(zip_longest(older.leaves, copy.leaves[: len(older.leaves)])):
        if now is None:
            found.findings.append(finding("older_is_longer", older=len(older.leaves), found=len(copy.leaves)))
            break
        if before != now:
            found.findings.append(finding("older_differs", number=number))
            break
    tree = Tree(leaf.encode() for leaf in copy.leaves)
    for note in older.heads:
        try:
            head = read_head(read_note(note)[0])
        except NoteRefused:
            found.findings.append(finding("head_malformed", size="?"))
            continue
        if head.size > tree.size or tree.root(head.size) != head.root:
            found.findings.append(finding("older_head_gone", size=head.size))
