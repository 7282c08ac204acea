"""A juror who has not decided yet is reminded once, before their time ends."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.charter.queries import in_force
from canut.justice.jury.mail_token import mail_token
from canut.justice.jury.models import JuryMails, Seat
from canut.justice.jury.rules import time_to_remind
from canut.justice.jury.states import LIVE, PanelState
from canut.kernel.later import later
from canut.work.usecases.mails import address, as_read_by, moment


def remind_jurors(*, at: datetime) -> int:
    """Remind who has not decided and whose time ends soon, each once; return how many were mailed. A job."""
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
    person = seat.person
    if person.simulated or JuryMails.objects.filter(person=person, wanted=False).exists():
        return False
    stop = address(f"/justice/seats/mails/{mail_token(person.pk)}/")
    with as_read_by(person):
        paragraphs = [
            _("You were drawn by lot to decide on an appeal, and you have not said yet how you decide."),
            _("You have until %(time)s. After that others are drawn.")
            % {"time": moment(seat.panel.decide_by)},
            _("Decide, or give the seat to the next, on this page: %(address)s")
            % {"address": address(f"/justice/seats/{seat.pk}/")},
            _("No such mails any more: %(address)s") % {"address": stop},
        ]
        later(
            "people.send_notice",
            person_id=person.pk,
            subject=_("An appeal waits for you to decide"),
            text="\n\n".join(paragraphs) + "\n",
            unsubscribe=stop,
        )
    return True
