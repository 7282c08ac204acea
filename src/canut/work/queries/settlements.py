"""What settlements look at and what they came to, as pages, doors and other verbs read it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from canut.charter.queries import in_force
from canut.ledger.models import Kind
from canut.ledger.queries import project_total_minor
from canut.people.models import Person
from canut.people.queries import WhoIs, who_are
from canut.work.access import own_project
from canut.work.models import Assignment, Project, Settlement, Submission, TopUp, TopUpContest
from canut.work.queries.near import near_to
from canut.work.queries.settling import FINISHING, NOT_OVER, top_ups_owed_minor
from canut.work.refusals import TopUpNotFound
from canut.work.rules import hourly_minor
from canut.work.rules_pay import is_outlying
from canut.work.states import ContestState, TopUpState

# --- What a requester sees ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContestSeen:
    """A contest as both sides read it.

    `heard_by` is a word of HeardBy, empty where nobody decided; `decided_by` names the operator who did,
    before juries sat.
    """

    state: str
    label: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    heard_by: str
    decided_by: str
    decision: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopUpSeen:
    """One worker's top-up out of one settlement, in minor units, and whether it can be contested now."""

    id: int
    amount_minor: int
    assignments: int
    floor_hourly_minor: int
    state: str
    due_at: datetime
    paid_at: datetime | None
    is_owed: bool
    may_contest: bool
    contest: ContestSeen | None


@dataclass(frozen=True, slots=True)
class WorkerTimes:
    """One worker in a settlement: by screen name, how long they took and how much their times weigh.

    `is_outlying` marks a median for a person to look at; nothing follows from it.
    """

    worker: WhoIs
    reports: int
    median_seconds: Decimal | None
    weight_share: Decimal
    is_outlying: bool
    top_up: TopUpSeen | None


@dataclass(frozen=True, slots=True)
class SettlementSeen:
    """One settlement: T, the pay per hour that it gives, and every worker in it."""

    id: int
    revision_number: int
    number: int
    settled_at: datetime
    at_close: bool
    assignments: int
    typical_seconds: Decimal
    from_reports: bool
    reward_minor: int
    hourly_minor: int
    top_up_minor: int
    workers: Sequence[WorkerTimes]


@dataclass(frozen=True, slots=True)
class SettlementsPage:
    """A project's settlements, newest first, and what they mean for its money (minor units)."""

    project_id: int
    currency: str
    reserve_minor: int
    announced_minor: int
    contested_minor: int
    owed_minor: int
    paid_minor: int
    refused_minor: int
    notice_hours: int
    contest_days: int
    outlier_factor: Decimal
    settlements: Sequence[SettlementSeen]


def settlements_page(project_id: int, *, by: Person, at: datetime) -> SettlementsPage:
    """Return all settlements of a project of `by`, with each worker's median time and top-up.

    Raises:
        ProjectNotFound: there is none of `by`.
    """
    project = own_project(project_id, by=by)
    rows = list(
        Settlement.objects.filter(project=project)
        .select_related("revision")
        .prefetch_related("top_ups__contest__decided_by__party")
        .order_by("-pk")
    )
    names = who_are({int(worker) for row in rows for worker in row.inputs["workers"]})
    factor = in_force("pay.outlier_factor", at=at)
    sums = _sums(project, at=at)
    return SettlementsPage(
        project_id=project.pk,
        currency=project.currency,
        reserve_minor=project_total_minor(project.pk, Kind.RESERVE),
        announced_minor=sums[TopUpState.ANNOUNCED] - sums["owed"],
        contested_minor=sums[TopUpState.CONTESTED],
        owed_minor=sums["owed"],
        paid_minor=sums[TopUpState.PAID],
        refused_minor=sums[TopUpState.REFUSED],
        notice_hours=in_force("pay.top_up_notice_hours", at=at),
        contest_days=in_force("pay.contest_days", at=at),
        outlier_factor=factor,
        settlements=[_settlement(row, names, factor=factor, at=at) for row in rows],
    )


def workers_top_up_in(
    project_id: int, top_up_id: int, *, by: Person, at: datetime
) -> tuple[SettlementSeen, WorkerTimes]:
    """Return a top-up of a project of `by`: the settlement that it came from, and its worker's times.

    Raises:
        ProjectNotFound: there is no such project of `by`. TopUpNotFound: it has no such top-up.
    """
    for settlement in settlements_page(project_id, by=by, at=at).settlements:
        for one in settlement.workers:
            if one.top_up is not None and one.top_up.id == top_up_id:
                return settlement, one
    raise TopUpNotFound(_("There is no such top-up."))


