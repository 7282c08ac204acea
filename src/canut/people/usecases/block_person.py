"""A requester wants somebody away from their projects."""

from datetime import datetime

from django.db import transaction

from canut.people.models import Listing, ListKind, Person
from canut.people.usecases.put_on_list import put_on_list


@transaction.atomic
def block_person(*, person_id: int, by: Person, at: datetime, reason: str = "", told: str = "") -> Listing:
    """Keep a person away from `by`'s projects from now on; work they hold they may still hand in.

    `reason` is a note that only `by` sees; `told` is what the person reads about it. Blocking
    somebody who is allowed moves them; blocking twice is safe and replaces both texts.

    Raises:
        RequesterRoleMissing: `by` is none. NotOneself: `by` is the person.
        PersonNotFound: there is no such person.
    """
    return put_on_list(person_id, kind=ListKind.BLOCK, by=by, reason=reason, told=told, at=at)
