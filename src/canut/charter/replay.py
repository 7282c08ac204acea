"""The log read from its first leaf to its last: what the charter then is, and whether each may follow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from canut.charter.findings import Finding, finding
from canut.charter.parameters import PARAMETERS
from canut.charter.rules import Entry, Scope, ValueRefused, from_json, to_json, value_in_force

FIRST = ("genesis", "release")


@dataclass(slots=True)
class Replayed:
    """What the log's leaves amount to.

    `entries` are those of parameters that this release has, each with its leaf's number as id.
    """

    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _by_parameter: dict[str, list[Entry]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)
    _decisions: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    _settings: dict[int, list[Mapping[str, Any]]] = field(default_factory=dict)
    _versions: dict[str, int] = field(default_factory=dict)

    def charter(self) -> Mapping[str, list[Entry]]:
        """Return the entries of each parameter, in the order of the log."""
        return self._by_parameter


def replay(leaves: Iterable[Mapping[str, Any]]) -> Replayed:
    """Return what the leaves amount to, and what about them cannot be.

    A decision's number is the next; an entry that cites one was decided and executed by it, and nothing
    that was executed is missing; what an entry says was before it, was; an article's versions follow
    each other.
    """
    found = Replayed()
    for leaf in leaves:
        if not _is_shaped(leaf["kind"], leaf["body"]):
            found.findings.append(finding("leaf_says_nothing", number=leaf["number"], kind=leaf["kind"]))
        elif leaf["kind"] == "parameter":
            _entry(found, leaf)
        elif leaf["kind"] == "decision":
            _decision(found, leaf)
        elif leaf["kind"] == "article":
            _article(found, leaf)
    for number, settings in found._settings.items():
        found.findings += [
            finding("decision_not_executed", decision=number, parameter=setting.get("parameter"))
            for setting in settings
        ]
    return found


def _is_shaped(kind: str, body: Mapping[str, Any]) -> bool:
    """Tell whether a leaf's body has what is read of it; whether that can be is asked afterwards."""
    decision = body.get("decision")
    if kind == "decision":
        changes = (body.get("settings", []), body.get("articles", []))
        return _is_number(decision) and all(
            isinstance(each, list) and all(isinstance(one, dict) for one in each) for each in changes
        )
    if kind in ("parameter", "article") and not (decision is None or _is_number(decision)):
        return False
    if kind == "article":
        return _is_number(body.get("version")) and isinstance(body.get("key"), str)
    return kind != "parameter" or isinstance(body.get("parameter"), str)


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def entry_of(leaf: Mapping[str, Any]) -> Entry | None:
    """Return the entry that a leaf of the kind parameter says; None if it says none that could be.

    Raises:
        KeyError: this release has no such parameter.
    """
    body = leaf["body"]
    parameter = PARAMETERS[str(body.get("parameter"))]
    try:
        Scope.of(body["scope_kind"], body["scope_key"])  # or there is none that it could be for
        return Entry(
            id=leaf["number"],
            kind=body["entry_kind"],
            parameter=parameter.name,
            scope_kind=body["scope_kind"],
            scope_key=body["scope_key"],
            value=from_json(parameter, body["new_value"]),
            effective_at=_moment(body["effective_at"]),
            recorded_at=_moment(leaf["recorded_at"]),
            cites=body["cites"],
            decision_number=body["decision"],
        )
    except (KeyError, TypeError, ValueError, ValueRefused):
        return None


def _moment(text: str) -> datetime:
    """Return a moment that says its zone.

    Raises:
        ValueError: it is none.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} is in no zone")
    return moment


def _entry(found: Replayed, leaf: Mapping[str, Any]) -> None:
    body, number = leaf["body"], leaf["number"]
    name = str(body.get("parameter"))
    if body.get("entry_kind") in FIRST:
        if name in found._begun:
            found.findings.append(finding("entry_begins_twice", number=number, parameter=name))
        found._begun.add(name)
    elif name not in found._begun:
        found.findings.append(finding("entry_without_beginning", number=number, parameter=name))
        return
    _cited(found, leaf)
    if name not in PARAMETERS:
        return  # an earlier release's: no rule asks for it any more
    entry = entry_of(leaf)
    if entry is None:
        found.findings.append(finding("entry_impossible", number=number, parameter=name))
        return
    before = found._by_parameter.setdefault(name, [])
    if body["entry_kind"] not in FIRST:
        scope = Scope.of(entry.scope_kind, entry.scope_key)
        try:
            was = to_json(value_in_force(PARAMETERS[name], before, entry.effective_at, scope))
        except LookupError:  # it would hold before the parameter's beginning
            was = None
        if was is None or was != body.get("old_value"):
            found.findings.append(
                finding(
                    "entry_out_of_turn", number=number, parameter=name, said=body.get("old_value"), was=was
                )
            )
    before.append(entry)
    found.entries.append(entry)


def _cited(found: Replayed, leaf: Mapping[str, Any]) -> None:
    """An entry that cites a decision does what that decided, and no second entry does it again."""
    body = leaf["body"]
    decision = body.get("decision")
    if (body.get("entry_kind") == "decision") != (decision is not None):
        found.findings.append(finding("entry_not_decided", number=leaf["number"], decision=decision))
    if decision is None:
        return
    said = ("parameter", "scope_kind", "scope_key", "old_value", "new_value", "effective_at")
    open_ = found._settings.get(decision, [])
    for setting in open_:
        if all(setting.get(name) == body.get(name) for name in said):
            open_.remove(setting)
            return
    found.findings.append(finding("entry_not_decided", number=leaf["number"], decision=decision))


def _decision(found: Replayed, leaf: Mapping[str, Any]) -> None:
    body, expected = leaf["body"], len(found._decisions) + 1
    number = body.get("decision")
    if number != expected:
        found.findings.append(
            finding("decision_out_of_turn", number=leaf["number"], decision=number, expected=expected)
        )
    found._decisions[expected] = body
    found._settings[expected] = [
        setting for setting in body.get("settings", ()) if setting.get("outcome") == "executed"
    ]


def _article(found: Replayed, leaf: Mapping[str, Any]) -> None:
    body, key = leaf["body"], str(leaf["body"].get("key"))
    expected = found._versions.get(key, 0) + 1
    if body.get("version") != expected:
        found.findings.append(
            finding(
                "article_out_of_turn",
                number=leaf["number"],
                key=key,
                version=body.get("version"),
                expected=expected,
            )
        )
    found._versions[key] = expected
    decision = body.get("decision")
    if decision is None and expected == 1:
        return  # the software brought it to a new site
    changes = found._decisions.get(decision, {}).get("articles", ()) if isinstance(decision, int) else ()
    if not any(
        change.get("outcome") == "executed" and (change.get("key") == key or change.get("based_on") is None)
        for change in changes
    ):
        found.findings.append(
            finding("article_not_decided", number=leaf["number"], key=key, decision=decision)
        )
