"""Which answers are compared with which, in which round, and in which project that work is done."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.work.models import Project, Submission, Task


class ComparisonProject(models.Model):
    """The project in which work of another is compared: its requester's own, an ordinary one."""

    project = models.OneToOneField(
        Project, models.PROTECT, primary_key=True, related_name="compares", db_constraint=False
    )
    of = models.ForeignKey(
        Project, models.PROTECT, related_name="comparison_projects", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="comparison_project_of_another", condition=~Q(project=F("of"))),
        ]
        indexes = [models.Index(fields=["of", "-project"], name="comparison_project_of")]


class Comparison(models.Model):
    """One round of comparing the accepted answers to one task. Asked for once, however often it is asked."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="+", db_index=False)
    task = models.ForeignKey(Task, models.PROTECT, related_name="comparisons", db_index=False)
    round = models.PositiveSmallIntegerField(help_text="Counted from 1 in each task.")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "task", "round"], name="comparison_round_once"),
            models.CheckConstraint(name="comparison_round_counted_from_one", condition=Q(round__gte=1)),
        ]


class Pair(models.Model):
    """Two answers that are compared: `first` and `second` as they stand on the page, drawn by lot.

    `task` is the one in which somebody says which is better.
    """

    comparison = models.ForeignKey(Comparison, models.PROTECT, related_name="pairs", db_index=False)
    number = models.PositiveIntegerField(help_text="Counted from 1 in the comparison.")
    task = models.OneToOneField(Task, models.PROTECT, related_name="pair", db_constraint=False)
    first = models.ForeignKey(
        Submission, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    second = models.ForeignKey(
        Submission, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comparison", "number"], name="pair_number_once"),
            models.UniqueConstraint(fields=["comparison", "first", "second"], name="pair_once"),
            models.CheckConstraint(name="pair_of_two", condition=~Q(first=F("second"))),
            models.CheckConstraint(name="pair_counted_from_one", condition=Q(number__gte=1)),
        ]


class RoundOver(models.Model):
    """That a round of comparisons came to its end, and when that was noticed. It is told once.

    A judgement that is rejected later does not undo it: scores are worked out anew at every reading.
    """

    comparison = models.OneToOneField(Comparison, models.PROTECT, primary_key=True, related_name="over")
    over_at = models.DateTimeField()
