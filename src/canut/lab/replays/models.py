"""Replays that were asked for: of a proposal's version, or by somebody who wants to know first."""

from django.db import models
from django.db.models import F, Q

from canut.governance.models import ProposalVersion
from canut.people.models import Person


class Replay(models.Model):
    """One run of the last months under other settings, made by a job, with its progress.

    It is about a proposal's `version`, which has one, or was asked for by a member. `settings` is a list
    of {parameter, scope_kind, scope_key, value}; each is run alone. `reports` follows that list once it is
    done, and `stored_as` names the file that holds the same. Nothing in it names anybody.
    """

    version = models.OneToOneField(ProposalVersion, models.PROTECT, null=True, related_name="run")
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    settings = models.JSONField()
    done_share = models.FloatField(default=0)
    problem = models.BooleanField(default=False, help_text="It broke off, and is tried again by itself.")
    reports = models.JSONField(null=True)
    stored_as = models.CharField(max_length=200, blank=True, default="")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="replay_asked_for_by_one",
                condition=Q(version__isnull=False, asked_by__isnull=True)
                | Q(version__isnull=True, asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="replay_done_share_in_range", condition=Q(done_share__gte=0, done_share__lte=1)
            ),
            models.CheckConstraint(
                name="replay_finished_is_whole",
                condition=Q(finished_at__isnull=True, reports__isnull=True)
                | Q(
                    finished_at__isnull=False,
                    finished_at__gte=F("asked_at"),
                    reports__isnull=False,
                    done_share=1,
                    problem=False,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="replay_of_member"),
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="replay_unfinished"),
        ]
