"""What standing a project asks of whoever works for it."""

from django.db import models
from django.db.models import Q

from canut.reputation.models import ScaleKind
from canut.work.models.projects import Project
from canut.work.states import Comparator

ASKED_SCALES = (ScaleKind.GUILD, ScaleKind.QUALIFICATION)


class Requirement(models.Model):
    """One standing that a project asks for: a guild's least level, or a qualification (MECHANISMS 1.6, 2.10).

    `scale_id` says which guild or qualification; both belong to other rooms. A trigger keeps
    `Project.asks_standings` (migration 0002), so that the claim looks here only where there is something
    to see.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="requirements", db_index=False)
    scale = models.CharField(max_length=20, choices=ScaleKind)
    scale_id = models.BigIntegerField()
    comparator = models.CharField(max_length=12, choices=Comparator)
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="None where only having one matters."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="requirement_scale_known",
                condition=Q(scale__in=[str(scale) for scale in ASKED_SCALES]),
            ),
            models.CheckConstraint(
                name="requirement_comparator_known", condition=Q(comparator__in=Comparator.values)
            ),
            models.CheckConstraint(
                name="requirement_has_value",
                condition=Q(comparator__in=["exists", "missing"], value__isnull=True)
                | (~Q(comparator__in=["exists", "missing"]) & Q(value__isnull=False)),
            ),
            models.CheckConstraint(
                # Work at a member's own level and below, never above (MECHANISMS 2.10).
                name="requirement_guild_by_least_level",
                condition=~Q(scale="guild") | Q(comparator="at_least", value__gte=1),
            ),
            models.UniqueConstraint(
                fields=["project", "scale", "scale_id", "comparator"], name="requirement_once"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(scale="guild"), name="requirement_one_guild"
            ),
        ]
        indexes = [models.Index(fields=["scale", "scale_id", "project"], name="requirement_on_scale")]