def _sums(project: Project, *, at: datetime) -> dict[str, int]:
    rows = TopUp.objects.filter(settlement__project=project).values_list("state")
    sums = {**dict.fromkeys(TopUpState.values, 0), **dict(rows.annotate(total=Sum("amount_minor")))}
    return {state: int(total) for state, total in sums.items()} | {"owed": top_ups_owed_minor(project, at=at)}


def _settlement(
    row: Settlement, names: Mapping[int, WhoIs], *, factor: Decimal, at: datetime
) -> SettlementSeen:
    top_ups = {one.worker_id: one for one in row.top_ups.all()}
    workers = []
    for key, told in row.inputs["workers"].items():
        median = None if told["median_seconds"] is None else Decimal(told["median_seconds"])
        mine = top_ups.get(int(key))
        workers.append(
            WorkerTimes(
                worker=names[int(key)],
                reports=told["reports"],
                median_seconds=median,
                weight_share=_decimal(Fraction(told["share"])),
                is_outlying=median is not None
                and is_outlying(seconds=median, typical=row.typical_seconds, factor=factor),
                top_up=None if mine is None else seen_top_up(mine, at=at),
            )
        )
    workers.sort(key=lambda one: (-(one.median_seconds or Decimal(0)), one.worker.id))
    return SettlementSeen(
        id=row.pk,
        revision_number=row.revision.number,
        number=row.number,
        settled_at=row.settled_at,
        at_close=row.at_close,
        assignments=row.assignments,
        typical_seconds=row.typical_seconds,
        from_reports=row.inputs["basis"] == "reports",
        reward_minor=row.revision.reward_minor,
        hourly_minor=hourly_minor(reward_minor=row.revision.reward_minor, seconds=row.typical_seconds),
        top_up_minor=sum(one.amount_minor for one in top_ups.values()),
        workers=workers,
    )


def seen_top_up(top_up: TopUp, *, at: datetime) -> TopUpSeen:
    """Return a top-up as both sides see it; its contest, if any, is fetched."""
    contest = getattr(top_up, "contest", None)
    announced = top_up.state == TopUpState.ANNOUNCED
    return TopUpSeen(
        id=top_up.pk,
        amount_minor=top_up.amount_minor,
        assignments=sum(len(line["assignments"]) for line in top_up.lines),
        floor_hourly_minor=top_up.floor_hourly_minor,
        state=top_up.state,
        due_at=top_up.due_at,
        paid_at=top_up.paid_at,
        is_owed=announced and top_up.due_at <= at,
        may_contest=announced and top_up.due_at > at and contest is None,
        contest=None
        if contest is None
        else ContestSeen(
            state=contest.state,
            label=str(ContestState(contest.state).label),
            reason=contest.reason,
            opened_at=contest.opened_at,
            ends_at=contest.ends_at,
            heard_by=contest.heard_by,
            decided_by=contest.decided_by.screen_name if contest.decided_by else "",
            decision=contest.decision,
            decided_at=contest.decided_at,
        ),
    )


def _decimal(share: Fraction) -> Decimal:
    return round(Decimal(share.numerator) / Decimal(share.denominator), 3)


# --- What a worker sees ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkersTopUp:
    """A top-up as its worker sees it, with why: T, the pay it was measured against, and the floor."""

    top_up: TopUpSeen
    project_id: int
    title: str
    currency: str
    typical_seconds: Decimal
    reward_minor: int
    settled_at: datetime


def top_ups_of_worker(
    *,
    by: Person,
    at: datetime,
    ids: Collection[int] | None = None,
    before_id: int | None = None,
    most: int = 50,
) -> list[WorkersTopUp]:
    """Return the top-ups of `by`, newest first: those with these ids, or `most` before `before_id`."""
    rows = TopUp.objects.filter(worker_id=by.pk).order_by("-pk")
    rows = rows.select_related("settlement__project", "settlement__revision", "contest__decided_by__party")
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    elif before_id is not None:
        rows = rows.filter(pk__lt=before_id)
    return [_of_worker(row, at=at) for row in (rows if ids is not None else rows[:most])]


