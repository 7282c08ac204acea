"""A key of the site may have been in other hands."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.guilds.credentials.models import IssuerKey
from canut.guilds.credentials.usecases.rotate_issuer_key import lock_keys, rotate_issuer_key
from canut.kernel.events import record
from canut.kernel.refusals import NotFound
from canut.people.access import as_operator
from canut.people.models import Person


class IssuerKeyNotFound(NotFound):
    code = "issuer_key_not_found"


@transaction.atomic
def withdraw_issuer_key(*, public_multibase: str, by: Person | None, at: datetime) -> IssuerKey:
    """Let nothing that this key signed count any longer, whenever it was signed. There is no way back.

    If it is the key in use, another takes its place at once. What was issued stays issued: its
    holders fetch it anew, signed with the key in use. Withdrawing twice is safe.

    Raises:
        IssuerKeyNotFound: the site never had this key.
        OperatorRoleMissing: `by` does not run this site.
    """
    if by is not None:
        as_operator(by)
    lock_keys()
    key = IssuerKey.objects.select_for_update().filter(public_multibase=public_multibase).first()
    if key is None:
        raise IssuerKeyNotFound(_("This site has never had this key. `canut issuer` lists those it has."))
    if key.withdrawn_at is not None:
        return key
    if key.retired_at is None:
        rotate_issuer_key(by=by, at=at)
        key.refresh_from_db()
    key.withdrawn_at = at
    key.save(update_fields=["withdrawn_at"])
    record(by, "issuer_key.withdrawn", key, at=at)
    return key
