"""A decision on a level that its member contests, with the reviews that they say must not count."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.guilds.models.reviews import LevelDecision
from canut.guilds.states import ContestState
from canut.work.states import HeardBy


class LevelContest(models.Model):
    """A member contests what a window of reviews did to their level, and names the reviews they mean.

    If the contest is won those reviews are voided, and levels recomputed without them. `ended_by` says who
    ended it; of those who sit on a jury nobody is named.
    """

    decision = models.OneToOneField(LevelDecision, models.PROTECT, related_name="contest")
    review_ids = ArrayField(models.BigIntegerField(), help_text="Of the decision's reviews, in its order.")
    words = models.CharField(max_length=2_000, blank=True)
    state = models.CharField(max_length=7, choices=ContestState, default=ContestState.OPEN)
    contested_at = models.DateTimeField()
    ended_by = models.CharField(max_length=10, choices=HeardBy, blank=True, default="")
    reason = models.TextField(max_length=10_000, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="level_contest_state_known", condition=Q(state__in=ContestState.values)
            ),
            models.CheckConstraint(name="level_contest_names_reviews", condition=Q(review_ids__len__gte=1)),
            models.CheckConstraint(
                name="level_contest_ended_has_time",
                condition=Q(state="open", ended_at__isnull=True)
                | (~Q(state="open") & Q(ended_at__isnull=False, ended_at__gte=F("contested_at"))),
            ),
            models.CheckConstraint(
                name="level_contest_ended_by_somebody",
                # Peers say either, with a reason. Without any, it falls.
                condition=Q(state="open", ended_by="", reason="")
                | (Q(state__in=["stands", "falls"], ended_by="jury") & ~Q(reason=""))
                | Q(state="falls", ended_by="no_peers", reason="")
                | Q(state="dropped", ended_by="taken_back", reason=""),
            ),
        ]
