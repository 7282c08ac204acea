"""What the charter's pages show: every parameter with what holds at a moment, and its whole history."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy

from canut.charter.models import EntryKind
from canut.charter.parameters import PARAMETERS, SECTIONS, Parameter, ScopeKind, Unit
from canut.charter.queries import InForce, NotInForceYet, UnknownParameter, all_in_force, held, history
from canut.charter.rules import NARROWING, Entry, Scope, to_json
from canut.charter.wording import say_bounds, say_favours, say_scopes, say_step, say_value
from canut.people.models import WorkingStatus
from canut.people.places import country_name

KINDS = {
    EntryKind.GENESIS: gettext_lazy("the founding"),
    EntryKind.RELEASE: gettext_lazy("a release of the software"),
    EntryKind.LAW: gettext_lazy("the law"),
    EntryKind.DECISION: gettext_lazy("a decision of the members"),
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds for a scope, in words; `raw` is the value as programs read it."""

    scope: str
    value: str
    raw: str
    since: datetime
    entry_id: int
    made_by: str
    cites: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the log as people read it; `is_to_come` if it is not in effect yet."""

    entry_id: int
    made_by: str
    scope: str
    value: str
    effective_at: datetime
    recorded_at: datetime
    cites: str
    is_to_come: bool


@dataclass(frozen=True, slots=True)
class ParameterLines:
    """One parameter in words. `holding` is None before the charter's beginning.

    `narrower` holds each country, status or guild with a value of its own in effect.
    """

    name: str
    meaning: str
    unit: str
    bounds: str
    scopes: str
    class_: str
    favours: str
    step: str
    notice_days: int
    source: str
    holding: Holding | None
    narrower: tuple[Holding, ...]
    history: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class SectionLines:
    """A section with those of its parameters that were asked for."""

    key: str
    title: str
    parameters: tuple[ParameterLines, ...]


def charter_sections(*, at: datetime, text: str = "") -> tuple[SectionLines, ...]:
    """Return the sections as they hold at `at`, with the parameters whose name or meaning has all
    words of `text`; accents and capitals make no difference, and empty sections are left out."""
    words = _folded(text).split()
    charter = all_in_force(at=at)
    found = (
        SectionLines(
            section.key,
            str(section.title),
            tuple(
                _lines(parameter, charter.get(parameter.name), at)
                for parameter in section.parameters
                if all(
                    word in _folded(f"{parameter.name} {parameter.meaning} {section.title}") for word in words
                )
            ),
        )
        for section in SECTIONS
    )
    return tuple(section for section in found if section.parameters)


def parameter_lines(name: str, *, at: datetime) -> ParameterLines:
    """Return one parameter with what holds at `at` and its history, newest first.

    Raises:
        UnknownParameter: there is none of this name.
    """
    if name not in PARAMETERS:
        raise UnknownParameter(f"the charter has no parameter {name!r}")
    try:
        site = held(name, at=at)
    except NotInForceYet:
        site = None
    return _lines(PARAMETERS[name], site, at)


def scope_name(kind: str, key: str) -> str:
    """Return for whom an entry is, in words: "everybody", "France", "self-employed", "guild 3"."""
    if kind == ScopeKind.COUNTRY:
        return country_name(key)
    if kind == ScopeKind.STATUS:
        return str(WorkingStatus(key).label) if key in WorkingStatus.values else key
    if kind == ScopeKind.SITE:
        return str(ScopeKind.SITE.label)
    return f"{ScopeKind(kind).label} {key}"


def _folded(text: object) -> str:
    return unicodedata.normalize("NFKD", str(text)).encode("ascii", "ignore").decode().casefold()


def _lines(parameter: Parameter, site: InForce | None, at: datetime) -> ParameterLines:
    entries = history(parameter.name)
    return ParameterLines(
        name=parameter.name,
        meaning=str(parameter.meaning),
        unit="" if parameter.unit == Unit.NONE else str(parameter.unit.label),
        bounds=say_bounds(parameter),
        scopes=say_scopes(parameter),
        class_=str(parameter.class_.label),
        favours=say_favours(parameter),
        step=say_step(parameter),
        notice_days=parameter.notice_days,
        source=str(parameter.source),
        holding=None if site is None else _holding(site, scope_name(ScopeKind.SITE, "")),
        narrower=tuple(_narrower(parameter, entries, at)),
        history=tuple(_line(parameter, entry, at) for entry in reversed(entries)),
    )


def _narrower(parameter: Parameter, entries: tuple[Entry, ...], at: datetime) -> list[Holding]:
    scopes = {
        (NARROWING.index(entry.scope_kind), entry.scope_kind, entry.scope_key)
        for entry in entries
        if entry.scope_kind != ScopeKind.SITE and entry.effective_at <= at
    }
    return [
        _holding(held(parameter.name, at=at, scope=Scope.of(kind, key)), scope_name(kind, key))
        for _order, kind, key in sorted(scopes)
    ]


def _holding(found: InForce, scope: str) -> Holding:
    return Holding(
        scope=scope,
        value=say_value(found.parameter, found.value),
        raw=_raw(to_json(found.value)),
        since=found.since,
        entry_id=found.entry_id,
        made_by=str(KINDS[EntryKind(found.entry_kind)]),
        cites=found.cites,
    )


def _raw(stored: object) -> str:
    if isinstance(stored, bool):
        return "true" if stored else "false"
    return " ".join(stored) if isinstance(stored, list) else str(stored)


def _line(parameter: Parameter, entry: Entry, at: datetime) -> Line:
    return Line(
        entry_id=entry.id,
        made_by=str(KINDS[EntryKind(entry.kind)]),
        scope=scope_name(entry.scope_kind, entry.scope_key),
        value=say_value(parameter, entry.value),
        effective_at=entry.effective_at,
        recorded_at=entry.recorded_at,
        cites=entry.cites,
        is_to_come=entry.effective_at > at,
    )


__all__ = [
    "Holding",
    "Line",
    "ParameterLines",
    "SectionLines",
    "charter_sections",
    "parameter_lines",
    "scope_name",
]
