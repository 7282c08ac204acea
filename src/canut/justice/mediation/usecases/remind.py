"""Those whose turn it is in a dispute are reminded before their time runs out."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Prefetch, Q

from canut.charter.queries import in_force
from canut.justice.mediation import rules
from canut.justice.mediation.models import Dispute, Mandate, Reminder
from canut.justice.mediation.states import DisputeState
from canut.kernel.later import later

AT_ONCE = 500


def remind_of_disputes(*, at: datetime) -> int:
    """Remind whoever must act soon in a dispute, once of each time; return how many reminders there were.

    A job; doing it again reminds nobody twice.
    """
    remind_days = in_force("mediation.remind_days", at=at)
    soon = at + timedelta(days=remind_days)
    now = Mandate.objects.filter(until__isnull=True)
    rows = Dispute.objects.filter(
        Q(state=DisputeState.DIRECT, direct_until__lte=at)
        | Q(state=DisputeState.REPLY, reply_by__lte=soon)
        | Q(state=DisputeState.MEDIATION, mandates__in=now.filter(due_at__lte=soon))
    ).prefetch_related("reminders", Prefetch("mandates", queryset=now, to_attr="held"))
    sent = 0
    for dispute in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        had = {(row.kind, row.due_at) for row in dispute.reminders.all()}
        held: list[Mandate] = getattr(dispute, "held", [])
        for due in rules.whats_due(
            state=dispute.state,
            direct_until=dispute.direct_until,
            complain_by=dispute.complain_by,
            reply_by=dispute.reply_by,
            mediator_due_at=held[0].due_at if held else None,
            remind_days=remind_days,
            at=at,
        ):
            if (due.kind, due.due_at) not in had:
                sent += _remind(dispute.pk, due, at=at)
    return sent


@transaction.atomic
def _remind(dispute_id: int, due: rules.Due, *, at: datetime) -> bool:
    _row, is_new = Reminder.objects.get_or_create(
        dispute_id=dispute_id, kind=due.kind, due_at=due.due_at, defaults={"sent_at": at}
    )
    if is_new:
        later("mediation.remind", dispute_id=dispute_id, kind=due.kind, side=due.side)
    return is_new
