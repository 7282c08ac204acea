"""The rows of work: uploaded files, tasks, and the places in them."""

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.projects import Project, Revision
from canut.work.states import PlaceState, UploadState


class Upload(models.Model):
    """A file of rows and how far its reading has come; kept so that it can be downloaded again.

    `mapping` says which column is the key and which the number of answers; `errors` names bad rows
    as [line, code, sentence], the first fifty of `error_count`.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="uploads")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    format = models.CharField(max_length=8)
    size_bytes = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVED)
    bytes_read = models.PositiveBigIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    rows_added = models.PositiveIntegerField(default=0)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    error_count = models.PositiveIntegerField(default=0)
    mapping = models.JSONField(default=dict)
    problem = models.CharField(max_length=300, blank=True, help_text="Why the whole file was refused.")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="upload_state_known", condition=Q(state__in=UploadState.values)),
            models.CheckConstraint(
                name="upload_format_known", condition=Q(format__in=["csv", "tsv", "jsonl"])
            ),
        ]


class Task(models.Model):
    """One piece of work, open to a stated number of workers.

    `row` is everything that was uploaded; `shown` the part that the design shows, which alone ever
    reaches a worker. `key` is the requester's own name for the row.
    """

    project = models.ForeignKey(Project, models.PROTECT, related_name="tasks", db_index=False)
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="tasks", db_constraint=False, db_index=False
    )
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="tasks", null=True)
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    row = models.JSONField()
    shown = models.JSONField()
    answers_wanted = models.PositiveIntegerField()
    renews = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="renewed_by",
        help_text="The task of an earlier revision whose row is asked anew here.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "position"], name="task_position_once"),
            models.UniqueConstraint(fields=["project", "id"], name="task_with_project"),
            models.CheckConstraint(
                name="task_answers_in_range", condition=Q(answers_wanted__gte=1, answers_wanted__lte=1000)
            ),
        ]
        indexes = [models.Index(fields=["project", "key"], name="task_by_key")]

    @property
    def paid_for(self) -> bool:
        """Whether its money is set aside; only then do its places open."""
        return self.position <= self.revision.paid_upto


class Place(models.Model):
    """Room for one worker in one task: as many rows as answers were paid for, so none too many.

    `rank` orders the queue and is set while the place is open only, so that the queue's index holds
    open places alone and never walks past done ones. A place for newcomers has a negative rank while a
    cascade runs, where who comes by standing never looks.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="places", db_constraint=False, db_index=False
    )
    task = models.ForeignKey(Task, models.PROTECT, related_name="places", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=PlaceState, default=PlaceState.OPEN)
    rank = models.IntegerField(null=True)
    round = models.ForeignKey(
        "work.Round",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text="The prototype round it was opened for, if any.",
    )
    for_newcomers = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Kept for workers nobody has rated while a cascade runs.",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "task", "number"], name="place_number_once"),
            models.CheckConstraint(name="place_state_known", condition=Q(state__in=PlaceState.values)),
            models.CheckConstraint(
                name="place_ranked_while_open",
                condition=(
                    Q(state=PlaceState.OPEN, rank__isnull=False) & (Q(rank__gte=0) | Q(for_newcomers=True))
                )
                | (~Q(state=PlaceState.OPEN) & Q(rank__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "rank"], condition=Q(rank__isnull=False), name="place_queue")
        ]
