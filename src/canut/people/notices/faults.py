"""Handing a mail to the site's mail server, and what it says of it."""

import logging
import smtplib
from dataclasses import dataclass

from django.core.mail import EmailMessage

from canut.people.notices.rules import with_domain_as_sent
from canut.people.notices.rules_faults import enhanced_code, fault_of
from canut.people.notices.states import Fault

log = logging.getLogger(__name__)


class Unsent(Exception):
    """The mail server could not be reached or took nothing from this site: nobody's mailbox is at fault."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A mail server did not take a mail for this recipient. `code` is the enhanced one if it gave one."""

    fault: Fault
    code: str
    is_temporary: bool


def deliver(message: EmailMessage) -> Refused | None:
    """Send a mail; None if it was taken.

    Raises:
        Unsent: see there.
    """
    message.to = [with_domain_as_sent(one) for one in message.to]
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        reply, said = next(iter(refused.recipients.values()))
        return _refused(reply, said)
    except smtplib.SMTPDataError as refused:
        return _refused(refused.smtp_code, refused.smtp_error, has_mailbox=True)
    except (OSError, smtplib.SMTPException) as error:
        raise Unsent(f"no mail leaves: {error!r}") from error
    return None


def _refused(reply: int, said: bytes | str, *, has_mailbox: bool = False) -> Refused:
    """Return what a refusal means. With `has_mailbox` the server took the recipient, and then not the mail.

    What it says without a word about the mailbox is about the mail then, which is ours.
    """
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    code = enhanced_code(words)
    fault = fault_of(reply=reply, code=code)
    if has_mailbox and fault == Fault.HARD and code in ("", "5.0.0"):
        fault = Fault.OURS
    if fault == Fault.OURS:
        log.warning("a mail of this site was refused for what it is, not for whom: %s %s", reply, words[:200])
    return Refused(fault=fault, code=code or str(reply), is_temporary=400 <= reply < 500)
