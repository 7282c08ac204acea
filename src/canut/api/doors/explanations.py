"""Why a project is open to somebody or not: each side reads of it what is theirs to know."""

from typing import cast

from canut.api.keys import Asked
from canut.api.operations import Doors, Id
from canut.api.shapes.explanations import (
    Condition,
    Explanation,
    OpensWhen,
    PlaceInFeed,
    StandingSeen,
    ThresholdSteps,
    Used,
    Way,
)
from canut.charter.rules import to_json
from canut.people.models import Scope
from canut.work.access import WorkerRoleMissing
from canut.work.queries.explained_for import (
    AccessSeen,
    explain_to_worker,
)
from canut.work.refusals import ProjectNotFound

doors = Doors("explanations")


@doors.get(
    "/projects/{project_id}/explanation",
    scope=Scope.WORK,
    answers=Explanation,
    refuses=(WorkerRoleMissing, ProjectNotFound),
)
def explain_project(request: Asked, project_id: Id) -> Explanation:
    """Tell why a project is open to you now or not, by which numbers, and when it will be.

    The exact standing and single ratings are told only where so many different people have rated that
    nobody can tell who gave which.
    """
    return _said(explain_to_worker(project_id, by=request.auth.by, at=request.auth.at))


def _said(found: AccessSeen) -> Explanation:
    standing, order, threshold = found.standing, found.order, found.threshold
    return Explanation(
        project_id=found.project_id,
        at=found.at,
        is_open=found.is_open,
        code=found.code,
        way=cast(Way | None, found.way),
        opening=OpensWhen(kind=found.opening.kind, at=found.opening.at),
        policy=found.policy,
        threshold=None
        if threshold is None
        else ThresholdSteps(low=float(threshold.low), high=float(threshold.high)),
        beat=found.beat,
        beat_seconds=found.beat_seconds,
        next_beat_at=found.next_at,
        standing=StandingSeen(
            scope=standing.scope,
            ratings=standing.ratings,
            band=standing.band,
            value=None if standing.value is None else float(standing.value),
            values=[float(value) for value in standing.values],
            least_raters=standing.least_raters,
            is_newcomer=standing.is_newcomer,
        ),
        newcomer_from_beat=found.newcomer_from_beat,
        feed=PlaceInFeed(
            own=None if order.own is None else float(order.own),
            others=order.others,
            score=None if order.score is None else float(order.score),
            levels_below=order.levels_below,
        ),
        conditions=[Condition(name=one.name, is_met=one.is_met, code=one.code) for one in found.conditions],
        parameters=[
            Used(name=one.parameter.name, value=to_json(one.value), entry_id=one.entry_id)
            for one in found.parameters
        ],
    )
