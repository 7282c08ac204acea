"""Why a project is open to somebody, or not yet: the whole explanation, as far as its reader may see it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from canut.charter.parameters import PARAMETERS
from canut.charter.queries import all_in_force
from canut.charter.wording import say_value
from canut.kernel import clock
from canut.kernel.refusals import Refusal
from canut.rights.register import Chapter, Entry, chapters
from canut.web.signed_in import SignedIn, signed_in
from canut.web.why import wording
from canut.work.queries.explained_for import AccessSeen, explain_to_worker
from canut.work.queries.requirements import standing_not_met
from canut.work.refusals import admission_refusal


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition in words; `sentence` says what is to be done where it is not met."""

    label: Any
    is_met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One number of the charter that was gone by."""

    name: str
    meaning: Any
    value: str


@dataclass(frozen=True, slots=True)
class RuleLines:
    """One rule of the register with the numbers it goes by now."""

    entry: Entry
    parameters: list[ParameterLine]


@require_safe
def algorithms(request: HttpRequest) -> HttpResponse:
    """Show everybody every rule by which something is decided here, in its own words, with its numbers."""
    values = {name: say_value(one.parameter, one.value) for name, one in all_in_force(at=clock.now()).items()}
    found = [(chapter, _rules_of(chapter, values)) for chapter in chapters()]
    return render(request, "why/algorithms.html", {"chapters": found})


@signed_in
@require_safe
def why(request: SignedIn, project_id: int) -> HttpResponse:
    """Tell a worker why a project is open to them or not, by which numbers, and when it will be."""
    found = explain_to_worker(project_id, by=request.user, at=clock.now())
    refusal = None if found.code is None else _refusal(found.code, found, request.user.pk)
    context = {
        "found": found,
        "refusal": refusal,
        "conditions": _conditions(found, request.user.pk),
        "scope": wording.SCOPES[found.standing.scope],
        "passed_over": [wording.SCOPES[scope] for scope in found.standing.passed_over],
        "band": wording.BANDS[found.standing.band],
        "policy": wording.POLICIES[found.policy],
        "way": wording.OPEN_BY.get(found.way or "", wording.OPEN),
        "moves": [(move, wording.MOVES[move.why]) for move in found.moves],
        "claims": [(claim, wording.WAYS[claim.way]) for claim in found.claims],
        "parameters": [
            ParameterLine(one.parameter.name, one.parameter.meaning, say_value(one.parameter, one.value))
            for one in found.parameters
        ],
    }
    return render(request, "why/why.html", context)


def _rules_of(chapter: Chapter, values: dict[str, str]) -> list[RuleLines]:
    return [
        RuleLines(
            entry,
            [
                ParameterLine(name, PARAMETERS[name].meaning, values.get(name, ""))
                for name in entry.parameters
            ],
        )
        for entry in chapter.entries
    ]


def _refusal(code: str, found: AccessSeen, worker_id: int) -> Refusal:
    if code == "standing_not_met":
        return standing_not_met(found.project_id, worker_id=worker_id)
    return admission_refusal(code)


def _conditions(found: AccessSeen, worker_id: int) -> list[ConditionLine]:
    return [
        ConditionLine(
            label=wording.CONDITIONS[one.name],
            is_met=one.is_met,
            sentence="" if one.code is None else str(_refusal(one.code, found, worker_id)),
        )
        for one in found.conditions
    ]
