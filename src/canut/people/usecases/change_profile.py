"""Somebody corrects what they said about themselves."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import person_for_change
from canut.people.models import Person
from canut.people.shapes import ensure_shape


@transaction.atomic
def change_profile(
    *,
    by: Person,
    country: str,
    working_status: str,
    languages: Sequence[str],
    legal_given_name: str,
    legal_family_name: str,
    at: datetime,
) -> Person:
    """Change country, working status, languages and legal name; all at once, as the page shows them.

    Work taken before keeps the terms it was taken under. The legal name may be empty and is never
    shown to the other side.

    Raises:
        BadInput: a field has the wrong shape; `facts["errors"]` names each.
    """
    person = person_for_change(by)
    ensure_shape(country=country, working_status=working_status, languages=languages)
    new = {
        "country": country,
        "working_status": working_status,
        "languages": list(languages),
        "legal_given_name": legal_given_name.strip(),
        "legal_family_name": legal_family_name.strip(),
    }
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    if not changed:
        return person
    for field in changed:
        setattr(person, field, new[field])
    person.save(update_fields=changed)
    record(by, "person.profile_changed", person, at=at, fields=changed)
    return person
