"""Booking what approved work is owed: the reward, its levies and fee, and the rework that was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from canut.kernel.money import share_minor
from canut.ledger.models import Account, Kind, Reason
from canut.ledger.rules import due_now_minor
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.work.models import Assignment, Project
from canut.work.queries.pricing import rates
from canut.work.queries.rework import rework_promised
from canut.work.usecases.fund_project import account_of, payer_of

FUND = {
    "service_fee": Kind.INCOME,
    "guarantee_levy": Kind.GUARANTEE_FUND,
    "training_levy": Kind.TRAINING_FUND,
    "guild_levy": Kind.GUILD_FUND,
    "justice_levy": Kind.JUSTICE_FUND,
}
"""Where each charge goes."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The accounts that pay: the project's own, or for a late change of mind the owner's balance."""

    pay: Account
    dues: Account
    rework: Account


def pay_rewards_from_escrow(project: Project, assignments: Sequence[Assignment], *, at: datetime) -> None:
    """Book the rewards of assignments of one project, which were approved just now.

    The project's row must be locked: the levies and the fee are differences of rounded shares of
    its running total. Each reward has the assignment's key, so none can be booked twice.
    """
    sources = Sources(
        pay=account_of(project, Kind.ESCROW),
        dues=account_of(project, Kind.DUES),
        rework=account_of(project, Kind.RESERVE),
    )
    _pay(project, assignments, sources, at=at)


def pay_reward_from_balance(project: Project, assignment: Assignment, *, at: datetime) -> None:
    """Book the reward of a rejected assignment whose money serves another by now, from the owner's balance.

    Raises:
        InsufficientFunds: the balance does not cover the reward, its charges and its rework.
    """
    balance = payer_of(project)
    _pay(project, [assignment], Sources(pay=balance, dues=balance, rework=balance), at=at)


def _pay(project: Project, assignments: Sequence[Assignment], sources: Sources, *, at: datetime) -> None:
    movements = []
    promised = rework_promised([assignment.pk for assignment in assignments])
    earnings = {
        worker_id: open_account(Kind.EARNINGS, currency=project.currency, party_id=worker_id)
        for worker_id in {assignment.worker_id for assignment in assignments}
    }
    for assignment in sorted(assignments, key=lambda one: one.pk):
        to, subject = earnings[assignment.worker_id], ("assignment", assignment.pk)
        if assignment.reward_minor:
            key = f"reward:{assignment.pk}"
            movements.append(Movement(sources.pay, to, assignment.reward_minor, Reason.REWARD, key, subject))
        if rework := promised.get(assignment.pk):
            movements.append(
                Movement(sources.rework, to, rework, Reason.REWORK, f"rework:{assignment.pk}", subject)
            )
    pay_minor = sum(assignment.reward_minor for assignment in assignments)
    post_entries(movements + dues_on(project, sources.dues, pay_minor, at=at), at=at)


def dues_on(project: Project, source: Account, pay_minor: int, *, at: datetime) -> list[Movement]:
    """Return the levies and the fee that pay of a project brings, and count the pay into its running total.

    The project's row must be locked, and the movements booked in the same transaction.
    """
    if not pay_minor:
        return []
    before, after = project.paid_minor, project.paid_minor + pay_minor
    movements = []
    for name, rate in rates(project, at=at).items():
        booked = share_minor(before, rate)
        if amount := due_now_minor(pay_so_far_minor=after, booked_so_far_minor=booked, rate=rate):
            fund = open_account(FUND[name], currency=project.currency)
            reason = Reason.SERVICE_FEE if name == "service_fee" else Reason.LEVY
            key = f"{name}:{project.pk}:{after}"
            movements.append(Movement(source, fund, amount, reason, key, ("project", project.pk), note=name))
    project.paid_minor = after
    project.save(update_fields=["paid_minor"])
    return movements
