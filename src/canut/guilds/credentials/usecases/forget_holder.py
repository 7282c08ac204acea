"""Somebody's account is closed. Their badges are theirs and stay good; that they were theirs is forgotten."""

from django.db import transaction

from canut.guilds.credentials.models import IssuedCredential, ShownBadge, SubjectKey


@transaction.atomic
def forget_holder(*, party_id: int) -> None:
    """Cut every tie between a party and the keys and credentials of this room. Safe to repeat.

    What remains is a place on a public list, and a statement that names a key and no person.
    """
    ShownBadge.objects.filter(holder_id=party_id).delete()
    IssuedCredential.objects.filter(holder_id=party_id).update(holder=None)
    SubjectKey.objects.filter(party_id=party_id).delete()
