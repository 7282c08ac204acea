#!/usr/bin/env python3
"""Verify a copy of a Canut site's public log, offline, from the file that its page /log/ gives.

    python3 verify_log.py log.jsonl [--older an-earlier-log.jsonl] [--key NAME+ID+KEY]

It checks that every entry is where it says it is, that the root over the entries is the one that each signed
head gives (RFC 6962), that every head is signed by a key that you trust or that such a key has introduced,
that what decisions executed is what they decided, and, with an older copy, that nothing in it has changed or
gone. It ends with 0 if all is as it should be, with 1 if not, with 2 if a file cannot be read.

Without --key the first key that the log names is taken at its word: then the log is shown to agree with
itself, and no more. Note the site's key down once, from a place that you trust, and give it from then on.

Needs Python 3.9, and the package cryptography for the signatures. It knows nothing of Canut's own code.
"""

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "canut-log/1"
LOG, WITNESS = 1, 4


class Unreadable(Exception):
    """A file is no exported log."""


def read(path):
    """Return (header, leaves as text, heads as text) of a file."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
        header = json.loads(lines[0])
        if header["format"] != FORMAT:
            raise ValueError(f"its format is {header['format']}")
        if not isinstance(header["origin"], str) or not isinstance(header["size"], int):
            raise ValueError("its first line does not say whose it is, and how long")
        leaves, heads = [], []
        for line in filter(None, lines[1:]):
            said = json.loads(line)
            if set(said) == {"head"}:
                heads.append(said["head"])
            elif heads:
                raise ValueError("an entry stands after the heads")
            else:
                leaves.append(line)
        return header, leaves, heads
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as why:
        raise Unreadable(f"{path} is no exported log: {why!r}") from why


def hashes_of(leaves):
    return [hashlib.sha256(b"\x00" + leaf.encode()).digest() for leaf in leaves]


def root(hashes):
    """Return the root over the hashes of leaves: RFC 6962, 2.1."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return hashlib.sha256(b"\x01" + root(hashes[:half]) + root(hashes[half:])).digest()


class Key:
    """A public key in one word, name+id+key, as signed notes have it (c2sp.org/signed-note)."""

    def __init__(self, word):
        self.word = word.strip()
        self.name, key_id, key = self.word.split("+", 2)
        decoded = base64.b64decode(key, validate=True)
        self.type, self.public = decoded[0], decoded[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + decoded).digest()[:4]
        if self.id.hex() != key_id or len(self.public) != 32 or self.type not in (LOG, WITNESS):
            raise ValueError(f"{word} is no key")

    def signed(self, text, signature):
        message = text.encode()
        if self.type == WITNESS:
            seconds = int.from_bytes(signature[:8], "big")
            message, signature = f"cosignature/v1\ntime {seconds}\n".encode() + message, signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def open_note(note):
    """Return (text, [(name, key id, signature)], origin, size, root) of a head."""
    text, blank, signed = note.rpartition("\n\n")
    text += "\n"
    if not blank:
        raise ValueError("no signatures")
    lines = []
    for line in signed.rstrip("\n").split("\n"):
        dash, name, given = line.split(" ")
        decoded = base64.b64decode(given, validate=True)
        if dash != "—":
            raise ValueError("no signature line")
        lines.append((name, decoded[:4], decoded[4:]))
    origin, size, top = text.split("\n")[:3]
    return text, lines, origin, int(size), base64.b64decode(top, validate=True)


