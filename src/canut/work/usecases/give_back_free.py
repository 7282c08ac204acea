"""Money of a running project that nothing needs any more goes back to its owner, or the fund that pays it."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from canut.charter.queries import in_force
from canut.kernel.events import record
from canut.kernel.money import share_minor
from canut.ledger.models import Kind, LedgerEntry, Reason
from canut.ledger.queries import project_total_minor
from canut.ledger.rules import dues_minor
from canut.ledger.usecases.post_entries import Movement, post_entries
from canut.work.models import Decision, Project, TopUp
from canut.work.queries.pricing import rates
from canut.work.queries.setting_aside import spoken_for
from canut.work.queries.settling import FINISHING, NOT_OVER, settled_upto
from canut.work.states import ProjectState
from canut.work.usecases.fund_project import account_of, payer_of
from canut.work.usecases.refund_unused import report_pay_promised_minor, rework_promised_minor


def free_minor(project: Project, *, at: datetime) -> dict[Kind, int]:
    """Return what each account of a running project holds beyond what is spoken for.

    Of the reserve, the share stays that was set aside for every place that is filled or paid for, and
    what was promised for rework and for reports of broken tasks. A duty goes on for years, so its reserve
    answers for no work that was settled, only for the top-ups that are not over.
    """
    spoken, shares = spoken_for(project), rates(project, at=at)
    dues_to_come = sum(dues_minor(project.paid_minor + spoken.pay_minor, shares).values()) - sum(
        dues_minor(project.paid_minor, shares).values()
    )
    reserved = share_minor(
        spoken.filled_minor + spoken.kept_minor, Decimal(in_force("pay.reserve_share", at=at))
    ) + share_minor(
        spoken.filled_round_minor + spoken.kept_round_minor,
        Decimal(in_force("pay.reserve_round_share", at=at)),
    )
    if project.fund:
        settled_minor, top_ups_minor = _settled_minor(project)
        share = Decimal(in_force("pay.reserve_share", at=at))
        reserved = share_minor(spoken.filled_minor - settled_minor + spoken.kept_minor, share) + top_ups_minor
    kept = {
        Kind.ESCROW: spoken.pay_minor,
        Kind.DUES: dues_to_come,
        Kind.RESERVE: reserved + rework_promised_minor(project) + report_pay_promised_minor(project),
    }
    free = {kind: project_total_minor(project.pk, kind) - keep for kind, keep in kept.items()}
    return {kind: amount for kind, amount in free.items() if amount > 0}


def _settled_minor(project: Project) -> tuple[int, int]:
    """Return the pay of a duty's settled work, and the sum of the top-ups it brought that are not over."""
    settled = sum(
        int(
            Decision.objects.filter(
                project=project,
                outcome__in=FINISHING,
                pk__lte=settled_upto(revision_id),
                submission__assignment__revision=revision_id,
            ).aggregate(total=Sum("submission__assignment__reward_minor"))["total"]
            or 0
        )
        for revision_id in project.revisions.values_list("pk", flat=True)
    )
    top_ups = TopUp.objects.filter(settlement__project=project, state__in=NOT_OVER)
    return settled, int(top_ups.aggregate(total=Sum("amount_minor"))["total"] or 0)


def give_back_free(project: Project, *, at: datetime) -> int:
    """Give back to who pays a live or paused project what nothing needs any more; return the sum.

    The project's row must be locked. Running this again moves only what has become free since.
    """
    balance = payer_of(project)
    movements = []
    for kind, free in free_minor(project, at=at).items():
        account = account_of(project, kind)
        before = LedgerEntry.objects.filter(debit=account, reason=Reason.REFUND).count()
        key = f"refund:{project.pk}:{kind}:{before}"
        movements.append(Movement(account, balance, free, Reason.REFUND, key, ("project", project.pk)))
    post_entries(movements, at=at)
    total = sum(movement.amount_minor for movement in movements)
    if total:
        record(None, "project.refunded", project, at=at, amount_minor=total)
    return total


@transaction.atomic
def give_back_after_closing(*, project_id: int, at: datetime) -> int:
    """Give back what a running project kept for places that have closed by now; return the sum. A job.

    What a closed project keeps, a sweep gives back.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project_id)
    return 0 if project.state == ProjectState.CLOSED else give_back_free(project, at=at)
