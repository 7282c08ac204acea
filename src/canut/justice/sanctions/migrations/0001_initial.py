import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_decide_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pattern",
                    models.CharField(
                        choices=[("overturned_rejections", "rejections that peers overturned")], max_length=30
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warn", "a warning"),
                            ("restrict", "a restriction"),
                            ("refuse_payment", "a refusal to pay out earnings"),
                            ("suspend", "a suspension"),
                            ("close", "the closing of the account"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("accounts", "more than one account, or somebody else's"),
                            ("deception", "work that deceives"),
                            ("collusion", "an arrangement about ratings, votes or decisions"),
                            ("harassment", "threats, insults or discrimination"),
                            ("spam", "advertising"),
                            ("unsafe_work", "work that endangers somebody or is against the law"),
                            ("rejections", "rejections that peers overturn again and again"),
                            ("private_data", "other people's private data"),
                            ("stolen_money", "money that was not theirs"),
                            ("authority", "an order of a court or an authority"),
                        ],
                        max_length=12,
                    ),
                ),
                ("facts", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("lapses_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "waits for a person"),
                            ("taken_up", "a person decided a sanction"),
                            ("set_aside", "a person set it aside"),
                            ("lapsed", "lapsed"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True, default="", max_length=5000)),
                (
                    "closed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warn", "a warning"),
                            ("restrict", "a restriction"),
                            ("refuse_payment", "a refusal to pay out earnings"),
                            ("suspend", "a suspension"),
                            ("close", "the closing of the account"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "bars",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sign_in", "sign in, or use keys"),
                                ("take", "take tasks"),
                                ("publish", "publish work, or have it given out"),
                                ("post", "write in discussions"),
                            ],
                            max_length=7,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("days", models.PositiveSmallIntegerField(null=True)),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("amount_minor", models.PositiveBigIntegerField(null=True)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("accounts", "more than one account, or somebody else's"),
                            ("deception", "work that deceives"),
                            ("collusion", "an arrangement about ratings, votes or decisions"),
                            ("harassment", "threats, insults or discrimination"),
                            ("spam", "advertising"),
                            ("unsafe_work", "work that endangers somebody or is against the law"),
                            ("rejections", "rejections that peers overturn again and again"),
                            ("private_data", "other people's private data"),
                            ("stolen_money", "money that was not theirs"),
                            ("authority", "an order of a court or an authority"),
                        ],
                        max_length=12,
                    ),
                ),
                ("evidence", models.TextField(max_length=5000)),
                ("reason", models.TextField(max_length=5000)),
                ("decided_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "delivered_how",
                    models.CharField(
                        blank=True,
                        choices=[("mail", "by mail"), ("page", "by reading it on the site")],
                        default="",
                        max_length=4,
                    ),
                ),
                ("statement", models.TextField(blank=True, default="", help_text="As it was delivered.")),
                ("takes_effect_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("run_out", "its days are over"),
                            ("withdrawn", "taken back by those who run the site"),
                            ("reversed", "reversed by the person who looked at it again"),
                            ("lapsed", "lapsed, for nobody looked at it again in time"),
                            ("overturned", "overturned by peers"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                ("end_reason", models.TextField(blank=True, default="", max_length=5000)),
                (
                    "decided_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanction",
                        to="justice_sanctions.proposal",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(blank=True, default="", max_length=5000)),
                ("asked_at", models.DateTimeField()),
                ("review_by", models.DateTimeField()),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("stands", "It stands"), ("falls", "It falls")],
                        default="",
                        max_length=6,
                    ),
                ),
                ("reason", models.TextField(blank=True, default="", max_length=5000)),
                ("reviewed_at", models.DateTimeField(null=True)),
                (
                    "reviewer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sanction",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review",
                        to="justice_sanctions.sanction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.TextField(max_length=5000)),
                ("given_at", models.DateTimeField()),
                (
                    "sanction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="justice_sanctions.sanction",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SanctionFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                (
                    "is_evidence",
                    models.BooleanField(help_text="Of whoever decided; else of the one it touches."),
                ),
                ("stored_as", models.CharField(max_length=200, unique=True)),
                ("filename", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size_bytes", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("kept_at", models.DateTimeField()),
                (
                    "sanction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="justice_sanctions.sanction",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["state", "id"], name="sanction_proposal_by_state"),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "accounts",
                            "deception",
                            "collusion",
                            "harassment",
                            "spam",
                            "unsafe_work",
                            "rejections",
                            "private_data",
                            "stolen_money",
                            "authority",
                        ],
                    ),
                    ("kind__in", ["warn", "restrict", "refuse_payment", "suspend", "close"]),
                    ("pattern__in", ["overturned_rejections"]),
                ),
                name="sanction_proposal_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("lapses_at__gt", models.F("made_at"))), name="sanction_proposal_lapses"
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_by__isnull", True), ("state", "open")),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", True), ("state", "lapsed")),
                    models.Q(
                        ("closed_at__isnull", False), ("closed_by__isnull", False), ("state", "taken_up")
                    ),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        ("state", "set_aside"),
                        models.Q(("reason__regex", "^\\s*$"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sanction_proposal_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("person", "pattern"),
                name="sanction_proposal_once",
            ),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(fields=["person", "-id"], name="sanction_of_person"),
        ),
        migrations.AddIndex(
            model_name="sanction",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["id"], name="sanction_not_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["warn", "restrict", "refuse_payment", "suspend", "close"])),
                name="sanction_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "ground__in",
                        [
                            "accounts",
                            "deception",
                            "collusion",
                            "harassment",
                            "spam",
                            "unsafe_work",
                            "rejections",
                            "private_data",
                            "stolen_money",
                            "authority",
                        ],
                    )
                ),
                name="sanction_ground_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__regex", "^\\s*\\S(.|\\s){39,}$")), name="sanction_has_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence__regex", "^\\s*$"), _negated=True), name="sanction_has_evidence"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bars__len__gte", 1),
                        ("kind", "restrict"),
                        ("bars__contained_by", ["take", "publish", "post"]),
                    ),
                    models.Q(
                        ("bars", ["sign_in", "take", "publish", "post"]), ("kind__in", ["suspend", "close"])
                    ),
                    models.Q(("bars", []), ("kind__in", ["warn", "refuse_payment"])),
                    _connector="OR",
                ),
                name="sanction_bars_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("days__gte", 1), ("days__isnull", False), ("kind__in", ("restrict", "suspend"))
                    ),
                    models.Q(
                        models.Q(("kind__in", ("restrict", "suspend")), _negated=True), ("days__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="sanction_days_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("currency__regex", "^[A-Z]{3}$"),
                        ("kind", "refuse_payment"),
                        models.Q(("amount_minor__isnull", True), ("amount_minor__gt", 0), _connector="OR"),
                    ),
                    models.Q(
                        models.Q(("kind", "refuse_payment"), _negated=True),
                        ("amount_minor__isnull", True),
                        ("currency", ""),
                    ),
                    _connector="OR",
                ),
                name="sanction_amount_by_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("person")), _negated=True),
                name="sanction_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delivered_at__isnull", True),
                        ("delivered_how", ""),
                        ("ends_at__isnull", True),
                        ("statement", ""),
                        ("takes_effect_at__isnull", True),
                    ),
                    models.Q(
                        ("delivered_at__isnull", False),
                        ("takes_effect_at__isnull", False),
                        ("delivered_at__gte", models.F("decided_at")),
                        ("delivered_how__in", ["mail", "page"]),
                        models.Q(("statement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="sanction_delivered_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("takes_effect_at__isnull", True),
                    ("takes_effect_at__gt", models.F("delivered_at")),
                    _connector="OR",
                ),
                name="sanction_told_before_effect",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("delivered_at__isnull", True),
                    models.Q(("days__isnull", True), ("ends_at__isnull", True)),
                    models.Q(
                        ("days__isnull", False),
                        ("ends_at__gt", models.F("takes_effect_at")),
                        ("ends_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="sanction_ends_by_its_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_reason", ""),
                        ("ended_at__isnull", True),
                        ("ended_by__isnull", True),
                        ("ended_how", ""),
                    ),
                    models.Q(
                        ("ended_at__gte", models.F("decided_at")),
                        ("ended_at__isnull", False),
                        ("ended_how__in", ["run_out", "withdrawn", "reversed", "lapsed", "overturned"]),
                    ),
                    _connector="OR",
                ),
                name="sanction_ended_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_how__in", ["withdrawn", "reversed"]), _negated=True),
                    models.Q(
                        ("ended_by__isnull", False), models.Q(("end_reason__regex", "^\\s*$"), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="sanction_ended_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), models.Q(("kind", "warn"), _negated=True)),
                fields=("person", "kind"),
                name="sanction_one_of_a_kind",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=models.Q(("outcome", "")), fields=["review_by"], name="sanction_review_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("review_by__gt", models.F("asked_at"))), name="sanction_review_has_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome", ""),
                        ("reason", ""),
                        ("reviewed_at__isnull", True),
                        ("reviewer__isnull", True),
                    ),
                    models.Q(
                        ("outcome__in", ["stands", "falls"]),
                        ("reviewed_at__isnull", False),
                        ("reviewer__isnull", False),
                        ("reviewed_at__gte", models.F("asked_at")),
                        ("reason__regex", "^\\s*\\S(.|\\s){39,}$"),
                        ("reviewed_at__lte", models.F("review_by")),
                    ),
                    _connector="OR",
                ),
                name="sanction_review_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(("words__regex", "^\\s*$"), _negated=True),
                name="sanction_answer_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="sanctionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("size_bytes__gt", 0)), name="sanction_file_not_empty"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanctionfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("filename", ""), _negated=True), name="sanction_file_has_name"
            ),
        ),
        migrations.AddConstraint(
            model_name="sanctionfile",
            constraint=models.UniqueConstraint(
                fields=("sanction", "is_evidence", "sha256"), name="sanction_file_once"
            ),
        ),
    ]
