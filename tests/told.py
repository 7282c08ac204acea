"""What people were told, as it stands among their notices."""

from typing import Any

from canut.people.models import Person
from canut.people.notices.models import Notice
from canut.people.notices.states import MailState


def told(person: Person | None = None, **wanted: Any) -> list[Notice]:
    """Return what somebody was told, or everybody, oldest first."""
    if person is not None:
        wanted["person"] = person
    return list(Notice.objects.filter(**wanted).order_by("pk"))


def mailed(person: Person | None = None, **wanted: Any) -> list[Notice]:
    """Return what goes, or went, by mail as well."""
    return told(person, **wanted, mail__in=[MailState.WANTED, MailState.HELD, MailState.SENT])
