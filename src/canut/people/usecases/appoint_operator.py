"""Somebody is trusted with running the site."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from canut.kernel.events import record
from canut.people.access import ensure_member, person_as_operator_sees
from canut.people.models import Person
from canut.people.notices.kinds import NoticeKind
from canut.people.notices.usecases.tell import tell
from canut.people.notices.words import as_read_by


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
    with as_read_by(person):
        tell(
            person,
            NoticeKind.ACCOUNT,
            _("You are one of those who run this site now"),
            _("Your account may do what only they may. Keep it safe: turn on sign-in in two steps."),
            path="/account/",
            at=at,
        )
    return person