def check_leaves(header, leaves):
    """Return (what each leaf says, what is wrong)."""
    said, wrong = [], []
    for number, text in enumerate(leaves):
        leaf = json.loads(text)
        canonical = json.dumps(leaf, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        members = {"kind", "number", "recorded_at", "body"}
        if canonical != text or set(leaf) != members or not isinstance(leaf["body"], dict):
            wrong.append(f"entry {number} is not written as the log writes")
        elif leaf["number"] != number:
            wrong.append(f"where entry {number} should be, one calls itself {leaf['number']}")
            break
        else:
            said.append(leaf)
    if header.get("size") != len(leaves):
        wrong.append(f"it says that it has {header.get('size')} entries and has {len(leaves)}")
    return said, wrong


def check_heads(said, leaves, heads, trusted, witnesses):
    """Return (how many entries are covered by a good head, its root, what is wrong)."""
    introduced = [(leaf["number"], Key(leaf["body"]["vkey"])) for leaf in said if leaf["kind"] == "key"]
    trusted = list(trusted or [key for _number, key in introduced[:1]])
    wrong, covered, top, hashes = [], 0, b"", hashes_of(leaves)
    if not heads:
        wrong.append("it has no signed head")
    waiting, before = [open_note(note) for note in heads], -1
    while before != len(waiting):  # a key is trusted once a trusted one has signed the entry about it
        before = len(waiting)
        left = []
        for head in waiting:
            judged = judge(head, trusted, witnesses, hashes)
            if judged is None:
                left.append(head)
            elif judged:
                wrong.append(judged)
            elif head[3] >= covered:
                covered, top = head[3], head[4]
        waiting = left
        known = {key.word for key in trusted}
        trusted += [key for number, key in introduced if number < covered and key.word not in known]
    wrong += [f"the head over {head[3]} entries is signed by no key that is trusted" for head in waiting]
    return covered, top, wrong


def judge(head, trusted, witnesses, hashes):
    """Return what is wrong with a head, "" if nothing is, None if no trusted key has signed it."""
    text, lines, origin, size, given = head

    def signed_by(keys):
        return [(key, line[2]) for line in lines for key in keys if (key.name, key.id) == line[:2]]

    ours = signed_by(trusted)
    if not ours:
        return None
    if not all(key.signed(text, signature) for key, signature in ours + signed_by(witnesses)):
        return f"a signature under the head over {size} entries is not genuine"
    if origin != ours[0][0].name:
        return f"the head over {size} entries is one of {origin}"
    if size > len(hashes):
        return f"a head was signed over {size} entries, and there are {len(hashes)}"
    if root(hashes[:size]) != given:
        return f"the first {size} entries are not those that their head was signed for"
    return ""


def check_older(leaves, older):
    """Return what of an older copy is no longer so."""
    _header, before, signed = older
    wrong = []
    for number, leaf in enumerate(before):
        if number >= len(leaves):
            wrong.append(f"the older copy has {len(before)} entries, and this one {len(leaves)}")
            break
        if leaf != leaves[number]:
            wrong.append(f"entry {number} is not what it was in the older copy")
            break
    hashes = hashes_of(leaves)
    for note in signed:
        _text, _lines, _origin, size, given = open_note(note)
        if size > len(hashes) or root(hashes[:size]) != given:
            wrong.append(f"the older copy's head over {size} entries does not fit this log")
    return wrong


def check_decisions(said):
    """Return where the charter was changed otherwise than its decisions say."""
    wrong, decisions, begun = [], [], set()
    fields = ("parameter", "scope_kind", "scope_key", "old_value", "new_value", "effective_at")
    for leaf in said:
        number, body = leaf["number"], leaf["body"]
        if leaf["kind"] == "decision":
            if body.get("decision") != len(decisions) + 1:
                wrong.append(f"entry {number} is decision {body.get('decision')}, out of turn")
            executed = [one for one in body.get("settings", []) if one.get("outcome") == "executed"]
            decisions.append([{name: one.get(name) for name in fields} for one in executed])
        if leaf["kind"] != "parameter":
            continue
        name, decision = body.get("parameter"), body.get("decision")
        first = body.get("entry_kind") in ("genesis", "release")
        if first == (name in begun):
            wrong.append(f"entry {number} begins {name} twice, or changes what had not begun")
        begun.add(name)
        if (body.get("entry_kind") == "decision") != (decision is not None):
            wrong.append(f"entry {number} changes {name} without a decision")
        elif decision is not None:
            this = {field: body.get(field) for field in fields}
            if 0 < decision <= len(decisions) and this in decisions[decision - 1]:
                decisions[decision - 1].remove(this)
            else:
                wrong.append(f"entry {number} cites decision {decision}, which decided no such thing")
    for number, left in enumerate(decisions, 1):
        wrong += [f"decision {number} set {one['parameter']}, and no entry says so" for one in left]
    return wrong


def main():
    parser = argparse.ArgumentParser(description="Verify a copy of a Canut site's public log.")
    parser.add_argument("file")
    parser.add_argument(
        "--older", metavar="FILE", help="an earlier copy, of which this must be a continuation"
    )
    parser.add_argument("--key", action="append", default=[], help="the site's key, name+id+key")
    options = parser.parse_args()
    try:
        header, leaves, heads = read(options.file)
        older = read(options.older) if options.older else None
        trusted = [Key(word) for word in options.key]
        witnesses = [Key(word) for word in header.get("witnesses", [])]
    except (Unreadable, ValueError) as why:
        print(why, file=sys.stderr)
        return 2
    try:
        said, wrong = check_leaves(header, leaves)
        covered, top, wrong_heads = check_heads(said, leaves, heads, trusted, witnesses)
        wrong += wrong_heads
        if older is not None:
            wrong += check_older(leaves, older)
        wrong = wrong or check_decisions(said)
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        print(f"WRONG: something in it is none of what a log has: {why!r}")
        return 1
    for line in wrong:
        print(f"WRONG: {line}")
    if wrong:
        return 1
    print(f"Good: {len(leaves)} entries, {covered} of them signed, root {top.hex()}.")
    if not options.key:
        print("The log agrees with itself. Give --key to know that it is the site's.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
