"""What a closed project no longer needs goes back to its owner."""

from datetime import datetime

from django.db.models import Q, Sum

from canut.kernel.events import record
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import project_total_minor
from canut.ledger.rules import dues_minor
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.work.models import BrokenReport, Decision, Project
from canut.work.queries.pricing import rates
from canut.work.queries.setting_aside import owed_pay_minor
from canut.work.queries.settling import REPORT_NOT_OVER, awaits_settlement
from canut.work.states import AssignmentState, Outcome
from canut.work.usecases.fund_project import account_of, payer_of


def rework_promised_minor(project: Project) -> int:
    """Return what reworks that were asked for and not yet decided will be paid if they are approved."""
    waiting = Decision.objects.filter(
        Q(submission__assignment__state=AssignmentState.RETURNED)
        | Q(submission__assignment__state=AssignmentState.SUBMITTED, submission__assignment__attempt=2)
        | Q(
            submission__assignment__state=AssignmentState.REJECTED,
            submission__assignment__place_released=False,
        ),
        outcome=Outcome.RETURNED,
        submission__project=project,
    )
    return int(waiting.aggregate(total=Sum("rework_minor"))["total"] or 0)


def report_pay_promised_minor(project: Project) -> int:
    """Return what reports of broken tasks are to be paid and are not yet."""
    waiting = BrokenReport.objects.filter(project=project, pay__in=REPORT_NOT_OVER)
    return int(waiting.aggregate(total=Sum("amount_minor"))["total"] or 0)


def unused_minor(project: Project, *, at: datetime) -> dict[Kind, int]:
    """Return what each of the project's accounts holds beyond what may still be owed once it is closed.

    The reserve is kept whole until the last settlement has been made and its top-ups are over
    (MECHANISMS 4.5); then what reworks and reports of broken tasks were promised is all that it keeps.
    """
    owed = owed_pay_minor(project)
    shares = rates(project, at=at)
    dues_to_come = sum(dues_minor(project.paid_minor + owed, shares).values()) - sum(
        dues_minor(project.paid_minor, shares).values()
    )
    promised = rework_promised_minor(project) + report_pay_promised_minor(project)
    kept = {Kind.ESCROW: owed, Kind.DUES: dues_to_come, Kind.RESERVE: promised}
    free = {kind: project_total_minor(project.pk, kind) - keep for kind, keep in kept.items()}
    if awaits_settlement(project):
        free[Kind.RESERVE] = 0
    return {kind: amount for kind, amount in free.items() if amount > 0}


def refund_unused(project: Project, *, at: datetime) -> int:
    """Give the owner of a closed project what its accounts hold beyond what may still be owed.

    The project's row must be locked. Running this again moves only what has become free since.
    Returns the sum given back, in minor units; zero for a project that is not closed.
    """
    if project.state != "closed":
        return 0
    balance = payer_of(project)
    movements = []
    for kind, free in unused_minor(project, at=at).items():
        account = account_of(project, kind)
        round_number = LedgerEntry.objects.filter(debit=account, reason=Reason.REFUND).count()
        key = f"refund:{project.pk}:{kind}:{round_number}"
        movements.append(Movement(account, balance, free, Reason.REFUND, key, ("project", project.pk)))
    post_entries(movements, at=at)
    total = sum(movement.amount_minor for movement in movements)
    if total:
        record(None, "project.refunded", project, at=at, amount_minor=total)
    return total
