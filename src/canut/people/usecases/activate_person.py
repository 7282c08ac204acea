"""Somebody has shown that the e-mail address is theirs."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.people.access import AccountIsClosed, PersonNotFound
from canut.people.models import Person


@transaction.atomic
def activate_person(*, person_id: int, at: datetime) -> Person:
    """Let a person sign in from now on.

    Who calls this has seen proof: the link in our mail was followed. Activating twice is safe.

    Raises:
        PersonNotFound: there is none.
        AccountIsClosed: it is too late.
    """
    person = (
        Person.objects.select_for_update(of=("self",)).select_related("party").filter(pk=person_id).first()
    )
    if person is None:
        raise PersonNotFound(_("There is no such account."))
    if not person.is_active:
        raise AccountIsClosed(_("This account is closed. Nothing can be done with it any more."))
    EmailAddress.objects.filter(user=person, email=person.email, verified=False).update(verified=True)
    if person.activated_at is not None:
        return person
    person.activated_at = at
    person.save(update_fields=["activated_at"])
    record(person, "person.activated", person, at=at)
    return person
