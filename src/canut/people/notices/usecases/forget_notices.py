"""What people were told goes after half a year, and with their account."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from canut.people.models import Person
from canut.people.notices.models import Choice, Letter, Limit, MailTrouble, Notice

KEPT_FOR = timedelta(days=180)
MOST_AT_ONCE = 5_000


@transaction.atomic
def forget_old_notices(*, at: datetime, most: int = MOST_AT_ONCE) -> int:
    """Delete notices older than 180 days, read or not, and their mails; return how many notices went.

    What came back from addresses that are nobody's any more goes too.
    """
    old = Notice.objects.filter(made_at__lt=at - KEPT_FOR).order_by("made_at").values_list("pk", flat=True)
    gone, _each = Notice.objects.filter(pk__in=list(old[:most])).delete()
    letters = Letter.objects.filter(made_at__lt=at - KEPT_FOR, due_at__isnull=True)
    letters.filter(~Exists(Notice.objects.filter(letter=OuterRef("pk")))).delete()
    owned = Person.objects.annotate(lower=Lower("email")).filter(lower=OuterRef("address"))
    MailTrouble.objects.filter(~Exists(owned)).delete()
    return gone


def forget_notices_of(person_id: int) -> None:
    """Delete all that a person was told, chose and had sent, as their account is closed."""
    Notice.objects.filter(person_id=person_id).delete()
    addresses = Letter.objects.filter(person_id=person_id).values_list("address", flat=True)
    MailTrouble.objects.filter(address__in=list(addresses.distinct())).delete()
    for rows in (Letter, Choice, Limit):
        rows.objects.filter(person_id=person_id).delete()
