"""The recount of the books, and writing down what it finds."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from canut.kernel.events import record_each
from canut.ledger.models import Account
from canut.ledger.queries import Disagreement, verify


@transaction.atomic
def verify_books(*, at: datetime) -> Sequence[Disagreement]:
    """Recount every account, record each disagreement as an event, and return them: none on a sound site."""
    found = verify()
    record_each(
        None,
        "ledger.disagreed",
        [
            (
                Account(pk=one.account_id or 0),  # 0: a whole currency, no one account
                {"what": one.what, "kept_minor": one.kept_minor, "counted_minor": one.counted_minor},
            )
            for one in found
        ],
        at=at,
    )
    return found
