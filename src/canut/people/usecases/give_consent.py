"""Somebody agrees to a document."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people import documents
from canut.people.access import person_for_change
from canut.people.models import Consent, Person


class NotTheVersionInForce(Refusal):
    code = "not_the_version_in_force"


@transaction.atomic
def give_consent(*, by: Person, document: str, version: str, at: datetime) -> Consent:
    """Write down that `by` agrees to a version of a document. Agreeing twice is safe.

    Raises:
        NotTheVersionInForce: the words have changed since the page was opened.
    """
    person = person_for_change(by)
    given = Consent.objects.filter(person=person, document=document, version=version).first()
    if given is not None:
        return given
    if documents.IN_FORCE.get(document) != version:
        raise NotTheVersionInForce(_("This document has changed. Read the new version, then agree to it."))
    consent = Consent.objects.create(person=person, document=document, version=version, given_at=at)
    record(by, "consent.given", consent, at=at, document=document, version=version)
    return consent
