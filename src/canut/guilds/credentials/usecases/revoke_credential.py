"""A credential is taken back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from canut.guilds.credentials.access import credential_for_revocation
from canut.guilds.credentials.models import IssuedCredential, RevokedFor, ShownBadge
from canut.kernel.events import record
from canut.people.models import Person


@transaction.atomic
def revoke_credential(
    *, credential_id: UUID, reason: RevokedFor, by: Person | None, at: datetime
) -> IssuedCredential:
    """Let a credential count no longer, for good. The public list says so from now on, and not why.

    Holders may take their own back, operators any; None is the software, by a rule. Revoking twice is safe.

    Raises:
        CredentialNotFound: there is none, or it is not `by`'s to take back.
    """
    credential = credential_for_revocation(credential_id, by=by)
    if credential.revoked_at is not None:
        return credential
    take_back(credential, reason=reason, by=by, at=at)
    return credential


@transaction.atomic
def revoke_levels_above(
    *, holder_id: int, guild_id: int, level: int, reason: RevokedFor, at: datetime
) -> int:
    """Take back what a member no longer is: every credential of theirs in a guild above `level`.

    A level of 0 means all of them. For the software, when a level falls, a review is voided or a member
    leaves. Returns how many there were; calling twice is safe.
    """
    rows = IssuedCredential.objects.select_for_update().filter(
        holder_id=holder_id, guild_id=guild_id, level__gt=level, revoked_at__isnull=True
    )
    found = list(rows.order_by("pk"))
    for credential in found:
        take_back(credential, reason=reason, by=None, at=at)
    return len(found)


def take_back(credential: IssuedCredential, *, reason: RevokedFor, by: Person | None, at: datetime) -> None:
    """Mark a locked credential as revoked, and show it no more. For the use cases that may."""
    ShownBadge.objects.filter(credential=credential).delete()
    credential.revoked_at, credential.revoked_for = at, reason
    credential.save(update_fields=["revoked_at", "revoked_for"])
    record(by, "credential.revoked", credential, at=at, reason=reason)
