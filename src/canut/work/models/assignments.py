"""What workers did: assignments, drafts, submissions, and how they want their pages."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.projects import Project, Revision
from canut.work.models.tasks import Task
from canut.work.states import IN_HAND, NOT_ASKED_AGAIN, OCCUPIES, AssignmentState, FeedOrder, Risk


class Assignment(models.Model):
    """One worker's promise to do one task, with its reward set aside.

    `attempt` is 2 once the work was returned. `seed` fixes what was drawn for this worker, such as
    the order of two sides. `round` and `session` say within what it was taken, if anything. `held_until`
    is when a rejected place's money stops waiting for an appeal; `place_released` is set when its place
    has reopened.

    What must be true of one row (its state is known, states agree with attempt, times and release) is
    held by the trigger in migration 0002, each by its name: a table's CHECKs are parsed anew by every
    statement, which cost the hot path a sixth of its time (benchmarks/README.md).
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    revision = models.ForeignKey(
        Revision, models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="assignments", db_constraint=False, db_index=False
    )
    place_number = models.PositiveIntegerField(help_text="Which of the task's places this one holds.")
    worker = models.ForeignKey(Person, models.PROTECT, related_name="assignments", db_index=False)
    state = models.CharField(max_length=10, choices=AssignmentState, default=AssignmentState.HELD)
    attempt = models.PositiveSmallIntegerField(default=1)
    seed = models.IntegerField()
    reward_minor = models.PositiveBigIntegerField()
    taken_at = models.DateTimeField()
    lease_until = models.DateTimeField(
        help_text="When held: the lease. When returned: the rework's deadline."
    )
    submitted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    round = models.ForeignKey(
        "work.Round",
        models.PROTECT,
        null=True,
        related_name="assignments",
        db_constraint=False,
        db_index=False,
    )
    session = models.ForeignKey(
        "work.WorkSession",
        models.PROTECT,
        null=True,
        related_name="assignments",
        db_constraint=False,
        db_index=False,
    )
    held_until = models.DateTimeField(null=True)
    place_released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "task"],
                condition=Q(state__in=NOT_ASKED_AGAIN),
                name="assignment_once_per_worker",
            ),
            models.UniqueConstraint(
                fields=["task", "place_number"],
                condition=Q(state__in=OCCUPIES, place_released=False),
                name="assignment_one_per_place",
            ),
            models.UniqueConstraint(
                fields=["worker", "project"],
                condition=Q(state=AssignmentState.HELD),
                name="assignment_one_held_per_project",
            ),
        ]
        indexes = [
            models.Index(fields=["project", "state", "submitted_at"], name="assignment_for_review"),
            models.Index(fields=["worker", "-id"], name="assignment_of_worker"),
            models.Index(fields=["worker"], condition=Q(state__in=IN_HAND), name="assignment_in_hand"),
            models.Index(
                fields=["worker", "task"],
                condition=Q(state=AssignmentState.SKIPPED),
                name="assignment_skipped",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["held", "returned"]),
                name="assignment_running_out",
            ),
            models.Index(fields=["submitted_at"], condition=Q(state="submitted"), name="assignment_waiting"),
            models.Index(
                fields=["round", "worker"], condition=Q(round__isnull=False), name="assignment_of_round"
            ),
            models.Index(
                fields=["session"], condition=Q(session__isnull=False), name="assignment_of_session"
            ),
            # Rows come in the order of time, so this costs next to nothing: a range a megabyte
            BrinIndex(fields=["taken_at"], name="assignment_taken_when", autosummarize=True),
        ]


class Draft(models.Model):
    """What a worker has filled in so far and not handed in."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="draft")
    answer = models.JSONField()
    feedback = models.JSONField(
        default=dict, help_text="In a prototype round: what the worker has said of the design so far."
    )
    saved_at = models.DateTimeField()


class WorkerChoice(models.Model):
    """How a worker wants the pages of work, kept until they choose otherwise. Nothing is decided by it."""

    worker = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="choice")
    feed_order = models.CharField(max_length=10, choices=FeedOrder, default=FeedOrder.REQUESTER)
    accepted_risks = ArrayField(
        models.CharField(max_length=20, choices=Risk),
        default=list,
        help_text="The kinds of sensitive work that the worker has said they will see.",
    )
    takes_next = models.BooleanField(default=True, help_text="Handing in brings the next task at once.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="worker_choice_order_known", condition=Q(feed_order__in=FeedOrder.values)
            ),
            models.CheckConstraint(
                name="worker_choice_risks_known", condition=Q(accepted_risks__contained_by=Risk.values)
            ),
        ]


class Submission(models.Model):
    """What the worker handed in, written once; a second attempt is a second row."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="submissions", db_constraint=False, db_index=False
    )
    assignment = models.ForeignKey(
        Assignment, models.PROTECT, related_name="submissions", db_constraint=False, db_index=False
    )
    attempt = models.PositiveSmallIntegerField(default=1)
    answer = models.JSONField()
    active_seconds = models.PositiveIntegerField(null=True, help_text="The active time the worker states.")
    measured_seconds = models.PositiveIntegerField(null=True, help_text="What the page's timer measured.")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "attempt"], name="submission_once_per_attempt"),
            models.CheckConstraint(name="submission_attempt_known", condition=Q(attempt__in=[1, 2])),
        ]
        indexes = [BrinIndex(fields=["submitted_at"], name="submission_handed_in_when", autosummarize=True)]
