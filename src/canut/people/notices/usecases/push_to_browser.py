"""One browser shows a notice: its subject, its first line, and the page that it opens. Called by a job."""

import logging
from datetime import datetime

from canut.kernel.later import later_in
from canut.kernel.outside import AddressIsInternal
from canut.people import push
from canut.people.models import PushSubscription
from canut.people.notices.kinds import SECURITY
from canut.people.notices.models import Notice
from canut.people.notices.rules import PUSH_GOOD_FOR
from canut.people.queries_notices import quiet_hours_of

LONGEST_BODY = 300

log = logging.getLogger(__name__)


def push_to_browser(*, notice_id: int, browser_id: int, at: datetime) -> bool:
    """Show a notice in a browser; False if it was not sent now.

    One tried again waits for the end of quiet hours, and the push service keeps none for longer than until
    they begin. Twelve hours after the notice was made it is not sent at all. A browser that is there no
    more is forgotten.

    Raises:
        NotReached: the job tries again. NotTaken: it does too, and stays visible as failed.
    """
    notice = Notice.objects.filter(pk=notice_id).first()
    row = PushSubscription.objects.select_related("person").filter(pk=browser_id).first()
    if notice is None or row is None or row.person_id != notice.person_id or not row.person.is_active:
        return False
    good_until = notice.made_at + PUSH_GOOD_FOR
    hours = None if notice.kind in SECURITY else quiet_hours_of(row.person)
    until = hours.until(at) if hours else None
    if at >= good_until or (until is not None and until >= good_until):
        return False
    if until is not None:
        seconds = max(1, round((until - at).total_seconds()))
        later_in(seconds, "notices.push", notice_id=notice_id, browser_id=browser_id)
        return False
    kept_until = min(good_until, hours.begin(at)) if hours else good_until
    first_line = notice.text.partition("\n")[0]
    body = first_line if len(first_line) <= LONGEST_BODY else f"{first_line[: LONGEST_BODY - 1]}…"
    # What was said of the same page before gives way to it; a click goes by the notice, which is read then
    opens = f"/notices/{notice.pk}/"
    said = {"title": notice.subject, "body": body, "path": notice.path, "opens": opens}
    browser = push.Browser(row.endpoint, row.public_key, row.shared_key, row.site_key)
    try:
        is_there = push.push(browser, said, ttl_seconds=max(1, round((kept_until - at).total_seconds())))
    except AddressIsInternal as where:
        log.warning("push subscription %s leads into our own network (%s) and was removed", row.pk, where)
        is_there = False
    if not is_there:
        PushSubscription.objects.filter(pk=browser_id, endpoint=row.endpoint).delete()
    return is_there
