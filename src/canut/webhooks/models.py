"""Addresses that are told what happens, what they are told, and each attempt to tell it."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.webhooks.states import ANSWERED, TRIED, EndpointState, MessageState, Outcome, Told

LONGEST_URL = 1_000
LONGEST_NAME = 60
LONGEST_SAID = 200
"""So many characters of what a program answered are kept for its owner to see."""


class Endpoint(models.Model):
    """An address of somebody's own program. Deleting one deletes all that it was told.

    `sealed` is the secret that messages are signed with, `sealed_before` the one before it, with which they
    are signed too until `signed_before_until`: so a program can change over.
    """

    owner = models.ForeignKey(Person, models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    url = models.CharField(max_length=LONGEST_URL)
    events = ArrayField(models.CharField(max_length=30))
    sealed = models.BinaryField()
    sealed_before = models.BinaryField(null=True)
    signed_before_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=EndpointState, default=EndpointState.ACTIVE)
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True, help_text="Since when no message has been taken.")
    disabled_at = models.DateTimeField(null=True)
    by_hand = models.PositiveSmallIntegerField(
        default=0, help_text="How often its owner had something sent in the hour from `by_hand_since`."
    )
    by_hand_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_endpoint_state_known", condition=Q(state__in=EndpointState.values)
            ),
            models.CheckConstraint(
                name="webhook_endpoint_told_of_something",
                condition=Q(events__len__gte=1, events__contained_by=Told.values),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_url_shape",
                condition=Q(url__regex=r"^https?://[!-~]+$"),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_disabled_has_time",
                condition=Q(state=EndpointState.DISABLED, disabled_at__isnull=False)
                | (~Q(state=EndpointState.DISABLED) & Q(disabled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_secret_before_ends",
                condition=Q(sealed_before__isnull=True, signed_before_until__isnull=True)
                | Q(sealed_before__isnull=False, signed_before_until__isnull=False),
            ),
            models.CheckConstraint(
                name="webhook_endpoint_by_hand_counted",
                condition=Q(by_hand=0, by_hand_since__isnull=True)
                | Q(by_hand__gt=0, by_hand_since__isnull=False),
            ),
        ]


class Message(models.Model):
    """One thing told to one endpoint. `uid` is the same in every attempt: by it a repeat is recognised."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="messages", db_index=False)
    uid = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=30)
    event_id = models.BigIntegerField(null=True, help_text="What it tells of; null if it was only tried out.")
    body = models.TextField()
    state = models.CharField(max_length=9, choices=MessageState, default=MessageState.WAITING)
    made_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, help_text="When it is tried next.")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="webhook_message_once", fields=["endpoint", "event_id", "name"]),
            models.CheckConstraint(
                name="webhook_message_name_known", condition=Q(name__in=[TRIED, *Told.values])
            ),
            models.CheckConstraint(
                name="webhook_message_state",
                condition=Q(state=MessageState.WAITING, next_at__isnull=False, ended_at__isnull=True)
                | Q(
                    state__in=[MessageState.DELIVERED, MessageState.GIVEN_UP],
                    next_at__isnull=True,
                    ended_at__isnull=False,
                    ended_at__gte=F("made_at"),
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_message_latest"),
            models.Index(
                fields=["next_at"], name="webhook_message_due", condition=Q(state=MessageState.WAITING)
            ),
            models.Index(fields=["made_at"], name="webhook_message_old"),
        ]

    def is_due(self, at: datetime) -> bool:
        """Tell whether it is on its way already, and waits for nothing but a runner."""
        return self.next_at is not None and self.next_at <= at


class Attempt(models.Model):
    """One time that a message was sent, and what came of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=11, choices=Outcome)
    status = models.PositiveSmallIntegerField(null=True, help_text="What the program answered with.")
    milliseconds = models.PositiveIntegerField()
    said = models.CharField(max_length=LONGEST_SAID, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_attempt_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="webhook_attempt_answered_has_status",
                condition=Q(outcome__in=ANSWERED, status__isnull=False)
                | (~Q(outcome__in=ANSWERED) & Q(status__isnull=True)),
            ),
        ]
