"""How a project opened, beat by beat, and how each worker came in while it did."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models.assignments import Assignment
from canut.work.models.projects import Project, Revision
from canut.work.states import AdmissionWay, CascadePolicy, CascadeWhy


class CascadeBeat(models.Model):
    """One beat of a project's cascade that moved or counted something; written once.

    `threshold` is the one from `at` on, null when the cascade ended and everybody may come; where a run came
    late and made up for the beat, the threshold before it held until `written_at`. `count`,
    `reference`, `potential` and `worked` are what its policy looked at (`reputation.rules_cascade.Beat`),
    and `best` the highest standing of those who could come in. From these rows the threshold of any moment
    is known, and each move can be computed again.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="cascade_history", db_index=False)
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", db_index=False)
    beat = models.PositiveIntegerField(help_text="Counted from 1, which began at publication.")
    at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, help_text="When a run that came late made up for it.")
    policy = models.CharField(max_length=10, choices=CascadePolicy)
    why = models.CharField(max_length=10, choices=CascadeWhy)
    threshold_before = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    threshold = models.DecimalField(max_digits=4, decimal_places=2, null=True)
    count = models.PositiveIntegerField(default=0)
    reference = models.PositiveIntegerField(default=0)
    potential = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    worked = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    best = models.DecimalField(max_digits=4, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cascade_beat_policy_known", condition=Q(policy__in=CascadePolicy.values)
            ),
            models.CheckConstraint(name="cascade_beat_why_known", condition=Q(why__in=CascadeWhy.values)),
            models.CheckConstraint(
                name="cascade_beat_never_rises",
                condition=Q(threshold_before__isnull=True)
                | Q(threshold__isnull=True)
                | Q(threshold__lte=F("threshold_before")),
            ),
            models.CheckConstraint(
                name="cascade_beat_written_late",
                condition=Q(written_at__isnull=True) | Q(written_at__gt=F("at")),
            ),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="cascade_beat_of_project")]


class CascadeTally(models.Model):
    """How much work was done since a cascade started, for the policy that goes by a project's share of it.

    Sums up to `upto`, brought on at each beat, so that no beat counts again what one before it has counted.
    They can be counted anew from what was handed in.
    """

    project = models.OneToOneField(Project, models.PROTECT, primary_key=True, related_name="cascade_tally")
    since = models.DateTimeField(help_text="The start of the cascade that it belongs to.")
    upto = models.DateTimeField()
    done_seconds = models.PositiveBigIntegerField(default=0, help_text="Of the project.")
    platform_done_seconds = models.PositiveBigIntegerField(default=0, help_text="Of all projects.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="cascade_tally_of_the_platform",
                condition=Q(done_seconds__lte=F("platform_done_seconds"), since__lte=F("upto")),
            ),
        ]


class Admission(models.Model):
    """How a worker came in while a project's cascade ran, with what was looked at; written once.

    `way` is by standing, because they had handed in work of this revision before, or by a newcomer's
    place. Standing, scope, number of ratings and threshold are those of that moment.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, primary_key=True, related_name="admission")
    project = models.ForeignKey(
        Project, models.PROTECT, related_name="admissions", db_constraint=False, db_index=False
    )
    worker = models.ForeignKey(
        Person, models.PROTECT, related_name="admissions", db_constraint=False, db_index=False
    )
    at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=AdmissionWay)
    standing = models.DecimalField(max_digits=4, decimal_places=2)
    scope = models.CharField(max_length=20)
    ratings = models.PositiveIntegerField()
    threshold = models.DecimalField(max_digits=4, decimal_places=2)
    beat = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="admission_way_known", condition=Q(way__in=AdmissionWay.values)),
            models.CheckConstraint(
                name="admission_standing_reached",
                condition=~Q(way=AdmissionWay.STANDING) | Q(standing__gte=F("threshold")),
            ),
        ]
        indexes = [models.Index(fields=["project", "worker", "-at"], name="admission_of_worker")]
