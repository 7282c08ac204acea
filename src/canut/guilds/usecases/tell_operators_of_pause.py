"""Operators are told once that nothing is drawn, for the guild fund is empty."""

from django.db import transaction
from django.utils.translation import gettext as _

from canut.guilds.models import SamplingPause
from canut.kernel.money import format_money
from canut.people.models import Person
from canut.work.usecases.mails import address, as_read_by, mail_to


@transaction.atomic
def tell_operators_of_pause(*, pause_id: int) -> int:
    """Mail each operator that draws are paused; return how many were told. A job.

    Nobody is told of a pause that is over already.
    """
    pause = SamplingPause.objects.get(pk=pause_id)
    if pause.ended_at is not None:
        return 0
    told = 0
    operators = Person.objects.filter(is_operator=True, is_active=True).select_related("party")
    for operator in operators.order_by("pk"):
        with as_read_by(operator):
            told += mail_to(
                operator,
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
                address("/guilds/"),
            )
    return told
