"""Mails about work: each in its reader's language and time zone, with the address of what it is about."""

from django.utils.translation import gettext as _

from canut.kernel.later import later
from canut.people.models import Person
from canut.people.notices.words import address, as_read_by, moment

__all__ = ["address", "as_read_by", "mail_to", "moment", "notice_to"]


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
