"""What this room knows of somebody, for their own export."""

from django.db.models import Q

from canut.kernel.plain_rows import Told, plain_rows
from canut.ledger.models import Account, LedgerEntry, PaymentRefusal


def data_of(party_id: int) -> Told:
    """Return somebody's accounts, every entry of them, and what was refused to be paid out."""
    accounts = list(Account.objects.filter(party_id=party_id).values_list("pk", flat=True))
    return {
        "accounts": plain_rows(
            Account.objects.filter(party_id=party_id), "id", "kind", "currency", "total_minor"
        ),
        "entries": plain_rows(
            LedgerEntry.objects.filter(Q(debit__in=accounts) | Q(credit__in=accounts)),
            "debit__kind",
            "credit__kind",
            "amount_minor",
            "currency",
            "reason",
            "subject_kind",
            "subject_id",
            "note",
            "recorded_at",
        ),
        "payments_refused": plain_rows(
            PaymentRefusal.objects.filter(party_id=party_id),
            "currency",
            "amount_minor",
            "since",
            "lapses_at",
            "lifted_at",
        ),
    }
