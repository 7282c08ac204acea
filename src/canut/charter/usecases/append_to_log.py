"""Something is written into the public log, for good, behind all that is there."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import rfc8785
from django.db import transaction
from django.db.models import Max

from canut.charter import log
from canut.charter.changes import moment
from canut.charter.models import LogEntry, LogKind


def append_to_log(kind: LogKind, body: Mapping[str, Any], *, at: datetime) -> LogEntry:
    """Write one leaf and return its entry. Must be called in a transaction; what goes with it goes in it.

    `body` is of text, whole numbers, yes or no, null, lists and objects; an exact decimal is written as
    text (`rules.to_json`). Nothing in it may tell of a person: the log can never be changed.
    Until the transaction ends nobody else writes to the log.

    Raises:
        ValueError: the body holds what no leaf can, such as a float.
    """
    return append_all(kind, [body], at=at)[0]


@transaction.atomic
def append_all(kind: LogKind, bodies: Iterable[Mapping[str, Any]], *, at: datetime) -> list[LogEntry]:
    """Write a leaf for each body, in this order. Otherwise as `append_to_log`."""
    log.lock()
    last = LogEntry.objects.aggregate(last=Max("number"))["last"]
    first = 0 if last is None else last + 1
    entries = [
        LogEntry(number=number, kind=kind, leaf=leaf_text(kind, number, body, at=at), recorded_at=at)
        for number, body in enumerate(bodies, first)
    ]
    return LogEntry.objects.bulk_create(entries)


def leaf_text(kind: str, number: int, body: Mapping[str, Any], *, at: datetime) -> str:
    """Return the leaf in the canonical form of RFC 8785. Its bytes in UTF-8 are what the tree hashes.

    Raises:
        ValueError: the body holds what no leaf can.
    """
    _demand_exact(body)
    leaf: Any = {"kind": str(kind), "number": number, "recorded_at": moment(at), "body": body}
    return rfc8785.dumps(leaf).decode()


def _demand_exact(value: Any) -> None:
    """Refuse what reads differently elsewhere: floats are rounded, and no other type has a JSON form."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            _demand_exact(name)
            _demand_exact(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _demand_exact(member)
    elif not (value is None or isinstance(value, str | int)) or (isinstance(value, str) and "\0" in value):
        raise ValueError(f"no leaf of the log can hold {value!r}")
