"""Somebody says how the site should speak to them."""

from django.db import transaction

from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.shapes import ensure_shape


@transaction.atomic
def change_preferences(*, by: Person, time_zone: str, locale: str) -> Person:
    """Change the zone and the language pages and mails use. It concerns nobody else: no event.

    Raises:
        BadInput: a field has the wrong shape; `facts["errors"]` names each.
    """
    person = person_for_change(by)
    ensure_shape(time_zone=time_zone, locale=locale)
    person.time_zone = time_zone
    person.locale = locale
    person.save(update_fields=["time_zone", "locale"])
    return person
