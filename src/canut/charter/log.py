"""The log in memory: read once, looked at again every second, because every use case asks it.

An entry made on another node is seen here a second after its commit at the latest, and one made by
this process as a rule at once. A transaction that writes to the log sees its own entries
and keeps them to itself, so that nothing that is rolled back is ever believed by another thread.
"""

import time
from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime
from weakref import WeakKeyDictionary

from django.db import connection, transaction
from django.db.transaction import Atomic

from canut.charter import rules
from canut.charter.models import CharterEntry
from canut.charter.parameters import PARAMETERS, Parameter
from canut.charter.rules import Entry, Held, Scope

LOOKED_AT_EVERY_SECONDS = 1.0
MOST_TIMELINES = 10_000


class Log:
    """All entries up to the id `last_id`, and for each parameter and scope asked for, its changes."""

    def __init__(self, entries: tuple[Entry, ...] = (), *, last_id: int = 0) -> None:
        self.entries = entries
        self.last_id = last_id
        self.by_parameter: dict[str, list[Entry]] = {}
        for entry in entries:
            self.by_parameter.setdefault(entry.parameter, []).append(entry)
        self._timelines: dict[tuple[str, Scope], tuple[list[datetime], list[Held]]] = {}

    def held(self, parameter: Parameter, at: datetime, scope: Scope) -> Held | None:
        """Return what holds at `at` for `scope`, and since when without a break; None before the first."""
        found = self._timelines.get((parameter.name, scope))
        if found is None:
            changes = rules.timeline(parameter, self.by_parameter.get(parameter.name, ()), scope)
            found = [change.since for change in changes], changes
            if len(self._timelines) >= MOST_TIMELINES:
                self._timelines.clear()
            self._timelines[parameter.name, scope] = found
        moments, changes = found
        position = bisect_right(moments, at)
        return changes[position - 1] if position else None


class _Shared:
    """What this process believes, and when it last looked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.log: Log | None = None
        self.is_alarmed = False
        self.looked_at = 0.0

    def read(self) -> Log:
        now = self.clock()
        log = self.log
        if log is None or now - self.looked_at >= LOOKED_AT_EVERY_SECONDS:
            self.looked_at = now  # first, so that other threads do not all look at once
            log, self.is_alarmed = _newest(log)
            self.log = log
        return log

    def forget(self) -> None:
        self.log = None


_shared = _Shared()
_uncommitted: WeakKeyDictionary[Atomic, Log] = WeakKeyDictionary()


def current() -> Log:
    """Return the log as this transaction may see it."""
    own = _read_by_writer()
    return _shared.read() if own is None else own[0]


def _read_by_writer() -> tuple[Log, bool] | None:
    """Return what a transaction that writes to the log sees of it; None in every other.

    What it sees goes nowhere else: it may be rolled back.
    """
    if _uncommitted and connection.in_atomic_block:
        outermost = connection.atomic_blocks[0]
        if outermost in _uncommitted:
            log, alarmed = _newest(_uncommitted[outermost])
            _uncommitted[outermost] = log
            return log, alarmed
    return None


def is_alarmed() -> bool:
    """Return whether the charter was found to differ from its log, as far as this process has seen."""
    own = _read_by_writer()
    if own is not None:
        return own[1]
    _shared.read()
    return _shared.is_alarmed


def look_again() -> None:
    """Have this process look anew at the next question."""
    _shared.forget()


def lock() -> None:
    """Be the one who writes to the log until this transaction ends.

    Its reads from here on are of the log as it is, its own entries included. Others in this process
    see those once they are committed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT charter_lock_log()")
    _uncommitted[connection.atomic_blocks[0]] = Log()
    transaction.on_commit(_shared.forget)


def _newest(known: Log | None) -> tuple[Log, bool]:
    """Return `known` if it holds the log's last entry, else the log read anew; and whether it is alarmed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), EXISTS (SELECT FROM charter_alarm WHERE ended_at IS NULL) "
            "FROM charter_charterentry"
        )
        last_id, alarmed = cursor.fetchone()
    if known is not None and known.last_id == last_id:
        return known, alarmed
    return _read(), alarmed


def _read() -> Log:
    """Return the log as it is in the database now.

    Entries of parameters that this release no longer has are left out: no rule asks for them.
    """
    rows = list(CharterEntry.objects.order_by("pk"))
    entries = tuple(
        Entry(
            id=row.pk,
            kind=row.kind,
            parameter=row.parameter,
            scope_kind=row.scope_kind,
            scope_key=row.scope_key,
            value=rules.from_json(PARAMETERS[row.parameter], row.new_value),
            effective_at=row.effective_at,
            recorded_at=row.recorded_at,
            cites=row.cites,
            decision_number=row.decision_id,
        )
        for row in rows
        if row.parameter in PARAMETERS
    )
    return Log(entries, last_id=rows[-1].pk if rows else 0)
