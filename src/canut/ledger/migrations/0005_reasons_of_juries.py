"""Reasons for which juries move money: what the operator advances, what comes back, and pay for sitting."""

from django.db import migrations, models
from django.db.models import Q

REASONS = (
    "deposit",
    "withdrawal",
    "publication",
    "reward",
    "rework",
    "top_up",
    "session",
    "break",
    "bonus",
    "service_fee",
    "levy",
    "refund",
    "appeal",
    "gift",
    "advance",
    "repayment",
    "jury",
    "correction",
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_payment_refusal_promises")]

    operations = [
        migrations.AlterField(
            "ledgerentry",
            "reason",
            models.CharField(
                choices=[(reason, reason.replace("_", " ").title()) for reason in REASONS], max_length=20
            ),
        ),
        migrations.RemoveConstraint("ledgerentry", "entry_reason_known"),
        migrations.AddConstraint(
            "ledgerentry",
            models.CheckConstraint(name="entry_reason_known", condition=Q(reason__in=REASONS)),
        ),
    ]
