"""Reading the public log: its entries in words, its heads, who signs it, and proofs about it."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from canut.charter.comparing import copy_of_log
from canut.charter.findings import say_finding
from canut.charter.log_keys import public_key
from canut.charter.models import Alarm, Cosignature, LogEntry, LogKey, LogKind, TreeHead, Witness
from canut.charter.notes import COSIGNATURE, Key
from canut.charter.pages import scope_name
from canut.charter.parameters import PARAMETERS, ScopeKind
from canut.charter.replay import entry_of
from canut.charter.tree import Tree, leaf_hash
from canut.charter.verifying import export_lines
from canut.charter.wording import say_value
from canut.kernel.refusals import NotFound, Refusal


class LogEntryNotFound(NotFound):
    code = "log_entry_not_found"


class NoSuchTree(Refusal):
    """There is no tree of such sizes, so nothing can be proved about it."""

    code = "no_such_tree"
    status = 422


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry of the log: what it says in a sentence, and its leaf word for word."""

    number: int
    kind: str
    kind_label: str
    says: str
    recorded_at: datetime
    leaf: str
    leaf_hash: str
    parameter: str = ""
    decision: int | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """That a witness signed a head, and when."""

    name: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A signed head: `note` is the checkpoint with every line under it; `root` in base64."""

    id: int
    size: int
    root: str
    signed_at: datetime
    note: str
    seen_by: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key that signs, or signed, the log; or a witness's."""

    id: int
    name: str
    vkey: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class LogStatus:
    """The log as a whole: how long it is, what was signed last, by which keys; and what is wrong with it."""

    size: int
    head: SignedHead | None
    keys: tuple[SigningKey, ...]
    witnesses: tuple[SigningKey, ...]
    alarm_since: datetime | None
    alarm: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The hashes, in hexadecimal, that lead from an entry to the root over `size` entries."""

    number: int
    size: int
    leaf_hash: str
    root: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consistency:
    """The hashes, in hexadecimal, that show the older tree to be the beginning of the newer."""

    older: int
    newer: int
    older_root: str
    newer_root: str
    path: tuple[str, ...]


def log_status() -> LogStatus:
    """Return the log as a whole, as it is now."""
    heads = signed_heads(most=1)
    alarm = Alarm.objects.filter(ended_at__isnull=True).first()
    return LogStatus(
        size=LogEntry.objects.count(),
        head=heads[0] if heads else None,
        keys=tuple(
            _key(row.pk, public_key(row), row.created_at, row.retired_at)
            for row in LogKey.objects.order_by("-pk")
        ),
        witnesses=tuple(
            _key(
                row.pk,
                Key(row.name, COSIGNATURE, bytes(row.public)),
                row.registered_at,
                row.ended_at,
            )
            for row in Witness.objects.order_by("name", "pk")
        ),
        alarm_since=None if alarm is None else alarm.found_at,
        alarm=() if alarm is None else tuple(say_finding(one) for one in alarm.what),
    )


def log_lines(*, before: int | None = None, kind: str = "", most: int) -> list[LogLine]:
    """Return entries, the newest first; those before a number, of a kind, if asked for."""
    rows = LogEntry.objects.order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    if kind in LogKind.values:
        rows = rows.filter(kind=kind)
    return [_line(row) for row in rows[:most]]


def log_line(number: int) -> LogLine:
    """Return one entry.

    Raises:
        LogEntryNotFound: the log has no entry of this number.
    """
    row = LogEntry.objects.filter(number=number).first()
    if row is None:
        raise LogEntryNotFound(_("The log has no entry of this number."))
    return _line(row)


def signed_heads(*, before_id: int | None = None, most: int) -> list[SignedHead]:
    """Return signed heads, the newest first; those before one, if asked for."""
    rows = TreeHead.objects.order_by("-pk")
    if before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    found = list(rows[:most])
    seen: dict[int, list[Cosignature]] = {}
    for one in Cosignature.objects.filter(head__in=found).select_related("witness").order_by("pk"):
        seen.setdefault(one.head_id, []).append(one)
    return [_head(row, seen.get(row.pk, ())) for row in found]


def inclusion(number: int, *, size: int | None = None) -> Inclusion:
    """Return the proof that an entry is one of the first `size`, or of all.

    Raises:
        NoSuchTree: the log has not so many entries, or the tree has no such entry.
    """
    tree, leaves = _tree()
    size = tree.size if size is None else size
    try:
        path = tree.inclusion(number, size)
    except ValueError as error:
        raise _no_such_tree(tree) from error
    return Inclusion(number, size, leaf_hash(leaves[number]).hex(), tree.root(size).hex(), _hex(path))


def consistency(older: int, newer: int | None = None) -> Consistency:
    """Return the proof that the log of `newer` entries, or of all, continues the one of `older`.

    Raises:
        NoSuchTree: the log has not so many entries, or the older tree is empty or the larger.
    """
    tree, _leaves = _tree()
    newer = tree.size if newer is None else newer
    try:
        path = tree.consistency(older, newer)
    except ValueError as error:
        raise _no_such_tree(tree) from error
    return Consistency(older, newer, tree.root(older).hex(), tree.root(newer).hex(), _hex(path))


def export() -> Iterator[str]:
    """Return the lines of the whole log as a file, which `canut verify-log --export` reads."""
    return iter(export_lines(copy_of_log()))


def _tree() -> tuple[Tree, list[bytes]]:
    leaves = [leaf.encode() for leaf in LogEntry.objects.order_by("number").values_list("leaf", flat=True)]
    return Tree(leaves), leaves


def _no_such_tree(tree: Tree) -> NoSuchTree:
    return NoSuchTree(
        _("The log has %(size)s entries. Ask about a part of these that has begun.") % {"size": tree.size},
        size=tree.size,
    )


def _hex(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(one.hex() for one in path)


def _key(row_id: int, key: Key, since: datetime, until: datetime | None) -> SigningKey:
    return SigningKey(row_id, key.name, key.vkey, since, until)


def _head(row: TreeHead, seen: Sequence[Cosignature]) -> SignedHead:
    return SignedHead(
        id=row.pk,
        size=row.size,
        root=b64encode(bytes(row.root)).decode(),
        signed_at=row.signed_at,
        note=row.note + "".join(one.line for one in seen),
        seen_by=tuple(Seen(one.witness.name, one.seen_at) for one in seen),
    )


def _line(row: LogEntry) -> LogLine:
    leaf = json.loads(row.leaf)
    body = leaf["body"]
    return LogLine(
        number=row.number,
        kind=row.kind,
        kind_label=str(LogKind(row.kind).label),
        says=say_leaf(leaf),
        recorded_at=row.recorded_at,
        leaf=row.leaf,
        leaf_hash=leaf_hash(row.leaf.encode()).hex(),
        parameter=str(body.get("parameter")) if body.get("parameter") in PARAMETERS else "",
        decision=body["decision"] if isinstance(body.get("decision"), int) else None,
    )


def say_leaf(leaf: Mapping[str, Any]) -> str:
    """Return what a leaf says, in a sentence in the active language."""
    body = leaf["body"]
    title = str(body.get("title_fr" if (get_language() or "en")[:2] == "fr" else "title_en", ""))
    if leaf["kind"] == LogKind.PARAMETER:
        return _say_value(leaf)
    if leaf["kind"] == LogKind.ARTICLE:
        facts = {"position": body.get("position"), "version": body.get("version"), "title": title}
        if body.get("repealed"):
            return _("Article %(position)s, “%(title)s”, is repealed.") % facts
        return _("Article %(position)s, “%(title)s”, version %(version)s.") % facts
    if leaf["kind"] == LogKind.DECISION:
        facts = {"number": body.get("decision"), "title": title}
        if body.get("adopted"):
            return _("Decision %(number)s, adopted: %(title)s") % facts
        return _("Decision %(number)s, not adopted: %(title)s") % facts
    if leaf["kind"] == LogKind.KEY:
        return _("A new key signs this log: %(key)s") % {"key": body.get("vkey")}
    return title or _("The members of a college elected their board.")


def _say_value(leaf: Mapping[str, Any]) -> str:
    body = leaf["body"]
    facts = {"parameter": body.get("parameter"), "value": body.get("new_value")}
    entry = entry_of(leaf) if body.get("parameter") in PARAMETERS else None
    if entry is None:
        return _("%(parameter)s: %(value)s") % facts
    facts["value"] = say_value(PARAMETERS[entry.parameter], entry.value)
    if entry.scope_kind == ScopeKind.SITE:
        return _("%(parameter)s: %(value)s") % facts
    facts["scope"] = scope_name(entry.scope_kind, entry.scope_key)
    return _("%(parameter)s, %(scope)s: %(value)s") % facts
