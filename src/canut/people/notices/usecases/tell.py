"""Somebody is told something: on the site, and by mail and in their browsers as they chose."""

from datetime import datetime

from canut.kernel.doing import same_again
from canut.kernel.later import later
from canut.people.models import Person, PushSubscription
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import LONGEST_SUBJECT, LONGEST_TEXT, Notice
from canut.people.notices.queries import ways_wanted
from canut.people.notices.states import WAITING, MailState, PushState


def tell(
    person: Person,
    kind: NoticeKind,
    subject: str,
    *paragraphs: str,
    path: str,
    at: datetime,
    topic: str = "",
    key: str = "",
) -> Notice | None:
    """Tell a person something, in the transaction of what it tells of; None if nobody is there to read it.

    Call it inside `as_read_by(person)`: the words are kept in the reader's language. `path` is the page of
    this site that the notice opens; the mail carries its address, so no paragraph need. Empty paragraphs
    are left out. `topic` is what somebody can choose apart from the rest of the kind, such as "guild:12", or
    several such words. With a `key` a person is told once, however often this is called: the notice that
    was made first is returned. Without one, a job that is done again tells nothing again. Mail and browsers
    are the affair of a job, which asks again what they chose.
    """
    if not person.is_active or person.simulated:
        return None
    ways = ways_wanted(person.pk, kind, topic)
    push = ways.push and PushSubscription.objects.filter(person_id=person.pk).exists()
    given = {
        "kind": kind,
        "topic": topic,
        "subject": _cut(" ".join(subject.split()), LONGEST_SUBJECT),
        "text": _cut("\n\n".join(each.strip() for each in paragraphs if each.strip()), LONGEST_TEXT),
        "path": path,
        "made_at": at,
        "mail": MailState.WANTED if ways.mail else MailState.NOT_WANTED,
        "mail_due_at": at if ways.mail else None,
        "push": PushState.WANTED if push else PushState.NOT_WANTED,
        "push_due_at": at if push else None,
    }
    key = key or same_again(f"notice:{person.pk}")
    if key:
        notice, is_new = Notice.objects.get_or_create(person=person, key=key, defaults=given)
    else:
        notice, is_new = Notice.objects.create(person=person, **given), True
    if is_new and (notice.mail in WAITING or push):
        later("notices.send", person_id=person.pk)
    return notice


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
