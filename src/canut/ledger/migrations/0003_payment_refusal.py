import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0002_promises"),
        ("people", "0003_decide_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentRefusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sanction_id", models.BigIntegerField(unique=True)),
                ("currency", models.CharField(max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField(null=True)),
                ("since", models.DateTimeField()),
                ("lapses_at", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payment_refusals",
                        to="people.party",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=["party", "currency"],
                        name="payment_refusal_not_lifted",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="payment_refusal_currency_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_minor__isnull", True), ("amount_minor__gt", 0), _connector="OR"
                        ),
                        name="payment_refusal_of_something",
                    ),
                ],
            },
        ),
    ]
