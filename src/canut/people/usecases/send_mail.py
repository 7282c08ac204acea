"""A mail leaves to an address that is nobody's account, or not yet shown to be. Called by a job."""

import logging
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage

from canut.people.models import Party
from canut.people.notices.faults import Unsent, deliver

log = logging.getLogger(__name__)


def send_mail(*, to: str, subject: str, text: str, at: datetime) -> bool:
    """Send one plain mail; return False where nobody would read it, or no server takes it for this address.

    Simulated people have no mailbox, so nothing is sent to their addresses. Sending twice after a
    crash in between is possible and harmless: mails tell, they decide nothing.

    Raises:
        Unsent: the mail server took nothing, or not now; the job tries again.
    """
    if Party.objects.filter(person__email=to, simulated=True).exists():
        return False
    message = EmailMessage(subject=subject, body=text, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.extra_headers["Date"] = format_datetime(at)
    refused = deliver(message)
    if refused is None:
        return True
    if refused.is_temporary:
        raise Unsent(f"a mail was not taken now: {refused.code}")
    log.warning("a mail of the site was refused for its recipient: %s", refused.code)
    return False
