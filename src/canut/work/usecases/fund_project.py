"""Setting a project's money aside before anybody sees a task of it."""

from datetime import datetime

from django.db.models import F

from canut.ledger.models import Account, Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.work.access import latest_revision
from canut.work.models import Project, Revision
from canut.work.rules import Quote
from canut.work.states import Fund

FUND_ACCOUNT: dict[str, Kind] = {Fund.GUILD: Kind.GUILD_FUND, Fund.JUSTICE: Kind.JUSTICE_FUND}
"""The account behind each fund that pays duties."""


def account_of(project: Project, kind: Kind) -> Account:
    """Return the project's account of this kind, opening it if need be."""
    return open_account(kind, currency=project.currency, project_id=project.pk)


def payer_of(project: Project) -> Account:
    """Return the account that pays the project, and to which what it does not need goes back.

    The owner's balance; for duties the fund of the site that pays them.
    """
    if project.fund:
        return open_account(FUND_ACCOUNT[project.fund], currency=project.currency)
    return open_account(Kind.BALANCE, currency=project.currency, party_id=project.owner_id)


def set_aside(project: Project, priced: Quote, *, key: str, at: datetime) -> None:
    """Move what the quote asks, to the cent, from who pays the project into the project's accounts.

    Hours that the quote pays for can be worked from now on. The project's row must be locked. `key`
    names this funding in the project, so that repeating it moves nothing.

    Raises:
        InsufficientFunds: the balance or fund holds less. Nothing is moved.
    """
    amounts = {
        Kind.ESCROW: priced.pay_minor,
        Kind.DUES: priced.dues_minor,
        Kind.RESERVE: priced.reserve_minor,
    }
    payer = payer_of(project)
    movements = [
        Movement(
            payer,
            account_of(project, kind),
            amount,
            Reason.PUBLICATION,
            f"fund:{project.pk}:{key}:{kind}",
            ("project", project.pk),
        )
        for kind, amount in amounts.items()
        if amount
    ]
    booked = post_entries(movements, at=at)
    if priced.hours_seconds and (booked or not movements):
        paid = F("hours_paid_seconds") + priced.hours_seconds
        Revision.objects.filter(pk=latest_revision(project).pk).update(hours_paid_seconds=paid)
