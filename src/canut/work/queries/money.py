"""A requester's money: what is free, what each project holds and spent, and every movement.

All figures are the ledger's own; this room only knows which project and task an entry is about.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.charter.queries import in_force
from canut.ledger.models import Kind, Reason
from canut.ledger.queries import Line as Booked
from canut.ledger.queries import history, projects_paid_from, purses_of, sums_by_reason
from canut.people.models import Person
from canut.work.access import require_requester
from canut.work.models import Assignment, Project, TopUp

LINES_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class ProjectFunds:
    """What one project was given, spent on pay and charges, gave back and still holds, in minor units."""

    project_id: int
    title: str
    state: str
    given_minor: int
    spent_minor: int
    refunded_minor: int
    held_minor: int


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One movement of the balance: `amount_minor` is negative when money left.

    `title` is the project's; `other` is the kind of account at the other end: what the money is for.
    """

    id: int
    at: datetime
    reason: str
    amount_minor: int
    currency: str
    note: str
    project_id: int | None
    title: str
    position: int | None
    other: str


@dataclass(frozen=True, slots=True)
class MoneyPage:
    """A requester's balance in one currency. Amounts in minor units.

    `deposited - given + refunded - direct = balance`: `direct` is what was paid to people from the
    balance itself, as bonuses and late approvals are.
    """

    currency: str
    currencies: Sequence[str]
    balance_minor: int
    deposited_minor: int
    given_minor: int
    refunded_minor: int
    direct_minor: int
    held_minor: int
    spent_minor: int
    projects: Sequence[ProjectFunds]
    lines: Sequence[MoneyLine]
    next_cursor: int | None
    least_deposit_minor: int


def money_page(
    *,
    by: Person,
    at: datetime,
    currency: str = "",
    before_id: int | None = None,
    most: int = LINES_A_PAGE,
) -> MoneyPage:
    """Return the balance of `by`, what their projects hold, and movements before the entry `before_id`.

    Raises:
        RequesterRoleMissing: `by` is no requester and never had a balance.
    """
    purses = {purse.currency: purse for purse in purses_of(by.pk, Kind.BALANCE)}
    if not purses:
        require_requester(by)
    currencies = sorted(purses) or ["EUR"]
    currency = currency if currency in currencies else currencies[0]
    purse = purses.get(currency)
    sums = sums_by_reason(purse.account_id) if purse else {}
    projects = _projects(purse.account_id) if purse else []
    given = sum(project.given_minor for project in projects)
    refunded = sum(project.refunded_minor for project in projects)
    deposited = sums.get(Reason.DEPOSIT, 0)
    balance = purse.total_minor if purse else 0
    booked = history(purse.account_id, before_id=before_id, most=most + 1) if purse else []
    return MoneyPage(
        currency=currency,
        currencies=currencies,
        balance_minor=balance,
        deposited_minor=deposited,
        given_minor=given,
        refunded_minor=refunded,
        direct_minor=deposited - given + refunded - balance,
        held_minor=sum(project.held_minor for project in projects),
        spent_minor=sum(project.spent_minor for project in projects),
        projects=projects,
        lines=_lines(booked[:most]),
        next_cursor=booked[most - 1].id if len(booked) > most else None,
        least_deposit_minor=in_force("deposit.least_minor", at=at),
    )


def _projects(account_id: int) -> list[ProjectFunds]:
    money = projects_paid_from(account_id)
    projects = Project.objects.filter(pk__in=money).order_by("-pk")
    return [
        ProjectFunds(
            project_id=project.pk,
            title=project.title,
            state=str(project.get_state_display()),
            given_minor=money[project.pk].given_minor,
            spent_minor=money[project.pk].spent_minor,
            refunded_minor=money[project.pk].refunded_minor,
            held_minor=money[project.pk].held_minor,
        )
        for project in projects
    ]


def _lines(booked: Sequence[Booked]) -> list[MoneyLine]:
    assignments = Assignment.objects.select_related("project", "task").in_bulk(_ids(booked, "assignment"))
    projects = Project.objects.in_bulk(_ids(booked, "project"))
    top_ups = TopUp.objects.select_related("settlement__project").in_bulk(_ids(booked, "topup"))
    return [_line(line, assignments, projects, top_ups) for line in booked]


def _ids(booked: Sequence[Booked], kind: str) -> Collection[int]:
    return {line.subject_id for line in booked if line.subject_kind == kind and line.subject_id is not None}


def _line(
    line: Booked,
    assignments: dict[int, Assignment],
    projects: dict[int, Project],
    top_ups: dict[int, TopUp],
) -> MoneyLine:
    assignment = assignments.get(line.subject_id or 0) if line.subject_kind == "assignment" else None
    project = projects.get(line.subject_id or 0) if line.subject_kind == "project" else None
    project = assignment.project if assignment else project
    if line.subject_kind == "topup" and line.subject_id in top_ups:
        project = top_ups[line.subject_id].settlement.project
    return MoneyLine(
        id=line.id,
        at=line.at,
        reason=line.reason,
        amount_minor=line.amount_minor,
        currency=line.currency,
        note=line.note,
        project_id=project.pk if project else None,
        title=project.title if project else "",
        position=assignment.task.position if assignment else None,
        other=line.other,
    )
