"""Somebody is trusted with running the site."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import ensure_member, person_as_operator_sees
from canut.people.models import Person


@transaction.atomic
def appoint_operator(*, person_id: int, by: Person | None, at: datetime) -> Person:
    """Make a person an operator. `by` is an operator, or None for whoever holds the machine.

    Raises:
        OperatorRoleMissing: `by` is none.
        PersonNotFound: there is no such person.
        NotActivated, AccountIsClosed, TermsNotAccepted: the person is not ready for it.
    """
    person = person_as_operator_sees(person_id, by=by)
    if person.is_operator:
        return person
    ensure_member(person)
    person.is_operator = True
    person.save(update_fields=["is_operator"])
    record(by, "person.appointed_operator", person, at=at)
    return person
