"""Somebody becomes a worker, a requester, both or neither."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import person_for_change
from canut.people.models import Person


@transaction.atomic
def choose_roles(*, by: Person, worker: bool, requester: bool, at: datetime) -> Person:
    """Set what `by` may do here. Giving up a role stops new work, not what is under way.

    Raises:
        AccountIsClosed: the account is closed.
    """
    person = person_for_change(by)
    if (person.is_worker, person.is_requester) == (worker, requester):
        return person
    person.save_roles(worker=worker, requester=requester)
    record(by, "person.roles_chosen", person, at=at, worker=worker, requester=requester)
    return person
