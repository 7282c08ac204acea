"""The justice fund pays jury duty; what it lacks, the operator advances, so no appeal stops for money."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from canut.charter.queries import in_force
from canut.ledger.models import Kind
from canut.ledger.queries import fund_minor
from canut.ledger.usecases.advance_to_fund import advance_to_fund, repay_advances
from canut.ledger.usecases.post_entries import InsufficientFunds
from canut.work.models import Project, TopUp
from canut.work.queries.settling import owed_minor
from canut.work.states import Fund, TopUpState
from canut.work.usecases.pay_top_ups import pay_top_ups_of_project

CURRENCY = "EUR"
MOST_SHORTAGES = 10
Done = TypeVar("Done")


def paid_from_fund(spend: Callable[[], Done], *, at: datetime) -> Done:
    """Do what the justice fund pays; where it lacks the money, the operator advances what is missing first.

    What is paid may lack money at several points, each of which shows once the one before is covered. Must
    run in a transaction. Whatever rows `spend` locks before it books anything, the caller has locked: after
    an advance the fund's account is held, and whoever pays from it locks those rows first.

    Raises:
        InsufficientFunds: it lacks money however often that was advanced, so it is not this fund that lacks.
    """
    for _shortage in range(MOST_SHORTAGES):
        try:
            with transaction.atomic():
                return spend()
        except InsufficientFunds as refusal:
            missing = refusal.facts["needed_minor"] - refusal.facts["available_minor"]
            advance_to_fund(fund=Kind.JUSTICE_FUND, amount_minor=missing, currency=CURRENCY, at=at)
    return spend()


def keep_fund_able(*, at: datetime) -> int:
    """Pay the top-ups that the fund owes jurors, on the operator's advance if need be; then pay that back.

    Returns how much was paid back. A job.
    """
    due = TopUp.objects.filter(
        settlement__project__fund=Fund.JUSTICE, state=TopUpState.ANNOUNCED, due_at__lte=at
    )
    for project_id in sorted(set(due.values_list("settlement__project", flat=True))):
        _pay(project_id, at=at)
    return repay_advances(
        fund=Kind.JUSTICE_FUND, keep_minor=in_force("jury.fund_keeps_minor", at=at), currency=CURRENCY, at=at
    )


@transaction.atomic
def _pay(project_id: int, *, at: datetime) -> None:
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    missing = owed_minor(project, at=at) - fund_minor(Kind.JUSTICE_FUND, project.currency)
    if missing > 0:
        advance_to_fund(fund=Kind.JUSTICE_FUND, amount_minor=missing, currency=project.currency, at=at)
    pay_top_ups_of_project(project_id=project_id, at=at)
