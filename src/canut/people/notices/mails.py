"""A mail as it leaves: the words of its notices, where they lead, and how such mails end."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from canut.people.notices.kinds import SECURITY, NoticeKind
from canut.people.notices.models import Letter, Notice
from canut.people.notices.tags import message_id, return_address
from canut.people.notices.token import Stop, stop_token
from canut.people.notices.words import address, as_read_by

MOST_IN_FULL = 20
MOST_NAMED = 200
_BETWEEN = "\n\n" + "-" * 40 + "\n\n"


def mail_of(letter: Letter, notices: Sequence[Notice], *, at: datetime) -> EmailMessage:
    """Return the mail that a letter is, in its reader's language.

    Several notices stand in it one after another; beyond 20 by their subjects alone. What can be turned off
    carries how: in its last line, and for the button of mail programs (RFC 8058).
    """
    with as_read_by(letter.person):
        subject, text = _one(notices[0]) if len(notices) == 1 else _several(notices)
        stop = _stop_address(letter, notices)
        if stop:
            text += "\n\n" + _("No such mails any more: %(address)s") % {"address": stop}
            choices = address("/notices/choices/")
            text += "\n" + _("Choose what you are told of, and how: %(address)s") % {"address": choices}
    message = EmailMessage(
        subject=subject,
        body=text + "\n",
        from_email=return_address(letter.pk) or settings.DEFAULT_FROM_EMAIL,  # the envelope's
        to=[letter.address],
    )
    message.extra_headers["From"] = settings.DEFAULT_FROM_EMAIL
    message.extra_headers["Message-ID"] = message_id(letter.pk)
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.extra_headers["Date"] = format_datetime(at)
    if stop:
        message.extra_headers["List-Unsubscribe"] = f"<{stop}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _one(notice: Notice) -> tuple[str, str]:
    return notice.subject, _with_address(notice)


def _several(notices: Sequence[Notice]) -> tuple[str, str]:
    count = len(notices)
    subject = ngettext("%(count)s piece of news", "%(count)s pieces of news", count) % {"count": count}
    first = _("These came while nothing was sent to you, in quiet hours or because the week had its mails.")
    parts = [first, *(f"{each.subject}\n\n{_with_address(each)}" for each in notices[:MOST_IN_FULL])]
    named = notices[MOST_IN_FULL:MOST_NAMED]
    if named:
        parts.append("\n".join(f"{each.subject}\n{address(each.path)}" for each in named))
    if count > MOST_NAMED:
        parts.append(_("The rest stand on the site: %(address)s") % {"address": address("/notices/")})
    return subject, _BETWEEN.join(parts)


def _with_address(notice: Notice) -> str:
    """Return a notice's text with the address of its page, unless the text has it already."""
    where = address(notice.path)
    return notice.text if where in notice.text.split() else f"{notice.text}\n\n{where}".strip()


def _stop_address(letter: Letter, notices: Sequence[Notice]) -> str:
    """Return the address that ends such mails: those about a topic, of a kind, or all; "" if nothing does."""
    if letter.is_security:
        return ""
    kinds = {NoticeKind(each.kind) for each in notices} - set(SECURITY)
    topics = {each.topic for each in notices}
    kind = kinds.pop() if len(kinds) == 1 else None
    topic = topics.pop() if kind and len(topics) == 1 else ""
    stop = Stop(letter.person_id, kind, "" if " " in topic else topic)
    return address(f"/notices/stop/{stop_token(stop)}/")
