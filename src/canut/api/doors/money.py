"""A requester's balance, and a worker's earnings."""

from typing import Annotated
from uuid import uuid4

from ninja import Query

from canut.api.keys import Asked
from canut.api.operations import Doors
from canut.api.pages import Cursor, Limit, after, cursor_to
from canut.api.replays import hashed_key
from canut.api.shapes.common import Page, Party, Words, amount, minor_of
from canut.api.shapes.money import (
    Deposited,
    DepositIn,
    Due,
    EarningLine,
    Earnings,
    Money,
    MoneyLine,
    Payday,
    ProjectFunds,
)
from canut.kernel.money import AmountRefused
from canut.ledger.usecases.deposit_play_money import DepositTooLarge, DepositTooSmall, deposit_play_money
from canut.ledger.usecases.post_entries import EntryKeyReused
from canut.people.models import Scope
from canut.work.access import RequesterRoleMissing, require_requester
from canut.work.queries import earnings, money

doors = Doors("money")

CurrencyAsked = Annotated[
    Words | None, Query(max_length=3, description="ISO 4217; without it, the first there is.")
]


@doors.get("/money", scope=Scope.MONEY, answers=Money, refuses=(RequesterRoleMissing,))
def get_money(request: Asked, currency: CurrencyAsked = None) -> Money:
    """The caller's balance as a requester, and what each of their projects was given, spent and holds."""
    page = money.money_page(by=request.auth.by, at=request.auth.at, currency=currency or "", most=1)
    sums = (
        *("balance", "deposited", "given", "refunded", "direct", "held", "spent"),
        "least_deposit",
    )
    return Money(
        currency=page.currency,
        **{name: amount(getattr(page, f"{name}_minor"), page.currency) for name in sums},
        projects=[_funds(project, page.currency) for project in page.projects],
    )


@doors.get("/money/history", scope=Scope.MONEY, answers=Page[MoneyLine], refuses=(RequesterRoleMissing,))
def list_money(
    request: Asked, currency: CurrencyAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[MoneyLine]:
    """Every movement of the caller's balance, newest first; they add up to it."""
    page = money.money_page(
        by=request.auth.by,
        at=request.auth.at,
        currency=currency or "",
        before_id=after(cursor, "money"),
        most=limit,
    )
    same = ("id", "at", "reason", "note", "project_id", "title")
    lines = [
        MoneyLine(
            **{name: getattr(line, name) for name in same}, amount=amount(line.amount_minor, line.currency)
        )
        for line in page.lines
    ]
    following = cursor_to("money", page.next_cursor) if page.next_cursor else None
    return Page[MoneyLine](items=lines, next_cursor=following)


@doors.post(
    "/money/deposits",
    scope=Scope.MONEY,
    answers=Deposited,
    status=201,
    refuses=(RequesterRoleMissing, AmountRefused, DepositTooSmall, DepositTooLarge, EntryKeyReused),
)
def deposit_money(request: Asked, body: DepositIn) -> Deposited:
    """Add play money to the caller's balance. It buys work on this site and nothing else."""
    require_requester(request.auth.by)
    balance = deposit_play_money(
        by=request.auth.by,
        amount_minor=minor_of(body.amount, body.currency),
        currency=body.currency,
        key=hashed_key(request) or uuid4().hex,
        at=request.auth.at,
    )
    return Deposited(balance=amount(balance.total_minor, balance.currency))


@doors.get("/earnings", scope=Scope.MONEY, answers=Earnings)
def get_earnings(request: Asked, currency: CurrencyAsked = None) -> Earnings:
    """What the caller has earned as a worker: payable now, on which days the rest falls due, what waits."""
    found = earnings.earnings_page(
        by=request.auth.by, at=request.auth.at, currency=currency or "", most=1
    ).earnings
    sums = ("awaiting", "disputed", "earned", "payable")
    return Earnings(
        currency=found.currency,
        **{name: amount(getattr(found, f"{name}_minor"), found.currency) for name in sums},
        paydays=[
            Payday(day=payday.day.isoformat(), amount=amount(payday.amount_minor, found.currency))
            for payday in found.paydays
        ],
    )


@doors.get("/earnings/history", scope=Scope.MONEY, answers=Page[EarningLine])
def list_earnings(
    request: Asked, currency: CurrencyAsked = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[EarningLine]:
    """Every sum that came into the caller's earnings, newest first, with what it was paid for."""
    page = earnings.earnings_page(
        by=request.auth.by,
        at=request.auth.at,
        currency=currency or "",
        before_id=after(cursor, "earnings"),
        most=limit,
    )
    following = cursor_to("earnings", page.next_cursor) if page.next_cursor else None
    return Page[EarningLine](items=[_earned(line) for line in page.lines], next_cursor=following)


def _funds(project: money.ProjectFunds, currency: str) -> ProjectFunds:
    sums = ("given", "spent", "refunded", "held")
    return ProjectFunds(
        project_id=project.project_id,
        title=project.title,
        **{name: amount(getattr(project, f"{name}_minor"), currency) for name in sums},
    )


def _earned(line: earnings.EarningLine) -> EarningLine:
    same = ("id", "at", "reason", "note", "assignment_id", "title", "active_seconds", "payable_at")
    return EarningLine(
        **{name: getattr(line, name) for name in same},
        charter_entry=line.charter_entry,
        amount=amount(line.amount_minor, line.currency),
        requester=None if line.requester is None else Party.model_validate(line.requester),
        hourly=None if line.hourly_minor is None else amount(line.hourly_minor, line.currency),
        dues=[Due(name=due.name, rate=str(due.rate), share_minor=str(due.share_minor)) for due in line.dues],
    )
