"""Setting a project's money aside before anybody sees a task of it."""

from datetime import datetime

from django.db.models import F

from canut.ledger.models import Account, Kind, Reason
from canut.ledger.usecases.open_account import open_account
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.work.access import latest_revision
from canut.work.models import Project, Revision
from canut.work.rules import Quote


def account_of(project: Project, kind: Kind) -> Account:
    """Return the project's account of this kind, opening it if need be."""
    return open_account(kind, currency=project.currency, project_id=project.pk)


def balance_of_owner(project: Project) -> Account:
    """Return the balance that the project is paid from."""
    return open_account(Kind.BALANCE, currency=project.currency, party_id=project.owner_id)


def set_aside(project: Project, priced: Quote, *, key: str, at: datetime) -> None:
    """Move what the quote asks, to the cent, from the owner's balance into the project's accounts.

    Hours that the quote pays for can be worked from now on. The project's row must be locked. `key`
    names this funding in the project, so that repeating it moves nothing.

    Raises:
        InsufficientFunds: the balance holds less. Nothing is moved.
    """
    amounts = {
        Kind.ESCROW: priced.pay_minor,
        Kind.DUES: priced.dues_minor,
        Kind.RESERVE: priced.reserve_minor,
    }
    balance = balance_of_owner(project)
    movements = [
        Movement(
            balance,
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
