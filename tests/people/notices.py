"""What tests of notices say again and again: somebody told something, quiet hours, what left."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core import mail
from tests.builders import NOON

from canut.people.models import Person, QuietHours
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.models import Notice
from canut.people.notices.usecases.tell import tell


def told(person: Person, subject: str = "A decision", *paragraphs: str, **details: Any) -> Notice:
    given: dict[str, Any] = {"kind": NoticeKind.DECISION, "path": "/work/", "at": NOON, **details}
    notice = tell(person, given.pop("kind"), subject, *paragraphs, **given)
    assert notice is not None
    return notice


def quiet(person: Person, starts: str = "22:00", ends: str = "07:00") -> None:
    QuietHours.objects.update_or_create(
        person=person, defaults={"starts": time.fromisoformat(starts), "ends": time.fromisoformat(ends)}
    )


def subjects() -> list[str]:
    """Return the subjects of what left, in its order."""
    return [str(message.subject) for message in mail.outbox]


def links(body: str) -> list[str]:
    return [word for word in body.split() if word.startswith("http")]


def at_hour(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return NOON.replace(hour=hour, minute=minute) + timedelta(days=day)
