"""Settlements of a project, contests of top-ups, and a worker's own top-ups."""

from decimal import Decimal
from typing import Any

from canut.api.keys import Asked
from canut.api.operations import Doors, Id, Replays
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.shapes.common import Page, Party, amount
from canut.api.shapes.top_ups import (
    Contest,
    ContestIn,
    MyTopUp,
    Settlement,
    Settlements,
    TopUp,
    WorkerTimes,
)
from canut.justice.usecases.contest_times import contest_times
from canut.people.models import Scope
from canut.work.queries import settlements as found
from canut.work.refusals import ProjectNotFound, TopUpNotFound
from canut.work.usecases.contest_top_up import ContestTooLate

doors = Doors("top-ups")


@doors.get(
    "/projects/{project_id}/settlements", scope=Scope.REVIEW, answers=Settlements, refuses=(ProjectNotFound,)
)
def list_settlements(request: Asked, project_id: Id) -> Settlements:
    """How long the project's tasks really take, each worker's median, and the top-ups that come of it."""
    page = found.settlements_page(project_id, by=request.auth.by, at=request.auth.at)
    sums = ("reserve", "announced", "contested", "owed", "paid", "refused")
    return Settlements(
        project_id=page.project_id,
        **{name: amount(getattr(page, f"{name}_minor"), page.currency) for name in sums},
        settlements=[_settlement(one, page.currency) for one in page.settlements],
    )


@doors.post(
    "/projects/{project_id}/top-ups/{top_up_id}/contest",
    scope=Scope.REVIEW,
    answers=TopUp,
    refuses=(ProjectNotFound, TopUpNotFound, ContestTooLate),
    replays=Replays.NATURAL,
)
def contest_a_top_up(request: Asked, project_id: Id, top_up_id: Id, body: ContestIn) -> TopUp:
    """Have one worker's top-up wait until peers who are drawn by lot have decided. Rewards are never held."""
    found.workers_top_up_in(project_id, top_up_id, by=request.auth.by, at=request.auth.at)
    contest_times(top_up_id=top_up_id, by=request.auth.by, reason=body.reason, at=request.auth.at)
    page = found.settlements_page(project_id, by=request.auth.by, at=request.auth.at)
    seen = found.workers_top_up_in(project_id, top_up_id, by=request.auth.by, at=request.auth.at)[1].top_up
    assert seen is not None
    return _top_up(seen, page.currency)


@doors.get("/top-ups", scope=Scope.MONEY, answers=Page[MyTopUp])
def list_top_ups(request: Asked, cursor: Cursor = None, limit: Limit = 50) -> Page[MyTopUp]:
    """The caller's own top-ups as a worker, newest first: to come, contested, paid, and why."""
    rows = found.top_ups_of_worker(
        by=request.auth.by, at=request.auth.at, before_id=after(cursor, "top-ups"), most=limit + 1
    )
    following = cursor_to("top-ups", rows[limit - 1].top_up.id) if len(rows) > limit else None
    return Page[MyTopUp](items=[_mine(row) for row in rows[:limit]], next_cursor=following)


def _seconds(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _top_up(seen: found.TopUpSeen, currency: str) -> TopUp:
    same = ("id", "assignments", "state", "due_at", "paid_at", "is_owed", "may_contest")
    told: dict[str, Any] = {name: getattr(seen, name) for name in same}
    return TopUp(
        **told,
        amount=amount(seen.amount_minor, currency),
        floor_hourly=amount(seen.floor_hourly_minor, currency),
        contest=None if seen.contest is None else Contest.model_validate(seen.contest),
    )


def _settlement(one: found.SettlementSeen, currency: str) -> Settlement:
    same = ("id", "number", "settled_at", "at_close", "assignments", "from_reports")
    told: dict[str, Any] = {name: getattr(one, name) for name in same}
    return Settlement(
        **told,
        reward=amount(one.reward_minor, currency),
        hourly=amount(one.hourly_minor, currency),
        top_up=amount(one.top_up_minor, currency),
        revision=one.revision_number,
        typical_seconds=str(one.typical_seconds),
        workers=[
            WorkerTimes(
                worker=Party.model_validate(each.worker),
                reports=each.reports,
                median_seconds=_seconds(each.median_seconds),
                weight_share=str(each.weight_share),
                is_outlying=each.is_outlying,
                top_up=None if each.top_up is None else _top_up(each.top_up, currency),
            )
            for each in one.workers
        ],
    )


def _mine(row: found.WorkersTopUp) -> MyTopUp:
    return MyTopUp(
        top_up=_top_up(row.top_up, row.currency),
        project_id=row.project_id,
        title=row.title,
        typical_seconds=str(row.typical_seconds),
        reward=amount(row.reward_minor, row.currency),
        settled_at=row.settled_at,
    )
