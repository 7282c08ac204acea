"""Somebody's account is closed: what they read and follow goes. What they said to others stays."""

from django.db import transaction

from canut.discussion.facilitated.models import Naming
from canut.discussion.models import Mention, Reader


@transaction.atomic
def forget_reader(*, person_id: int) -> None:
    """Delete what a person read, follows and was called in, and their leave to be named. Safe to repeat."""
    for rows in (Reader, Mention, Naming):
        rows.objects.filter(person_id=person_id).delete()
