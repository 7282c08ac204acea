"""Somebody chooses whether mails tell them of messages in their disputes, and remind them of times."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.justice.mediation.mail_token import person_of
from canut.justice.mediation.models import MailsOff
from canut.justice.mediation.refusals import DisputeMailLinkNotUsable
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def choose_dispute_mails(*, by: Person, wanted: bool, at: datetime) -> bool:
    """Send `by` such mails from now on, or none; return whether they get them.

    A step that changes what they may do, such as a complaint against them, is told in any case.
    """
    if wanted:
        changed = MailsOff.objects.filter(person=by).delete()[0] > 0
    else:
        _row, changed = MailsOff.objects.get_or_create(person=by, defaults={"since": at})
    if changed:
        record(by, "dispute.mails_chosen", by, at=at, wanted=wanted)
    return wanted


def stop_dispute_mails(*, token: str, at: datetime) -> None:
    """Send no more such mails to the person whom a mail's token names, who need not be signed in.

    Raises:
        DisputeMailLinkNotUsable: this site did not make the token.
    """
    choose_dispute_mails(by=who_stops(token), wanted=False, at=at)


def who_stops(token: str) -> Person:
    """Return whose mails a token ends.

    Raises:
        DisputeMailLinkNotUsable: this site did not make the token.
    """
    number = person_of(token)
    found = None if number is None else Person.objects.filter(pk=number).first()
    if found is None:
        raise DisputeMailLinkNotUsable(
            _("This link is not whole. Copy all of it from the mail, or choose on the page of your disputes.")
        )
    return found


def wants_mails(person_id: int) -> bool:
    return not MailsOff.objects.filter(person_id=person_id).exists()
