"""Mails about work: each in its reader's language and time zone, with the address of what it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from canut.kernel.later import later
from canut.people.models import Person


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    """Put sentences, amounts and times inside the block into the person's language and zone."""
    with translation.override(person.locale), timezone.override(ZoneInfo(person.time_zone)):
        yield


def moment(at: datetime) -> str:
    """Return a time as the person reads it, with the zone it is in."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def address(path: str) -> str:
    """Return the full address of one of the site's pages."""
    return f"{settings.SITE_URL}{path}"


def mail_to(person: Person, subject: str, *paragraphs: str) -> bool:
    """Have a mail sent to somebody; False if there is nobody to read it: a closed or simulated account.

    One job a mail, so that a mailbox that refuses one holds up no other and none is sent twice for it.
    """
    if not person.email or not person.is_active or person.simulated:
        return False
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"
    later("people.send_mail", to=person.email, subject=" ".join(subject.split()), text=text)
    return True


def notice_to(person: Person, subject: str, *paragraphs: str, stop: str) -> None:
    """Have a mail sent that somebody can end, by the address `stop`, without signing in.

    It waits for the end of their quiet hours. Whether they want such mails, the caller has asked.
    """
    last = _("No such mails any more: %(address)s") % {"address": stop}
    later(
        "people.send_notice",
        person_id=person.pk,
        subject=" ".join(subject.split()),
        text="\n\n".join([*(one for one in paragraphs if one), last]) + "\n",
        unsubscribe=stop,
    )
