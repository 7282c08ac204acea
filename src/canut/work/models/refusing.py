"""Collective refusal: workers who opened a project and refuse it together (MECHANISMS 2.11)."""

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.projects import Project
from canut.work.states import AppealState, HeardBy, RefusalGround


class ProjectOpening(models.Model):
    """That a worker has looked at a project: who may refuse it, and out of how many."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="openings", db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "worker"], name="opening_once"),
        ]


class ProjectRefusal(models.Model):
    """One worker's refusal of a project, with its ground; never undone, and nobody is shown whose it is."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="refusals", db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=10, choices=RefusalGround)
    words = models.CharField(max_length=2000, blank=True)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "worker"], name="refusal_once"),
            models.CheckConstraint(name="refusal_ground_known", condition=Q(ground__in=RefusalGround.values)),
            models.CheckConstraint(
                name="refusal_other_has_words",
                condition=~Q(ground=RefusalGround.OTHER) | ~Q(words=""),
            ),
        ]


class Withdrawal(models.Model):
    """A project withdrawn by its workers' refusals, and its requester's appeal, if any.

    `ended_by` says who ended the appeal. `heard_by` names the operator of one from before juries sat; of
    those who sit in one nobody is named.
    """

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="withdrawal")
    opened_by_workers = models.PositiveIntegerField()
    refused_by_workers = models.PositiveIntegerField()
    needed_workers = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField()
    appeal = models.CharField(max_length=12, choices=AppealState, blank=True)
    words = models.CharField(max_length=2000, blank=True, help_text="The requester's, in the appeal.")
    appealed_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, choices=HeardBy, blank=True, default="")
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(max_length=10_000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_appeal_known", condition=Q(appeal__in=["", *AppealState.values])
            ),
            models.CheckConstraint(
                name="withdrawal_ended_has_time",
                condition=Q(appeal__in=["", "open"], ended_by="", decided_at__isnull=True, reason="")
                | (~Q(appeal__in=["", "open"]) & Q(decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="withdrawal_decided_by_somebody",
                # Peers, and operators before them, say either, with a reason. Without any, it is overturned.
                condition=Q(appeal__in=["", "open"], ended_by="", heard_by__isnull=True)
                | (
                    Q(appeal__in=["upheld", "overturned"], ended_by="jury", heard_by__isnull=True)
                    & ~Q(reason="")
                )
                | (
                    Q(appeal__in=["upheld", "overturned"], ended_by="operator", heard_by__isnull=False)
                    & ~Q(reason="")
                )
                | Q(appeal="overturned", ended_by="no_peers", heard_by__isnull=True, reason="")
                | Q(appeal="dropped", ended_by="taken_back", heard_by__isnull=True, reason=""),
            ),
        ]
