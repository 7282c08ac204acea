"""A key is ended for good."""

from datetime import datetime

from django.db import transaction

from canut.kernel.events import record
from canut.people.access import key_for_change
from canut.people.models import ApiKey, Person


@transaction.atomic
def revoke_key(*, key_id: int, by: Person, at: datetime) -> ApiKey:
    """End a key at once and for good. Revoking twice is safe.

    Raises:
        KeyNotFound: there is none, or it is not `by`'s.
    """
    key = key_for_change(key_id, by=by)
    if key.revoked_at is not None:
        return key
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    record(by, "key.revoked", key, at=at)
    return key
