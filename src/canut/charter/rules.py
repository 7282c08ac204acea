"""Which value holds, for whom and when; and which values a parameter may have."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from canut.charter.parameters.kinds import Parameter, Value

NARROWING = ("site", "country", "territory", "status", "guild")
"""Kinds of scope from the widest to the narrowest."""

MOST_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a value is asked; what is left out is not known, and only wider entries count.

    `country` is an ISO 3166-1 code, `status` a working status of people, `guild` a guild's id,
    `territory` a territory's key.
    """

    country: str | None = None
    territory: str | None = None
    status: str | None = None
    guild: int | None = None

    def key(self, kind: str) -> str | None:
        """Return this scope's key of a kind as the log writes it: "" for the site, None for unknown."""
        if kind == "site":
            return ""
        key: str | int | None = getattr(self, kind)
        return None if key is None else str(key)

    @classmethod
    def of(cls, kind: str, key: str) -> "Scope":
        """Return the scope that the log writes with this kind and key: the inverse of `key`.

        Raises:
            ValueError: there is no such kind, or a guild's key is no number.
        """
        if kind not in NARROWING:
            raise ValueError(f"there is no kind of scope {kind!r}")
        return cls(
            country=key if kind == "country" else None,
            territory=key if kind == "territory" else None,
            status=key if kind == "status" else None,
            guild=int(key) if kind == "guild" else None,
        )


EVERYBODY = Scope()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the charter; `kind` is genesis, release, law or decision, which then has its number."""

    id: int
    kind: str
    parameter: str
    scope_kind: str
    scope_key: str
    value: "Value"
    effective_at: datetime
    recorded_at: datetime
    cites: str
    decision_number: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """From `since` on, until the next change, `entry` is the one whose value holds."""

    since: datetime
    entry: Entry


class ValueRefused(ValueError):
    """A value that the parameter cannot have. `what` says why, for a door to put into words.

    It is one of type, low, high, choice, decimals (too many), length, falling.
    """

    def __init__(self, what: str, parameter: "Parameter", value: object) -> None:
        super().__init__(f"{parameter.name} cannot be {value!r}: {what}")
        self.what = what


def check_value(parameter: "Parameter", value: object) -> None:
    """Return if the parameter may have the value.

    Raises:
        ValueRefused: it has another type, is out of bounds, has more than 6 decimals, is no choice of
            the list, or is a list of the wrong length or one that does not fall.
    """
    if parameter.type == "bool":
        _demand(isinstance(value, bool), "type", parameter, value)
    elif parameter.type == "choice":
        _demand(isinstance(value, str), "type", parameter, value)
        _demand(value in parameter.choices, "choice", parameter, value)
    elif parameter.type == "decimals":
        _check_list(parameter, value)
    else:
        _check_number(parameter, value, int if parameter.type == "int" else Decimal)


def _check_list(parameter: "Parameter", value: object) -> None:
    if not isinstance(value, tuple):
        raise ValueRefused("type", parameter, value)
    assert parameter.lengths is not None
    shortest, longest = parameter.lengths
    _demand(shortest <= len(value) <= longest, "length", parameter, value)
    for number in value:
        _check_number(parameter, number, Decimal)
    _demand(all(a > b for a, b in pairwise(value)), "falling", parameter, value)


def _check_number(parameter: "Parameter", value: object, type_: type[int] | type[Decimal]) -> None:
    if not isinstance(value, type_) or isinstance(value, bool):
        raise ValueRefused("type", parameter, value)
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueRefused("type", parameter, value)
    assert parameter.bounds is not None
    low, high = parameter.bounds
    _demand(value >= low, "low", parameter, value)
    _demand(value <= high, "high", parameter, value)
    if isinstance(value, Decimal):
        exponent = value.as_tuple().exponent
        assert isinstance(exponent, int)  # a finite number's
        _demand(exponent >= -MOST_DECIMALS, "decimals", parameter, value)


def _demand(held: bool, what: str, parameter: "Parameter", value: object) -> None:
    if not held:
        raise ValueRefused(what, parameter, value)


def to_json(value: "Value") -> int | bool | str | list[str]:
    """Return the value as the log stores it: exact decimals as text, lists of them as lists of text."""
    if isinstance(value, Decimal):
        return _plain(value)
    if isinstance(value, tuple):
        return [_plain(number) for number in value]
    return value


def _plain(number: Decimal) -> str:
    """Return an exact decimal's digits; equal numbers give equal text: 3, 0.065."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def from_json(parameter: "Parameter", stored: object) -> "Value":
    """Return the value that `to_json` stored.

    Raises:
        ValueRefused: it is nothing that the parameter's type could have stored.
    """
    try:
        if parameter.type == "decimal" and isinstance(stored, str):
            return Decimal(stored)
        if parameter.type == "decimals" and isinstance(stored, list):
            return tuple(Decimal(number) for number in stored)
    except (InvalidOperation, TypeError, ValueError) as error:
        raise ValueRefused("type", parameter, stored) from error
    if parameter.type == "int" and isinstance(stored, int) and not isinstance(stored, bool):
        return stored
    if parameter.type == "bool" and isinstance(stored, bool):
        return stored
    if parameter.type == "choice" and isinstance(stored, str):
        return stored
    raise ValueRefused("type", parameter, stored)


