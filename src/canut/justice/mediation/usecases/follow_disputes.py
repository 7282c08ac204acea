"""What the passing of time brings about in disputes: their clocks, who left, and what is forgotten."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from canut.charter.queries import in_force
from canut.justice.mediation.models import Dispute, Mandate, Precedent
from canut.justice.mediation.states import ENDED, OPEN, DisputeState, PrecedentState
from canut.justice.mediation.usecases.appoint_mediator import end_mandate
from canut.justice.mediation.usecases.name_mediator import begin_mediation, name_mediator
from canut.justice.mediation.usecases.settle import end_by_itself
from canut.justice.mediation.usecases.write_summary import publish_if_unopposed
from canut.kernel.events import record
from canut.kernel.later import later

AT_ONCE = 500


def follow_disputes(*, at: datetime) -> int:
    """Take every dispute as far as time has brought it; return how many went further. A job.

    Each is a transaction of its own, and doing it again changes nothing.
    """
    left = Mandate.objects.filter(
        Q(person__is_active=False)
        | Q(mediator__ended_at__isnull=False)
        | Q(dispute__other__isnull=True, person__is_operator=True),
        until__isnull=True,
    )
    moved = 0
    for mandate_id in list(left.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        moved += end_mandate(mandate_id, at=at)
    keep = timedelta(days=in_force("mediation.keep_days", at=at))
    rows = Dispute.objects
    for which, further in (
        (rows.filter(state__in=OPEN, complainant__is_active=False), _end_for_who_left),
        (rows.filter(state=DisputeState.DIRECT, complain_by__lte=at), _lapse),
        (rows.filter(state=DisputeState.REPLY, reply_by__lte=at), begin_mediation),
        (_unmediated(rows.filter(state=DisputeState.MEDIATION)), _name),
        (rows.filter(precedent__in=_unopposed_for_long(at)), _publish),
        (rows.filter(state__in=ENDED, ended_at__lte=at - keep, forgotten_at__isnull=True), _forget),
    ):
        moved += _each(which, further, at=at)
    return moved


def _each(which: "QuerySet[Dispute]", further: "Callable[..., bool | None]", *, at: datetime) -> int:
    """Do something to each of these disputes that is still one of them once it is locked."""
    done = 0
    for number in list(which.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            dispute = Dispute.objects.select_for_update(of=("self",), no_key=True).get(pk=number)
            if which.filter(pk=number).exists():
                done += further(dispute, at=at) is not False
    return done


def _unmediated(rows: "QuerySet[Dispute]") -> "QuerySet[Dispute]":
    return rows.filter(~Exists(Mandate.objects.filter(dispute=OuterRef("pk"), until__isnull=True)))


def _unopposed_for_long(at: datetime) -> "QuerySet[Precedent]":
    return Precedent.objects.filter(state=PrecedentState.WAITING, object_by__lte=at)


def _end_for_who_left(dispute: Dispute, *, at: datetime) -> None:
    end_by_itself(dispute, DisputeState.WITHDRAWN, at=at)


def _lapse(dispute: Dispute, *, at: datetime) -> None:
    end_by_itself(dispute, DisputeState.LAPSED, at=at)


def _name(dispute: Dispute, *, at: datetime) -> bool:
    return name_mediator(dispute, at=at) is not None


def _publish(dispute: Dispute, *, at: datetime) -> bool:
    return publish_if_unopposed(Precedent.objects.get(dispute=dispute), at=at)


def _forget(dispute: Dispute, *, at: datetime) -> None:
    """Remove what was written and sent in a dispute; how it ended, and what was agreed, stays."""
    dispute.forgotten_at = at
    dispute.save(update_fields=["forgotten_at"])
    for stored_as in dispute.files.values_list("stored_as", flat=True):
        later("work.forget_file", stored_as=stored_as)
    dispute.files.all().delete()
    dispute.messages.all().delete()
    dispute.looks.all().delete()
    record(None, "dispute.forgotten", dispute, at=at)
