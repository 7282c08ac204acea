"""Tables that no field of work owns."""

from django.db import models
from django.db.models import Q


class ClockOffset(models.Model):
    """How far a demo or test site is ahead of the world. At most one row; none in production."""

    only = models.BooleanField(primary_key=True, default=True)
    ahead_by = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(name="clock_offset_single", condition=Q(only=True))]


class Event(models.Model):
    """One thing that happened, written once and never changed: the audit of the site.

    `by_id` is a party's id or null for the software; it is no foreign key, for the kernel knows no
    parties. The columns `generation` and `recorded_in` (migration 0002) order readers.
    """

    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="event_by_subject")]


class EventCursor(models.Model):
    """How far one reader of events has come."""

    reader = models.CharField(max_length=60, primary_key=True)
    generation = models.SmallIntegerField(default=0)
    transaction = models.CharField(max_length=20, default="0")
    event_id = models.BigIntegerField(default=0)


class IdempotentReply(models.Model):
    """What was answered to a request that carried an idempotency key, to answer its repeats alike.

    `request_hash` tells a repeat from another request under the same key. `status` is null while the
    first request is still running.
    """

    party_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    body = models.JSONField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party_id", "key"], name="idempotent_reply_once"),
            models.CheckConstraint(
                name="idempotent_reply_whole",
                condition=Q(status__isnull=True, body__isnull=True)
                | Q(status__isnull=False, body__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="idempotent_reply_age")]


class Heartbeat(models.Model):
    """When a kind of background runner was last alive; `canut check` looks here."""

    name = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()
