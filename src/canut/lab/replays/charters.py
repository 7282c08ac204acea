"""The charter as it was, and as it would have been with some settings from a moment on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from canut.charter import log
from canut.charter.log import Log
from canut.charter.parameters import PARAMETERS, ScopeKind, Value
from canut.charter.queries import FLOOR, NotInForceYet, UnknownParameter
from canut.charter.rules import EVERYBODY, Entry, Scope, check_value


@dataclass(frozen=True, slots=True)
class Setting:
    """One parameter with the value that is tried, for everybody or a narrower scope."""

    parameter: str
    value: Value
    scope_kind: str = ScopeKind.SITE
    scope_key: str = ""


class Charter:
    """What held, or would have held, at any moment: `in_force` and `floor_highest` of one log."""

    def __init__(self, entries: Log) -> None:
        self._log = entries

    def value(self, name: str, *, at: datetime, scope: Scope = EVERYBODY) -> Any:
        """Return the value that holds at `at` for `scope`.

        Raises:
            NotInForceYet: `at` lies before the charter's beginning.
        """
        found = self._log.held(PARAMETERS[name], at, scope)
        if found is None:
            raise NotInForceYet(f"{name} has no value at {at.isoformat()}")
        return found.entry.value

    def floor_highest(self, *, at: datetime, countries: Collection[str] | None = None) -> int:
        """Return the highest pay floor among those admitted, as `charter.queries.floor_highest` does."""
        keys = {(e.scope_kind, e.scope_key) for e in self._log.by_parameter.get(FLOOR, ())}
        scopes = [Scope(status=key) for kind, key in keys if kind == ScopeKind.STATUS]
        scopes += [
            Scope(country=key)
            for kind, key in keys
            if kind == ScopeKind.COUNTRY and (countries is None or key in countries)
        ]
        return max(self.value(FLOOR, at=at, scope=scope) for scope in [EVERYBODY, *scopes])


def as_it_was() -> Charter:
    """Return the charter as the log has it."""
    return Charter(log.current())


def as_tried(*settings: Setting, since: datetime) -> Charter:
    """Return the charter as it would be had members decided the settings for all time from `since` on.

    Decisions of the same scope that took effect later are left out, for a setting would stand in their
    place; laws stay, and hold where they are more favourable, as they do in the real charter.

    Raises:
        UnknownParameter: there is none of a name.
        ValueRefused: one cannot have its value.
    """
    for setting in settings:
        if setting.parameter not in PARAMETERS:
            raise UnknownParameter(f"the charter has no parameter {setting.parameter!r}")
        check_value(PARAMETERS[setting.parameter], setting.value)
    known = log.current()
    kept = tuple(
        entry
        for entry in known.entries
        if not any(_gives_way(entry, setting, since=since) for setting in settings)
    )
    tried = tuple(
        Entry(
            id=number,
            kind="decision",
            parameter=setting.parameter,
            scope_kind=setting.scope_kind,
            scope_key=setting.scope_key,
            value=setting.value,
            effective_at=since,
            recorded_at=since,
            cites="",
        )
        for number, setting in enumerate(settings, known.last_id + 1)
    )
    return Charter(Log((*kept, *tried), last_id=known.last_id + len(tried)))


def _gives_way(entry: Entry, setting: Setting, *, since: datetime) -> bool:
    return (
        entry.parameter == setting.parameter
        and (entry.scope_kind, entry.scope_key) == (setting.scope_kind, setting.scope_key)
        and entry.kind != "law"
        and entry.effective_at >= since
    )
