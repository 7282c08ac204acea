"""Answering a repeated request as the first time, whatever it was for.

A request that carries a key is noted before it is done. Its repeat with the same content gets the
stored answer; the same key with other content is refused, as is a repeat while the first still runs.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from canut.kernel.models import IdempotentReply
from canut.kernel.refusals import Refusal

KEPT_FOR = timedelta(days=7)
"""How long a key is remembered."""


class KeyUsedForAnotherRequest(Refusal):
    code = "idempotency_key_reused"
    status = 422


@transaction.atomic
def once(
    *, party_id: int, key: str, request_hash: str, at: datetime, do: Callable[[], tuple[int, dict[str, Any]]]
) -> tuple[int, dict[str, Any], bool]:
    """Return `do()`'s status and body, and whether this is a repeat that did nothing.

    The note and what `do` changes are one transaction: if `do` raises, neither is kept and the key
    may be tried again. A concurrent repeat waits for the first and then gets its answer.

    Raises:
        KeyUsedForAnotherRequest: the key came before with other content.
        BadInput: the key is longer than 80 characters (checked by the door).
    """
    fresh = IdempotentReply(party_id=party_id, key=key, request_hash=request_hash, recorded_at=at)
    IdempotentReply.objects.bulk_create([fresh], ignore_conflicts=True)
    row = IdempotentReply.objects.select_for_update().get(party_id=party_id, key=key)
    if row.request_hash != request_hash:
        raise KeyUsedForAnotherRequest(
            _("This idempotency key was used for a different request. Use a new key for a new request.")
        )
    if row.status is not None and row.body is not None:
        return row.status, row.body, True
    status, body = do()
    row.status, row.body = status, body
    row.save(update_fields=["status", "body"])
    return status, body, False


def forget_old_keys(*, at: datetime) -> int:
    """Delete answers older than a week and return how many they were; run nightly."""
    deleted, _by_model = IdempotentReply.objects.filter(recorded_at__lt=at - KEPT_FOR).delete()
    return deleted


def forget_replies_of(party_id: int) -> None:
    """Delete what was answered to a party's requests, as their account is closed."""
    IdempotentReply.objects.filter(party_id=party_id).delete()
