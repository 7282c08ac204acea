"""Asking the charter: what holds now, what held in March, and by which entry."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, overload

from canut.charter import log
from canut.charter.names import ChoiceName, DecimalName, DecimalsName, IntName, YesNoName
from canut.charter.parameters import PARAMETERS, Parameter, ScopeKind, Value
from canut.charter.rules import EVERYBODY, Entry, Held, Scope

FLOOR = "pay.floor_hourly_minor"


class UnknownParameter(LookupError):
    """The registry has no parameter of this name."""


class NotInForceYet(LookupError):
    """The parameter has no value at the moment asked for, which lies before the log's first entry."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds for a scope: the value, since when without a break, and by which entry of the log.

    `scope_kind` and `scope_key` are the entry's: they say whether it is the site's or a narrower one.
    """

    parameter: Parameter
    value: Value
    since: datetime
    entry_id: int
    entry_kind: str
    scope_kind: str
    scope_key: str
    cites: str
    decision_number: int | None


@overload
def in_force(name: IntName, *, at: datetime, scope: Scope = EVERYBODY) -> int: ...
@overload
def in_force(name: DecimalName, *, at: datetime, scope: Scope = EVERYBODY) -> Decimal: ...
@overload
def in_force(name: YesNoName, *, at: datetime, scope: Scope = EVERYBODY) -> bool: ...
@overload
def in_force(name: ChoiceName, *, at: datetime, scope: Scope = EVERYBODY) -> str: ...
@overload
def in_force(name: DecimalsName, *, at: datetime, scope: Scope = EVERYBODY) -> tuple[Decimal, ...]: ...
@overload
def in_force(name: str, *, at: datetime, scope: Scope = EVERYBODY) -> Any: ...
def in_force(name: str, *, at: datetime, scope: Scope = EVERYBODY) -> Value:
    """Return the value that holds at the moment `at` for `scope`, which may lie in the past.

    Costs a few microseconds, so ask wherever a rule needs it. A name that is written out where it is
    asked for has its type checked (`canut.charter.names`).

    Raises:
        UnknownParameter: there is none of this name.
        NotInForceYet: `at` lies before the charter's beginning, or the log is empty.
    """
    return _held(name, at, scope).entry.value


def held(name: str, *, at: datetime, scope: Scope = EVERYBODY) -> InForce:
    """Return what `in_force` returns together with where it comes from. Raises as `in_force`."""
    return _in_force(_parameter(name), _held(name, at, scope))


def all_in_force(*, at: datetime, scope: Scope = EVERYBODY) -> dict[str, InForce]:
    """Return the whole charter as it holds at `at` for `scope`, by name; empty before its beginning."""
    current = log.current()
    found = ((parameter, current.held(parameter, at, scope)) for parameter in PARAMETERS.values())
    return {parameter.name: _in_force(parameter, held) for parameter, held in found if held is not None}


def floor_highest(*, at: datetime, countries: Collection[str] | None = None) -> int:
    """Return the highest pay floor among those admitted, in minor units an hour: what a quote goes by.

    Otherwise as `floor_held`, which tells where it comes from.
    """
    value = floor_held(at=at, countries=countries).value
    assert isinstance(value, int)  # the registry's type
    return value


def floor_held(*, at: datetime, countries: Collection[str] | None = None) -> InForce:
    """Return the highest pay floor among those admitted, with the entry that set it.

    `countries` are the codes of those admitted; None admits everybody, so that every country with a
    floor of its own counts. Any working status may come, so each status' floor counts always. What
    one worker is owed is `in_force` with that worker's scope (MECHANISMS 4.4).

    Raises:
        ValueError: `countries` is empty, so nobody is admitted.
        NotInForceYet: `at` lies before the charter's beginning.
    """
    if countries is not None and not countries:
        raise ValueError("a floor needs somebody who is admitted: countries is empty")
    keys = {(e.scope_kind, e.scope_key) for e in log.current().by_parameter.get(FLOOR, ())}
    scopes = [Scope(status=key) for kind, key in keys if kind == ScopeKind.STATUS]
    scopes += [
        Scope(country=key)
        for kind, key in keys
        if kind == ScopeKind.COUNTRY and (countries is None or key in countries)
    ]
    found = [held(FLOOR, at=at, scope=scope) for scope in [EVERYBODY, *scopes]]
    return max(found, key=lambda one: one.value)


def history(name: str) -> tuple[Entry, ...]:
    """Return the parameter's entries in the order in which they were recorded, those to come included.

    Raises:
        UnknownParameter: there is none of this name.
    """
    return tuple(log.current().by_parameter.get(_parameter(name).name, ()))


def last_entry_in_force(*, at: datetime) -> int:
    """Return the number of the log's newest entry in effect at `at`: which charter a pay line was made by.

    Zero before the charter's beginning.
    """
    return max((entry.id for entry in log.current().entries if entry.effective_at <= at), default=0)


def _parameter(name: str) -> Parameter:
    try:
        return PARAMETERS[name]
    except KeyError:
        raise UnknownParameter(f"the charter has no parameter {name!r}") from None


def _held(name: str, at: datetime, scope: Scope) -> Held:
    parameter = _parameter(name)
    found = log.current().held(parameter, at, scope)
    if found is None:
        raise NotInForceYet(
            f"the charter has no value of {name} at {at.isoformat()}: its entries begin later, or it has "
            "none because `record_release` has not run"
        )
    return found


def _in_force(parameter: Parameter, held: Held) -> InForce:
    entry: Entry = held.entry
    return InForce(
        parameter=parameter,
        value=entry.value,
        since=held.since,
        entry_id=entry.id,
        entry_kind=entry.kind,
        scope_kind=entry.scope_kind,
        scope_key=entry.scope_key,
        cites=entry.cites,
        decision_number=entry.decision_number,
    )