def open_top_ups_of_worker(*, by: Person, at: datetime, currency: str) -> list[WorkersTopUp]:
    """Return the top-ups of `by` that are announced or contested, soonest first."""
    rows = TopUp.objects.filter(
        worker_id=by.pk, state__in=NOT_OVER, settlement__project__currency=currency
    ).order_by("due_at", "pk")
    rows = rows.select_related("settlement__project", "settlement__revision", "contest__decided_by__party")
    return [_of_worker(row, at=at) for row in rows]


def _of_worker(row: TopUp, *, at: datetime) -> WorkersTopUp:
    return WorkersTopUp(
        top_up=seen_top_up(row, at=at),
        project_id=row.settlement.project_id,
        title=row.settlement.project.title,
        currency=row.settlement.project.currency,
        typical_seconds=row.settlement.typical_seconds,
        reward_minor=row.settlement.revision.reward_minor,
        settled_at=row.settlement.settled_at,
    )


# --- What a contest is about ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContestedTimes:
    """One contest with everything a decision weighs, for the room that hears it: the times beside T.

    `times` holds what the worker stated and what the page's timer measured for each answer, in seconds.
    `others` are the medians of the other workers of the settlement, the smallest first. `language` is what
    workers of the project need, empty if none.
    """

    state: str
    title: str
    language: str
    project_id: int
    worker_id: int
    requester_id: int
    currency: str
    amount_minor: int
    reward_minor: int
    floor_hourly_minor: int
    expected_seconds: int
    typical_seconds: Decimal
    median_seconds: Decimal | None
    times: Sequence[tuple[int | None, int | None]]
    others: Sequence[Decimal]
    submissions: Sequence[int]
    reason: str
    ends_at: datetime


MOST_WORKS = 3


def contests_against(worker_id: int) -> "QuerySet[Any, Any]":
    """Return the top-ups of a worker that were contested, as a query to run where it is used."""
    return TopUpContest.objects.filter(top_up__worker_id=worker_id).values("top_up_id")


def contested_times(top_up_id: int) -> ContestedTimes:
    """Return what the contest of a top-up is about; there must be one."""
    rows = TopUp.objects.select_related("settlement__project", "settlement__revision", "contest")
    row = rows.get(pk=top_up_id)
    settlement, project = row.settlement, row.settlement.project
    medians = {
        int(worker): None if told["median_seconds"] is None else Decimal(told["median_seconds"])
        for worker, told in settlement.inputs["workers"].items()
    }
    others = [median for worker, median in medians.items() if worker != row.worker_id and median is not None]
    paid = [int(pk) for line in row.lines for pk in line["assignments"]]
    handed_in = Submission.objects.filter(assignment__in=paid, decisions__outcome__in=FINISHING)
    return ContestedTimes(
        state=row.contest.state,
        title=project.title,
        language=project.language,
        project_id=project.pk,
        worker_id=row.worker_id,
        requester_id=project.owner_id,
        currency=project.currency,
        amount_minor=row.amount_minor,
        reward_minor=settlement.revision.reward_minor,
        floor_hourly_minor=row.floor_hourly_minor,
        expected_seconds=settlement.revision.expected_seconds,
        typical_seconds=settlement.typical_seconds,
        median_seconds=medians.get(row.worker_id),
        times=[
            (stated, measured)
            for _assignment, _task, worker, stated, measured in settlement.inputs["reports"]
            if worker == row.worker_id
        ],
        others=sorted(others),
        submissions=list(handed_in.order_by("pk").values_list("pk", flat=True)[:MOST_WORKS]),
        reason=row.contest.reason,
        ends_at=row.contest.ends_at,
    )


def who_had_a_part_in_times(top_up_id: int, *, at: datetime) -> set[int]:
    """Return who may not judge the contest of a top-up, because they had a part in it or a tie to it.

    They are the worker and the requester; who took a task of the project, for their times stand beside
    these; and who has a tie to either side.
    """
    row = TopUp.objects.select_related("settlement__project").get(pk=top_up_id)
    project = row.settlement.project
    return {
        row.worker_id,
        project.owner_id,
        *Assignment.objects.filter(project=project).values_list("worker", flat=True).distinct(),
        *near_to(row.worker_id, at=at),
        *near_to(project.owner_id, at=at),
    }
