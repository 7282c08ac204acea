"""A requester knows somebody and wants them."""

from datetime import datetime

from django.db import transaction

from canut.people.models import Listing, ListKind, Person
from canut.people.usecases.put_on_list import put_on_list


@transaction.atomic
def allow_person(*, person_id: int, by: Person, at: datetime, reason: str = "") -> Listing:
    """Put a person on `by`'s list of people they know and want. Otherwise as `block_person`."""
    return put_on_list(person_id, kind=ListKind.ALLOW, by=by, reason=reason, at=at)
