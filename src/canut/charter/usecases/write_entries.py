"""Entries of the charter are written together with the leaves of the public log that say the same."""

from collections.abc import Sequence
from typing import Any

from canut.charter.changes import moment
from canut.charter.models import CharterEntry, LogKind
from canut.charter.usecases.append_to_log import append_all


def write_entries(entries: Sequence[CharterEntry]) -> list[CharterEntry]:
    """Write the entries, which were recorded at one moment, with a leaf each, in this order.

    Whether each may be is its caller's question. Must be called in a transaction.
    """
    if not entries:
        return []
    leaves = append_all(LogKind.PARAMETER, [body_of(entry) for entry in entries], at=entries[0].recorded_at)
    for entry, leaf in zip(entries, leaves, strict=True):
        entry.logged = leaf
    return CharterEntry.objects.bulk_create(entries)


def body_of(entry: CharterEntry) -> dict[str, Any]:
    """Return what the leaf of an entry says."""
    return {
        "entry_kind": str(entry.kind),
        "parameter": entry.parameter,
        "scope_kind": str(entry.scope_kind),
        "scope_key": entry.scope_key,
        "old_value": entry.old_value,
        "new_value": entry.new_value,
        "effective_at": moment(entry.effective_at),
        "cites": entry.cites,
        "decision": entry.decision_id,
    }
