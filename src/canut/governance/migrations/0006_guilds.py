"""Members propose guilds too: what a version would found, and with whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

KINDS = [
    ("change", "a change of the rules"),
    ("guild", "the founding of a guild"),
    ("ratification", "the ratification of the constitution"),
]
JOINING = [("open", "anybody who works here"), ("invitation", "whom a member invites")]


def _id() -> models.Field:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0005_mails_among_notices"),
        ("guilds", "0008_founded_by_members"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="proposal", name="proposal_kind_known"),
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(choices=KINDS, default="change", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=["change", "guild", "ratification"]), name="proposal_kind_known"
            ),
        ),
        migrations.CreateModel(
            name="ProposalGuild",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=120)),
                ("screen_name", models.CharField(max_length=30)),
                ("craft", models.CharField(max_length=80)),
                ("language", models.CharField(blank=True, default="", max_length=12)),
                ("charter_text", models.TextField(max_length=20_000)),
                ("joining", models.CharField(choices=JOINING, default="open", max_length=10)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guild",
                        to="governance.proposalversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(joining__in=["open", "invitation"]), name="proposal_guild_joining_known"
                    ),
                    models.CheckConstraint(
                        condition=~Q(name="") & ~Q(screen_name="") & ~Q(craft="") & ~Q(charter_text=""),
                        name="proposal_guild_has_words",
                    ),
                ]
            },
        ),
        migrations.CreateModel(
            name="ProposalFounder",
            fields=[
                ("id", _id()),
                ("level", models.PositiveSmallIntegerField()),
                (
                    "guild",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="founders",
                        to="governance.proposalguild",
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
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["guild", "person"], name="proposal_founder_once"),
                    models.CheckConstraint(
                        condition=Q(level__gte=1, level__lte=10), name="proposal_founder_level_in_range"
                    ),
                ]
            },
        ),
    ]
