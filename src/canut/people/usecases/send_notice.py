"""A notice leaves, by mail or to a browser, and never in somebody's quiet hours. Called by jobs."""

import logging
from datetime import datetime, timedelta

from canut.kernel.later import later_in
from canut.kernel.outside import AddressIsInternal
from canut.people import push
from canut.people.models import Person, PushSubscription
from canut.people.queries_notices import quiet_hours_of, quiet_until
from canut.people.usecases.send_mail import send_mail

KEPT_FOR = timedelta(hours=12)
"""How long the push service keeps a message for a browser that is not running."""

log = logging.getLogger(__name__)


def send_notice(*, person_id: int, subject: str, text: str, unsubscribe: str, at: datetime) -> bool:
    """Send a mail that somebody asked to be told by; False if it was not sent now.

    In their quiet hours it waits until these end. Who has closed the account meanwhile is told nothing.
    `unsubscribe` is the address that ends such mails with one click (RFC 8058).
    """
    person = Person.objects.filter(pk=person_id, is_active=True, email__isnull=False).first()
    if person is None or not person.email:
        return False
    until = quiet_until(person, at=at)
    if until is not None:
        given = {"person_id": person_id, "subject": subject, "text": text, "unsubscribe": unsubscribe}
        later_in(_seconds(until - at), "people.send_notice", **given)
        return False
    return send_mail(to=person.email, subject=subject, text=text, at=at, unsubscribe=unsubscribe)


def push_notice(
    *, browser_id: int, title: str, body: str, path: str, good_until: datetime, at: datetime
) -> bool:
    """Show a message in one browser that opens `path` of this site; False if it was not sent now.

    In quiet hours it waits until these end, and the push service keeps none for longer than until they
    begin. After `good_until` it is not sent at all. A browser that is there no more is forgotten.

    Raises:
        NotReached: the job tries again. NotTaken: it does too, and stays visible as failed.
    """
    row = PushSubscription.objects.filter(pk=browser_id, person__is_active=True).first()
    if row is None or at >= good_until:
        return False
    hours = quiet_hours_of(row.person)
    until = hours.until(at) if hours else None
    if until is not None:
        given = {"browser_id": browser_id, "title": title, "body": body, "path": path}
        later_in(
            _seconds(until - at), "people.push_notice", **given, good_until=(until + KEPT_FOR).isoformat()
        )
        return False
    kept_until = min(good_until, hours.begin(at)) if hours else good_until
    browser = push.Browser(row.endpoint, row.public_key, row.shared_key, row.site_key)
    try:
        is_there = push.push(
            browser, {"title": title, "body": body, "path": path}, ttl_seconds=_seconds(kept_until - at)
        )
    except AddressIsInternal as where:
        log.warning("push subscription %s leads into our own network (%s) and was removed", row.pk, where)
        is_there = False
    if not is_there:
        PushSubscription.objects.filter(pk=browser_id, endpoint=row.endpoint).delete()
    return is_there


def _seconds(span: timedelta) -> int:
    return max(1, round(span.total_seconds()))
