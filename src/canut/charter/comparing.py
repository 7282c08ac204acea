"""Does the database's charter say what its log says? Row against leaf, both ways, and the log in itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from canut.charter.changes import moment
from canut.charter.findings import Finding, finding
from canut.charter.kept_heads import kept_heads
from canut.charter.log_keys import origin, public_key
from canut.charter.models import (
    ArticleVersion,
    CharterEntry,
    Cosignature,
    Decision,
    LogEntry,
    LogKey,
    TreeHead,
    Witness,
)
from canut.charter.notes import COSIGNATURE, Key, NoteRefused, read_head, read_note
from canut.charter.tree import Tree
from canut.charter.usecases.append_articles import body_of as article_body
from canut.charter.usecases.write_entries import body_of as entry_body
from canut.charter.verifying import Copy, Verified, read_leaf, verify


def copy_of_log() -> Copy:
    """Return the log as it is exported: every leaf, every head with its witnesses' lines, their keys."""
    keys = LogKey.objects.order_by("-pk").values_list("name", flat=True)
    lines: dict[int, str] = {}
    for cosignature in Cosignature.objects.order_by("pk"):
        lines[cosignature.head_id] = lines.get(cosignature.head_id, "") + cosignature.line
    heads = TreeHead.objects.order_by("size", "pk").values_list("pk", "note")
    leaves = tuple(LogEntry.objects.order_by("number").values_list("leaf", flat=True))
    return Copy(
        origin=next(iter(keys), origin()),
        size=len(leaves),
        leaves=leaves,
        heads=tuple(note + lines.get(pk, "") for pk, note in heads),
        witnesses=tuple(
            Key(row.name, COSIGNATURE, bytes(row.public)) for row in Witness.objects.order_by("pk")
        ),
    )


@transaction.atomic
def verify_here(*, keys: Iterable[Key] = (), older: Copy | None = None) -> Verified:
    """Return what is wrong with this site's log, and where its charter says something else than the log.

    `keys` are those that the reader trusts, if not all that the database has; `older` is an earlier copy.
    Nobody can write to the log meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT charter_lock_log()")
    found = verify(
        copy_of_log(),
        keys=list(keys) or [public_key(row) for row in LogKey.objects.order_by("pk")],
        older=older,
    )
    said = _leaves(found.findings)
    found.findings += [
        *_compare("parameter", said, _entries(), _name_of_entry),
        *_compare("article", said, _articles(), lambda body: f"{body.get('key')} {body.get('version')}"),
        *_compare("decision", said, _decisions(), lambda body: str(body.get("decision"))),
        *_heads(),
        *_kept_outside(),
    ]
    return found


def _leaves(findings: list[Finding]) -> dict[int, dict[str, Any]]:
    """Return what each leaf says, and note where the columns beside it say otherwise."""
    said = {}
    for row in LogEntry.objects.order_by("number"):
        leaf = read_leaf(row.leaf)
        if leaf is None:
            continue  # noted already
        columns = (row.kind, row.number, moment(row.recorded_at))
        if (leaf["kind"], leaf["number"], leaf["recorded_at"]) != columns:
            findings.append(finding("entry_differs_from_leaf", number=row.number))
        said[row.number] = leaf
    return said


def _compare(
    kind: str,
    leaves: Mapping[int, Mapping[str, Any]],
    rows: Iterable[tuple[int, int | None, Mapping[str, Any], str]],
    name: Any,
) -> Iterable[Finding]:
    """Compare rows (id, leaf's number, what they say, when they were recorded) with the leaves of a kind."""
    waiting = {number: leaf for number, leaf in leaves.items() if leaf["kind"] == kind}
    last = -1
    for row_id, number, says, recorded_at in rows:
        leaf = waiting.pop(number, None) if number is not None else None
        if leaf is None or number is None:
            yield finding("row_without_leaf", row=row_id, what=name(says))
            continue
        body = leaf["body"] if kind != "decision" else {field: leaf["body"].get(field) for field in says}
        if body != says or leaf["recorded_at"] != recorded_at:
            yield finding("row_differs", row=row_id, what=name(says), number=number)
        if number < last:
            yield finding("rows_out_of_order", row=row_id, what=name(says))
        last = max(last, number)
    for number, leaf in waiting.items():
        yield finding("leaf_without_row", number=number, what=name(leaf["body"]))


def _name_of_entry(body: Mapping[str, Any]) -> str:
    return f"{body.get('parameter')} {body.get('scope_key')}".strip()


def _entries() -> Iterable[tuple[int, int | None, Mapping[str, Any], str]]:
    for row in CharterEntry.objects.order_by("pk"):
        yield row.pk, row.logged_id, entry_body(row), moment(row.recorded_at)


def _articles() -> Iterable[tuple[int, int | None, Mapping[str, Any], str]]:
    for row in ArticleVersion.objects.order_by("pk"):
        yield row.pk, row.logged_id, article_body(row), moment(row.recorded_at)


def _decisions() -> Iterable[tuple[int, int | None, Mapping[str, Any], str]]:
    for row in Decision.objects.order_by("number"):
        says = {
            "decision": row.number,
            "title_en": row.title_en,
            "title_fr": row.title_fr,
            "question_kind": row.question_kind,
            "adopted": row.adopted,
        }
        yield row.number, row.logged_id, says, moment(row.recorded_at)


def _heads() -> Iterable[Finding]:
    """A head's columns are what its note says."""
    for row in TreeHead.objects.order_by("size", "pk"):
        try:
            head = read_head(read_note(row.note)[0])
        except NoteRefused:
            continue  # noted already
        if (head.size, head.root) != (row.size, bytes(row.root)):
            yield finding("head_differs", size=row.size)


def _kept_outside() -> Iterable[Finding]:
    """The heads that are kept outside the database fit this log; the first that does not is told."""
    here = set(TreeHead.objects.values_list("note", flat=True))
    gone = []
    for note in set(kept_heads()) - here:
        try:
            gone.append(read_head(read_note(note)[0]))
        except NoteRefused:
            continue  # a line that was cut off says nothing
    if gone:
        tree = Tree(
            leaf.encode() for leaf in LogEntry.objects.order_by("number").values_list("leaf", flat=True)
        )
        first = min(gone, key=lambda head: head.size)
        if first.size > tree.size:
            yield finding("kept_entries_missing", size=first.size, found=tree.size)
        elif tree.root(first.size) != first.root:
            yield finding("kept_head_differs", size=first.size)
        else:
            yield finding("kept_head_gone", size=first.size)
