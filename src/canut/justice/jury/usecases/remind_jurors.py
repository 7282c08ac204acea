"""A juror who has not decided yet is reminded once, before their time ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.jury.models import Seat
from canut.justice.jury.rules import time_to_remind
from canut.justice.jury.states import LIVE, PanelState
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by, moment


def remind_jurors(*, at: datetime) -> int:
    """Remind who has not decided and whose time ends soon, each once; return how many were told. A job."""
    days = in_force("jury.remind_days", at=at)
    waiting = Seat.objects.filter(
        state__in=LIVE, reminded_at__isnull=True, panel__state=PanelState.OPEN, panel__decide_by__gt=at
    )
    due = [
        seat.pk
        for seat in waiting.select_related("panel").order_by("pk")
        if at >= time_to_remind(offered_at=seat.offered_at, decide_by=seat.panel.decide_by, remind_days=days)
    ]
    return sum(_remind(seat_id, at=at) for seat_id in due)


@transaction.atomic
def _remind(seat_id: int, *, at: datetime) -> bool:
    rows = Seat.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    seat = rows.select_related("panel", "person").filter(pk=seat_id, reminded_at__isnull=True).first()
    if seat is None or seat.state not in LIVE:
        return False
    seat.reminded_at = at
    seat.save(update_fields=["reminded_at"])
    with as_read_by(seat.person):
        told = tell(
            seat.person,
            NoticeKind.JURY_TIME,
            _("An appeal waits for you to decide"),
            _("You were drawn by lot to decide on an appeal, and you have not said yet how you decide."),
            _("You have until %(time)s. After that others are drawn.")
            % {"time": moment(seat.panel.decide_by)},
            _("Decide, or give the seat to the next, on the page of the seat."),
            path=f"/justice/seats/{seat.pk}/",
            at=at,
            key=f"seat-reminder:{seat_id}",
        )
    return told is not None
