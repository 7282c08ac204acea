"""Tasks about other people's work, and tasks that are only for some people: reviews, comparisons, juries."""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Person
from canut.reputation.models import ScaleKind
from canut.work.models.assignments import Submission
from canut.work.models.tasks import Task


class TaskAudience(models.Model):
    """That a task is not for everybody who is admitted to its project.

    It is for those it was offered to (`TaskOffer`) and, where `least` is set, for those whose standing on the
    scale lies from `least` to `most`, or above where there is no `most`. It is never for the barred
    (`TaskBar`), nor again for who gave it back or skipped it. The room that made the task widens its audience
    as time passes.
    """

    task = models.OneToOneField(Task, models.PROTECT, primary_key=True, related_name="audience")
    scale = models.CharField(max_length=20, choices=ScaleKind, blank=True)
    scale_id = models.BigIntegerField(default=0)
    least = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    most = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="audience_range_of_a_scale",
                condition=Q(scale="", least__isnull=True, most__isnull=True)
                | Q(scale__in=["guild", "qualification"]),
            ),
            models.CheckConstraint(
                name="audience_range_has_a_floor",
                condition=Q(most__isnull=True) | Q(least__isnull=False, most__gte=F("least")),
            ),
        ]


class TaskOffer(models.Model):
    """That a task with an audience was offered to somebody by name."""

    task = models.ForeignKey(TaskAudience, models.PROTECT, related_name="offers", db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "worker"], name="task_offer_once")]
        indexes = [models.Index(fields=["worker", "task"], name="task_offer_of_worker")]


class TaskBar(models.Model):
    """That somebody may never take a task: it judges their own work, or they are bound to who did it."""

    task = models.ForeignKey(TaskAudience, models.PROTECT, related_name="bars", db_index=False)
    worker = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "worker"], name="task_bar_once")]


class ShownWork(models.Model):
    """The work that a task shows to be judged, in its design's items of type "work", by their number.

    It is the submission as it was handed in; of who did it and when, the task shows nothing.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="shown_work", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="shown_in", db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "number"], name="shown_work_once"),
            models.UniqueConstraint(fields=["task", "submission"], name="shown_work_not_beside_itself"),
            models.CheckConstraint(
                name="shown_work_number_known", condition=Q(number__gte=1, number__lte=20)
            ),
        ]
