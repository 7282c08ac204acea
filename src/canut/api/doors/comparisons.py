"""Peer comparison of the accepted answers to tasks of a requester's own project."""

from typing import Annotated

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cut
from canut.api.shapes.common import Page, amount, minor_of
from canut.api.shapes.comparisons import (
    ComparedTask,
    ComparisonIn,
    ComparisonOffer,
    ComparisonsAsked,
    ScoredAnswer,
)
from canut.api.shapes.projects import RoundAhead
from canut.api.shapes.said import quote_said
from canut.guilds.comparisons.limits import LAST_ROUND
from canut.guilds.comparisons.queries import ScoredTask, compared_tasks
from canut.guilds.comparisons.refusals import NobodyToCompare, NothingToCompare, RoundNotReached
from canut.guilds.comparisons.usecases.ask_comparison import ask_comparison, offer_comparison
from canut.kernel.money import AmountRefused
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing
from canut.work.queries.own_projects import one_of_own
from canut.work.refusals import ProjectNotFound, TaskNotFound
from canut.work.usecases.open_round import RoundRunning
from canut.work.usecases.publish_project import TotalChanged

doors = Doors("comparisons")

REFUSES = (
    RequesterRoleMissing,
    ProjectNotFound,
    TaskNotFound,
    NothingToCompare,
    NobodyToCompare,
    RoundNotReached,
)


@doors.get(
    "/projects/{project_id}/comparisons",
    scope=Scope.RESULTS,
    answers=Page[ComparedTask],
    refuses=(ProjectNotFound,),
)
def list_comparisons(
    request: Asked, project_id: Id, cursor: Cursor = None, limit: Limit = 50
) -> Page[ComparedTask]:
    """The tasks whose accepted answers are compared, with each answer's score and rank."""
    found = compared_tasks(
        project_id, by=request.auth.by, after_id=after(cursor, "comparisons"), most=limit + 1
    )
    shown, following = cut(found, limit=limit, listing="comparisons", row_id=lambda task: task.task_id)
    return Page[ComparedTask](items=[_task_said(task) for task in shown], next_cursor=following)


@doors.get(
    "/projects/{project_id}/comparisons/offer",
    scope=Scope.PROJECTS,
    answers=ComparisonOffer,
    refuses=REFUSES,
)
def offer_comparisons(
    request: Asked,
    project_id: Id,
    number: Annotated[int, Query(ge=1, le=LAST_ROUND, description="Which round.")] = 1,
    task_id: Annotated[int | None, Query(ge=1, lt=2**63, description="Of one task; else of all.")] = None,
) -> ComparisonOffer:
    """What a round of comparisons costs now. Nothing is asked for yet."""
    by, named = request.auth.by, None if task_id is None else [task_id]
    offer = offer_comparison(
        project_id=project_id, by=by, round_number=number, task_ids=named, at=request.auth.at
    )
    if offer is None:
        return ComparisonOffer(
            round=number, tasks=0, pairs=0, expected_seconds=None, quote=None, prototype=None, rest=None
        )
    currency, priced = one_of_own(project_id, by=by).project.currency, offer.priced
    return ComparisonOffer(
        round=offer.round,
        tasks=offer.tasks,
        pairs=offer.pairs,
        expected_seconds=offer.expected_seconds,
        quote=quote_said(priced.quote, currency),
        prototype=RoundAhead.model_validate(priced.gate) if priced.gate.needs_round else None,
        rest=None if priced.rest is None else amount(priced.rest.total_minor, currency),
    )


@doors.post(
    "/projects/{project_id}/comparisons",
    scope=Scope.PROJECTS,
    answers=ComparisonsAsked,
    replays=Replays.NATURAL,
    refuses=(*REFUSES, RoundRunning, TotalChanged, InsufficientFunds, AmountRefused),
)
def ask_for_comparisons(request: Asked, project_id: Id, body: ComparisonIn) -> ComparisonsAsked:
    """Have the accepted answers to tasks compared in pairs, as paid work of other workers of the project.

    Each round of a task is asked for once: asking again makes nothing and charges nothing.
    """
    by = request.auth.by
    currency = one_of_own(project_id, by=by).project.currency
    asked = ask_comparison(
        project_id=project_id,
        by=by,
        round_number=body.round,
        task_ids=body.task_ids,
        agreed_minor=None if body.agreed_total is None else minor_of(body.agreed_total, currency),
        at=request.auth.at,
    )
    return ComparisonsAsked(
        project_id=asked.project_id,
        round=body.round,
        task_ids=sorted(one.task_id for one in asked.comparisons),
        pairs=asked.pairs,
        charged=amount(asked.charged_minor, currency),
        is_repeat=asked.is_repeat,
    )


def _task_said(task: ScoredTask) -> ComparedTask:
    return ComparedTask(
        task_id=task.task_id,
        key=task.key,
        round=task.stand.round,
        pairs=task.stand.pairs,
        decided=task.stand.decided,
        is_over=task.stand.is_over,
        answers=[ScoredAnswer.model_validate(answer) for answer in task.answers],
    )
