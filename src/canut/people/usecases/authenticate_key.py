"""A program shows its key."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from canut.kernel.refusals import NotAllowed, Refusal
from canut.people import rules
from canut.people.access import ensure_may
from canut.people.models import ApiKey, Bar, Party


class KeyNotUsable(Refusal):
    """The same answer for a key that never was, one that ended and one that was revoked."""

    code = "key_not_usable"
    status = 401


class ScopeMissing(NotAllowed):
    code = "scope_missing"


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who acts with a key, and what it may be used for."""

    party: Party
    scopes: frozenset[str]
    key_id: int

    def ensure_scope(self, scope: str) -> None:
        """Raise ScopeMissing unless the key may be used for `scope`."""
        if scope not in self.scopes:
            raise ScopeMissing(
                _("This key may not be used for that. Create one with the scope %(scope)s.")
                % {"scope": scope},
                scope=scope,
            )


def authenticate_key(*, token: str, at: datetime) -> KeyHolder:
    """Return who holds the key that `token` opens. `party.person` is there without another query.

    Raises:
        KeyNotUsable: no key in use has this token. AccountSuspended: its holder may not sign in now.
    """
    key = (
        ApiKey.objects.select_related("owner__person")
        .filter(hash=rules.token_hash(token), revoked_at__isnull=True, owner__closed_at__isnull=True)
        .filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))
        .first()
    )
    if key is None:
        raise KeyNotUsable(
            _("This key cannot be used: it is unknown, ended or revoked. Create one on your account page.")
        )
    if hasattr(key.owner, "person"):
        ensure_may(key.owner.person, Bar.SIGN_IN)
    return KeyHolder(party=key.owner, scopes=frozenset(key.scopes), key_id=key.pk)