def is_more_favourable(parameter: "Parameter", value: "Value", *, than: "Value") -> bool:
    """Return whether `value` is strictly better for the worker than `than`.

    Raises:
        ValueError: the registry does not say which direction is better.
    """
    if parameter.favours is None or not _is_number(value) or not _is_number(than):
        raise ValueError(f"nothing says whether more or less of {parameter.name} is better for workers")
    return value > than if parameter.favours == "higher" else value < than  # type: ignore[operator]


def _is_number(value: "Value") -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def entry_in_force(
    parameter: "Parameter", entries: Iterable[Entry], at: datetime, scope: Scope = EVERYBODY
) -> Entry | None:
    """Return the entry whose value holds at the moment `at` for `scope`; None before the first one.

    Of one scope's entries the one that took effect last holds, of two at the same moment the one
    recorded last. A narrower scope's entry wins over a wider one's; for a parameter of which the
    registry says what is better for the worker, only if it is more favourable. There, a law is a
    minimum: whatever was decided, before it or after it, holds only where it is more favourable.
    """
    latest: dict[tuple[str, bool], Entry] = {}
    for entry in _concerning(parameter, entries, scope):
        if entry.effective_at <= at:
            latest[entry.scope_kind, entry.kind == "law"] = entry
    return _winner(parameter, latest)


def value_in_force(
    parameter: "Parameter", entries: Iterable[Entry], at: datetime, scope: Scope = EVERYBODY
) -> "Value":
    """Return the value that holds at the moment `at` for `scope` (see `entry_in_force`).

    Raises:
        LookupError: the parameter has no entry in force yet at that moment.
    """
    found = entry_in_force(parameter, entries, at, scope)
    if found is None:
        raise LookupError(f"the charter has no value of {parameter.name} in force at {at.isoformat()}")
    return found.value


def timeline(parameter: "Parameter", entries: Iterable[Entry], scope: Scope = EVERYBODY) -> list[Held]:
    """Return every change of the parameter for `scope`, in order of time: `entry_in_force` at all moments."""
    changes: list[Held] = []
    latest: dict[tuple[str, bool], Entry] = {}
    for entry in _concerning(parameter, entries, scope):
        latest[entry.scope_kind, entry.kind == "law"] = entry
        winner = _winner(parameter, latest)
        assert winner is not None
        if changes and changes[-1].since == entry.effective_at:
            changes.pop()
        if not changes or changes[-1].entry != winner:
            changes.append(Held(entry.effective_at, winner))
    return changes


def _concerning(parameter: "Parameter", entries: Iterable[Entry], scope: Scope) -> list[Entry]:
    """Return the parameter's entries that count for `scope`, in the order in which they take effect."""
    return sorted(
        (e for e in entries if e.parameter == parameter.name and e.scope_key == scope.key(e.scope_kind)),
        key=lambda e: (e.effective_at, e.id),
    )


def _winner(parameter: "Parameter", latest: Mapping[tuple[str, bool], Entry]) -> Entry | None:
    """Return which holds of the latest decided entry and the latest law of each kind of scope."""
    winner: Entry | None = None
    for kind in NARROWING:
        for is_law in (False, True):
            entry = latest.get((kind, is_law))
            if entry is None:
                continue
            if (
                winner is None
                or parameter.favours is None
                or is_more_favourable(parameter, entry.value, than=winner.value)
            ):
                winner = entry
    return winner
