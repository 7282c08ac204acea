"""Another key takes the place of the one by which the site signs credentials."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from canut.guilds.credentials import issuers, site
from canut.guilds.credentials.models import IssuerKey
from canut.kernel.events import record
from canut.kernel.sealing import seal
from canut.people.access import as_operator
from canut.people.models import Person


@transaction.atomic
def rotate_issuer_key(*, by: Person | None, at: datetime) -> IssuerKey:
    """Make a key and put it to use; `by` is an operator, or None for whoever holds the machine.

    The one before it is published for good, for what it signed stays true, and its private half is
    destroyed. Badges that are fetched from now on are signed with the new one. Not safe to repeat:
    each call makes a key.

    Raises:
        SiteHasNoDid: the site has no address that keys could be looked up at.
        OperatorRoleMissing: `by` does not run this site.
    """
    if by is not None:
        as_operator(by)
    site.signer()
    if not lock_keys():
        return ensure_issuer_key(by=by, at=at)
    before = IssuerKey.objects.select_for_update().get(retired_at__isnull=True)
    before.retired_at, before.sealed_private = at, None
    before.save(update_fields=["retired_at", "sealed_private"])
    made = _fresh(at=at)
    made.save(force_insert=True)
    record(by, "issuer_key.rotated", made, at=at, before=before.pk)
    return made


def lock_keys() -> bool:
    """Let one at a time change the site's keys, by a lock on the oldest; return whether there is any."""
    return IssuerKey.objects.select_for_update().order_by("pk").first() is not None


def ensure_issuer_key(*, by: Person | None, at: datetime) -> IssuerKey:
    """Return the key in use, which is made if there never was one. For the use cases that will want it.

    Of several who make the first at once, one does, and all get that one.
    """
    if not IssuerKey.objects.exists():
        fresh = _fresh(at=at)
        IssuerKey.objects.bulk_create([fresh], ignore_conflicts=True)  # of two at once, one is the first
        made = IssuerKey.objects.filter(public_multibase=fresh.public_multibase).first()
        if made is not None:
            record(by, "issuer_key.rotated", made, at=at, before=None)
    return IssuerKey.objects.get(retired_at__isnull=True)


def _fresh(*, at: datetime) -> IssuerKey:
    private = Ed25519PrivateKey.generate()
    return IssuerKey(
        public_multibase=issuers.multibase(private.public_key()),
        sealed_private=seal(private.private_bytes_raw(), purpose=site.PURPOSE),
        created_at=at,
    )
