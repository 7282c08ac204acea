"""How the mails of the site fared, for those who run it. Nobody's name or address is in it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from canut.people.notices.models import Letter, MailTrouble
from canut.people.notices.rules import WEEK
from canut.people.notices.states import Fault


@dataclass(frozen=True, slots=True)
class MailsLately:
    """Mails of the last seven days, and how many addresses are sent none.

    `refused` are those that were not taken for what they or the site are, `codes` what was said then.
    """

    left: int
    came_back: int
    refused: int
    codes: tuple[str, ...]
    addresses_stopped: int


def mails_lately(*, at: datetime) -> MailsLately:
    """Return how the mails of the last seven days fared."""
    rows = Letter.objects.filter(made_at__gt=at - WEEK)
    ours = Q(fault=Fault.OURS)
    counted = rows.aggregate(
        left=Count("pk", filter=Q(sent_at__isnull=False)),
        came_back=Count("pk", filter=~Q(fault="") & ~ours),
        refused=Count("pk", filter=ours),
    )
    codes = rows.filter(ours).order_by("code").values_list("code", flat=True).distinct()[:5]
    stopped = MailTrouble.objects.filter(stopped_at__isnull=False).count()
    return MailsLately(**counted, codes=tuple(codes), addresses_stopped=stopped)
