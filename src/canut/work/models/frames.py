"""Permits by which a requester's own page, on another origin, brings an answer back."""

from django.db import models
from django.db.models import F, Q

from canut.work.models.assignments import Assignment


class FramePermit(models.Model):
    """A single-use permit to answer one item of one assignment; only its hash is kept."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="frame_permits")
    item = models.CharField(max_length=60)
    hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    answer = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="frame_permit_ends_later", condition=Q(expires_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="frame_permit_used_has_answer",
                condition=Q(used_at__isnull=True, answer__isnull=True)
                | Q(used_at__isnull=False, answer__isnull=False),
            ),
        ]
