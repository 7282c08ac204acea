"""What is hidden, from when, and until when."""

from django.db import models
from django.db.models import F, Q

from canut.discussion.hiding.states import HiddenKind
from canut.people.models import Person


class Hidden(models.Model):
    """That something is hidden from `since` until `until`, unless it was shown again before.

    It is hidden without an end only if a named person has confirmed it: the database takes no other row.
    """

    subject_kind = models.CharField(max_length=11, choices=HiddenKind)
    subject_id = models.BigIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="None once somebody has confirmed it.")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="When it was shown again.")

    class Meta:
        constraints = [
            models.CheckConstraint(name="hidden_kind_known", condition=Q(subject_kind__in=HiddenKind.values)),
            models.CheckConstraint(name="hidden_subject_is_a_number", condition=Q(subject_id__gt=0)),
            models.CheckConstraint(
                name="hidden_ends_unless_confirmed",
                condition=Q(
                    until__isnull=False,
                    until__gt=F("since"),
                    confirmed_by__isnull=True,
                    confirmed_at__isnull=True,
                )
                | Q(
                    until__isnull=True,
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    confirmed_at__gte=F("since"),
                ),
            ),
            models.CheckConstraint(
                name="hidden_shown_again_later",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("since")),
            ),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="hidden_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-since"], name="hidden_of_subject")]
