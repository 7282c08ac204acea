"""Operators are told once that nothing is drawn, for the guild fund is empty."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.models import SamplingPause
from canut.kernel.money import format_money
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell_each import tell_each
from canut.people.queries import operators


@transaction.atomic
def tell_operators_of_pause(*, pause_id: int, at: datetime) -> int:
    """Tell each operator that draws are paused; return how many were told. A job.

    Nobody is told of a pause that is over already.
    """
    pause = SamplingPause.objects.get(pk=pause_id)
    if pause.ended_at is not None:
        return 0

    def said() -> Sequence[str]:
        return (
            _("Guilds wait for money"),
            _(
                "The guild fund holds %(held)s, and the next review costs %(needed)s. So no work of "
                "guilds is drawn for review until levies bring more. What is full waits and is drawn "
                "then, the oldest first."
            )
            % {
                "held": format_money(pause.fund_minor, "EUR"),
                "needed": format_money(pause.needed_minor, "EUR"),
            },
        )

    key = f"sampling-pause:{pause_id}"
    return tell_each(operators(), NoticeKind.RUNNING, said, path="/guilds/", at=at, key=key)
