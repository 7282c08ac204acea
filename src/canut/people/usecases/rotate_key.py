"""A key is replaced, as one does now and then or after it was seen."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.events import record
from canut.kernel.refusals import Refusal
from canut.people.access import ensure_member, key_for_change
from canut.people.models import Person
from canut.people.usecases.create_key import IssuedKey, issue_key


class KeyHasEnded(Refusal):
    code = "key_has_ended"


@transaction.atomic
def rotate_key(*, key_id: int, by: Person, at: datetime) -> IssuedKey:
    """Put a new key in the place of one, with the same name, scopes and end. The old one stops at once.

    Not safe to repeat by itself: the token is known once. A second call on the same key is refused.

    Raises:
        KeyNotFound: there is none, or it is not `by`'s.
        KeyHasEnded: it has ended already.
    """
    ensure_member(by)
    old = key_for_change(key_id, by=by)
    if old.revoked_at is not None or (old.expires_at is not None and old.expires_at <= at):
        raise KeyHasEnded(_("This key has ended, so it cannot be renewed. Create a new one."))
    issued = issue_key(by=by, name=old.name, scopes=old.scopes, at=at, expires_at=old.expires_at)
    old.revoked_at = at
    old.replaced_by = issued.key
    old.save(update_fields=["revoked_at", "replaced_by"])
    record(by, "key.rotated", old, at=at, replaced_by=issued.key.pk)
    return issued
