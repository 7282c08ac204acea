"""What is known of a requester from the work decided for them."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Party


class RequesterRecord(models.Model):
    """A requester's public record: sums over everything they decided, kept by reading events.

    Seconds are kept beside the pay of the same work, so that pay per hour counts only work whose
    time is known. `paid_minor` is in euro cents: a record does not mix currencies.
    """

    owner = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="requester_record")
    approved = models.PositiveBigIntegerField(default=0)
    returned = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    overturned = models.PositiveBigIntegerField(default=0)
    automatic = models.PositiveBigIntegerField(default=0)
    timed_pay_minor = models.PositiveBigIntegerField(default=0)
    timed_seconds = models.PositiveBigIntegerField(default=0)
    waited_seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="record_overturned_were_rejected", condition=Q(overturned__lte=F("rejected"))
            ),
            models.CheckConstraint(
                name="record_automatic_were_approved", condition=Q(automatic__lte=F("approved"))
            ),
        ]
