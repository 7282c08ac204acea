"""The public log comes into being, and what the charter holds already becomes its first leaves."""

from datetime import UTC

import django.db.models.deletion
import rfc8785
from django.db import migrations, models
from django.db.models import F, Q

PROTECT = django.db.models.deletion.PROTECT


def moment(at):
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def log_what_is_there(apps, schema_editor):
    """Append a leaf for each entry, in the order in which they were made; none of them is a decision's."""
    entry_model, log_model = apps.get_model("charter", "CharterEntry"), apps.get_model("charter", "LogEntry")
    if not entry_model.objects.exists():
        return
    leaves = []
    for number, entry in enumerate(entry_model.objects.order_by("pk")):
        body = {
            "entry_kind": entry.kind,
            "parameter": entry.parameter,
            "scope_kind": entry.scope_kind,
            "scope_key": entry.scope_key,
            "old_value": entry.old_value,
            "new_value": entry.new_value,
            "effective_at": moment(entry.effective_at),
            "cites": entry.cites,
            "decision": None,
        }
        leaf = {
            "kind": "parameter",
            "number": number,
            "recorded_at": moment(entry.recorded_at),
            "body": body,
        }
        leaves.append(
            log_model(
                number=number,
                kind="parameter",
                leaf=rfc8785.dumps(leaf).decode(),
                recorded_at=entry.recorded_at,
            )
        )
    log_model.objects.bulk_create(leaves, batch_size=1000)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """
            ALTER TABLE charter_charterentry DISABLE TRIGGER charter_entry_written_once;
            UPDATE charter_charterentry e SET logged_id = n.number
                FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS number FROM charter_charterentry) n
                WHERE n.id = e.id;
            SET CONSTRAINTS ALL IMMEDIATE;
            SET CONSTRAINTS ALL DEFERRED;
            ALTER TABLE charter_charterentry ENABLE TRIGGER charter_entry_written_once;
            """
        )


def one_to_one(to, name, **options):
    return models.OneToOneField(to, PROTECT, related_name=name, **options)


def still_there(column, since):
    return Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__gte": F(since)})


class Migration(migrations.Migration):
    dependencies = [("charter", "0004_article_promises")]

    operations = [
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("parameter", "value of the charter"),
                            ("article", "article of the constitution"),
                            ("decision", "decision of the members"),
                            ("election", "election of a board"),
                            ("key", "key that signs the log"),
                        ],
                        max_length=9,
                    ),
                ),
                ("leaf", models.TextField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "number"], name="log_entry_by_kind")],
                "constraints": [
                    models.CheckConstraint(
                        name="log_entry_kind_known",
                        condition=Q(kind__in=["parameter", "article", "decision", "election", "key"]),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("logged", one_to_one("charter.logentry", "decision")),
                ("title_en", models.CharField(max_length=200)),
                ("title_fr", models.CharField(max_length=200)),
                ("question_kind", models.CharField(max_length=40)),
                (
                    "address",
                    models.CharField(blank=True, help_text="The path of the page about it.", max_length=200),
                ),
                ("adopted", models.BooleanField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="decision_numbered_from_one", condition=Q(number__gte=1)),
                    models.CheckConstraint(
                        name="decision_has_titles",
                        condition=~Q(title_en__regex=r"^\s*$") & ~Q(title_fr__regex=r"^\s*$"),
                    ),
                    models.CheckConstraint(
                        name="decision_question_shape", condition=Q(question_kind__regex=r"^[a-z][a-z_]*$")
                    ),
                    models.CheckConstraint(
                        name="decision_address_shape", condition=Q(address="") | Q(address__startswith="/")
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="LogKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("public", models.BinaryField(help_text="32 bytes of Ed25519.")),
                ("sealed_private", models.BinaryField(help_text="Only while the key is in use.", null=True)),
                ("logged", one_to_one("charter.logentry", "key")),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["public"], name="log_key_once"),
                    models.UniqueConstraint(
                        fields=["retired_at"],
                        condition=Q(retired_at__isnull=True),
                        nulls_distinct=False,
                        name="log_key_one_in_use",
                    ),
                    models.CheckConstraint(name="log_key_name_shape", condition=Q(name__regex=r"^[^\s+]+$")),
                    models.CheckConstraint(
                        name="log_key_private_while_in_use",
                        condition=Q(retired_at__isnull=True, sealed_private__isnull=False)
                        | Q(retired_at__isnull=False, sealed_private__isnull=True),
                    ),
                    models.CheckConstraint(
                        name="log_key_retired_after_creation",
                        condition=still_there("retired_at", "created_at"),
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="TreeHead",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveBigIntegerField()),
                ("root", models.BinaryField(help_text="32 bytes of SHA-256.")),
                ("note", models.TextField()),
                ("key", models.ForeignKey("charter.logkey", PROTECT, related_name="heads")),
                ("signed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="tree_head_of_something", condition=Q(size__gte=1)),
                    models.UniqueConstraint(fields=["size", "key"], name="tree_head_once_a_key"),
                ]
            },
        ),
        migrations.CreateModel(
            name="Witness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The key's name, such as witness.example.org.", max_length=200
                    ),
                ),
                ("public", models.BinaryField(help_text="32 bytes of Ed25519.")),
                ("registered_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["public"], name="witness_key_once"),
                    models.UniqueConstraint(
                        fields=["name"], condition=Q(ended_at__isnull=True), name="witness_name_once"
                    ),
                    models.CheckConstraint(name="witness_name_shape", condition=Q(name__regex=r"^[^\s+]+$")),
                    models.CheckConstraint(
                        name="witness_ended_after_registration",
                        condition=still_there("ended_at", "registered_at"),
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("head", models.ForeignKey("charter.treehead", PROTECT, related_name="cosignatures")),
                ("witness", models.ForeignKey("charter.witness", PROTECT, related_name="cosignatures")),
                (
                    "line",
                    models.CharField(
                        help_text="The signature line of the note, word for word.", max_length=400
                    ),
                ),
                ("seen_at", models.DateTimeField(help_text="The time that the witness signed.")),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["head", "witness"], name="cosignature_once")]
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("found_at", models.DateTimeField()),
                ("what", models.JSONField(help_text="What differs, in sentences.")),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["ended_at"],
                        condition=Q(ended_at__isnull=True),
                        nulls_distinct=False,
                        name="alarm_one_open",
                    ),
                    models.CheckConstraint(
                        name="alarm_ended_after_found", condition=still_there("ended_at", "found_at")
                    ),
                ]
            },
        ),
        migrations.AddField(
            "charterentry",
            "decision",
            models.ForeignKey(
                "charter.decision", PROTECT, db_column="decision_number", null=True, related_name="entries"
            ),
        ),
        migrations.AddField(
            "charterentry",
            "logged",
            one_to_one(
                "charter.logentry", "charter_entry", help_text="The leaf that says the same.", null=True
            ),
        ),
        migrations.RunPython(log_what_is_there, migrations.RunPython.noop),
        migrations.AlterField(
            "charterentry",
            "logged",
            one_to_one("charter.logentry", "charter_entry", help_text="The leaf that says the same."),
        ),
        migrations.AddConstraint(
            "charterentry",
            models.CheckConstraint(
                name="charter_entry_decision_cited",
                condition=Q(kind="decision", decision__isnull=False)
                | (~Q(kind="decision") & Q(decision__isnull=True)),
            ),
        ),
        # No site has an article before its log.
        migrations.AddField(
            "articleversion",
            "logged",
            one_to_one("charter.logentry", "article", help_text="The leaf that says the same.", default=0),
            preserve_default=False,
        ),
    ]
