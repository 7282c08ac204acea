"""A mail leaves. Called by a job, after the commit of what it tells about."""

from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMessage

from canut.people.models import Party


def send_mail(*, to: str, subject: str, text: str, at: datetime, unsubscribe: str = "") -> bool:
    """Send one plain mail; return False where nobody would read it.

    Simulated people have no mailbox, so nothing is sent to their addresses. Sending twice after a
    crash in between is possible and harmless: mails tell, they decide nothing. `unsubscribe` is an address
    that ends such mails by a POST without signing in; mail programs show a button for it (RFC 8058).
    """
    if Party.objects.filter(person__email=to, simulated=True).exists():
        return False
    message = EmailMessage(subject=subject, body=text, from_email=settings.DEFAULT_FROM_EMAIL, to=[to])
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.extra_headers["Date"] = format_datetime(at)
    if unsubscribe:
        message.extra_headers["List-Unsubscribe"] = f"<{unsubscribe}>"
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.send()
    return True
