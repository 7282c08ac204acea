"""Members and operators are told once that somebody changed the charter past the members."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from canut.charter.findings import say_finding
from canut.charter.models import Alarm
from canut.membership.models import Membership
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell_each import tell_each

MOST_SAID = 20


@transaction.atomic
def tell_of_log_alarm(*, alarm_id: int, at: datetime) -> int:
    """Tell each member and each operator what differs; return how many were told. A job.

    This cannot be turned off: it comes when the rules were broken by whoever has the database.
    """
    alarm = Alarm.objects.get(pk=alarm_id)
    members = Q(pk__in=Membership.objects.filter(ended_at__isnull=True).values("person_id"))
    people = Person.objects.filter(members | Q(is_operator=True), is_active=True).select_related("party")

    def said() -> Sequence[str]:
        return (
            _("The charter was changed without a decision"),
            _(
                "This site compares its charter with the public log of what the members decided, over "
                "and over. They differ: somebody has changed the database, and no decision says so."
            ),
            "\n".join(say_finding(one) for one in alarm.what[:MOST_SAID]),
            _("The page of the log says more, and how to check it yourself from a copy."),
        )

    key = f"log-alarm:{alarm_id}"
    return tell_each(people.order_by("pk"), NoticeKind.ALARM, said, path="/log/", at=at, key=key)
