"""Exports and statistics, made by jobs."""

from django.db import models

from canut.people.models import Person
from canut.work.models.projects import Project


class Computation(models.Model):
    """An export or a statistic of a project's results, made by a job, with its progress.

    `asked` says what was asked for (kind, format, method, options) and is its identity until new
    work comes in: `as_of` is the newest event it has seen.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="computations")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked = models.JSONField()
    done_share = models.FloatField(default=0)
    result = models.JSONField(null=True)
    stored_as = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="computation_newest")]
