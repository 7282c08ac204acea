"""Somebody sets a new password."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import person_for_change
from canut.people.models import Person


@transaction.atomic
def change_password(*, by: Person, password: str, at: datetime) -> Person:
    """Set `by`'s password; reset links sent before stop working, and other sessions end.

    Sessions carry a digest of the password, so those opened with the old one are over by themselves.

    Raises:
        AccountIsClosed: the account is closed.
    """
    person = person_for_change(by)
    person.set_password(password)
    person.save(update_fields=["password"])
    by.password = person.password  # who is signed in on this page stays so
    record(by, "person.password_changed", person, at=at)
    return person
