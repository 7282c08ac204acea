"""Collective refusal: workers who opened a project and refuse it together (MECHANISMS 2.11)."""

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.projects import Project
from canut.work.states import AppealState, RefusalGround


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
    """A project withdrawn by its workers' refusals, and its requester's appeal, if any."""

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="withdrawal")
    opened_by_workers = models.PositiveIntegerField()
    refused_by_workers = models.PositiveIntegerField()
    needed_workers = models.PositiveIntegerField()
    withdrawn_at = models.DateTimeField()
    appeal = models.CharField(max_length=12, choices=AppealState, blank=True)
    words = models.CharField(max_length=2000, blank=True, help_text="The requester's, in the appeal.")
    appealed_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="withdrawal_appeal_known", condition=Q(appeal__in=["", *AppealState.values])
            ),
            models.CheckConstraint(
                name="withdrawal_decided_by_name",
                condition=Q(appeal__in=["", "open"], heard_by__isnull=True, decided_at__isnull=True)
                | (
                    Q(appeal__in=["upheld", "overturned"], heard_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
            ),
        ]
