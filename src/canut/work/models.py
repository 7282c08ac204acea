"""Tables of work: a project's revisions and tasks, their places, and what people did in them.

Keys of the hot path carry `project_id` (DESIGN.md 7). Composite foreign keys, triggers and the
queue's index are in migration 0002, because Django cannot say them.
"""

from django.db import models
from django.db.models import F, Q

from canut.people.models import Party, Person
from canut.work.states import (
    COUNTS_AS_DONE,
    IN_HAND,
    OCCUPIES,
    AppealState,
    AssignmentState,
    Audience,
    FeedOrder,
    Ground,
    Outcome,
    PayBasis,
    PlaceState,
    ProjectKind,
    ProjectState,
    UploadState,
)


class ProjectGroup(models.Model):
    """A project, its revisions and its owner's duplicates of it, for standings that span them."""


class Project(models.Model):
    """What a requester wants done and pays for."""

    owner = models.ForeignKey(Party, models.PROTECT, related_name="projects", db_index=False)
    group = models.ForeignKey(ProjectGroup, models.PROTECT, related_name="projects")
    title = models.CharField(max_length=120)
    description = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=12, blank=True, help_text="The language workers need, if any.")
    kind = models.CharField(max_length=10, choices=ProjectKind, default=ProjectKind.PAID)
    pay_basis = models.CharField(max_length=10, choices=PayBasis, default=PayBasis.PIECE)
    audience = models.CharField(max_length=12, choices=Audience, default=Audience.EVERYBODY)
    currency = models.CharField(max_length=3, default="EUR")
    state = models.CharField(max_length=10, choices=ProjectState, default=ProjectState.DRAFT)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(
        help_text="Of the draft; a form that was opened before it is out of date."
    )
    publish_at = models.DateTimeField(null=True, help_text="A draft goes live by itself at this time.")
    published_at = models.DateTimeField(null=True)
    paid_minor = models.PositiveBigIntegerField(
        default=0, help_text="Rewards booked to workers so far; what levies and the fee are counted on."
    )
    deadline_at = models.DateTimeField(null=True, help_text="Nothing can be taken from this time on.")
    allowed_only = models.BooleanField(
        default=False, help_text="Only people on the owner's allow list may take tasks."
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="project_kind_known", condition=Q(kind__in=ProjectKind.values)),
            models.CheckConstraint(
                name="project_pay_basis_known", condition=Q(pay_basis__in=PayBasis.values)
            ),
            models.CheckConstraint(name="project_audience_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(name="project_state_known", condition=Q(state__in=ProjectState.values)),
            models.CheckConstraint(name="project_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="project_published_when_live",
                condition=Q(state=ProjectState.DRAFT, published_at__isnull=True)
                | Q(state__in=[ProjectState.LIVE, ProjectState.PAUSED], published_at__isnull=False)
                | Q(state=ProjectState.CLOSED),
            ),
            models.CheckConstraint(
                name="project_closed_has_time",
                condition=Q(state=ProjectState.CLOSED, closed_at__isnull=False)
                | (~Q(state=ProjectState.CLOSED) & Q(closed_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(state="live"), name="project_feed"),
            models.Index(fields=["owner", "-id"], name="project_of_owner"),
            models.Index(fields=["publish_at"], condition=Q(state="draft"), name="project_scheduled"),
        ]


class Revision(models.Model):
    """One version of what workers see, answer and are promised. Frozen once published."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    design = models.JSONField()
    reward_minor = models.PositiveBigIntegerField(default=0)
    expected_seconds = models.PositiveIntegerField()
    lease_seconds = models.PositiveIntegerField()
    answers_per_task = models.PositiveIntegerField(default=1)
    paid_upto = models.PositiveIntegerField(
        default=0, help_text="Tasks up to this position have their money set aside; rows after it wait."
    )
    places_opened_to = models.PositiveIntegerField(
        default=0, help_text="Tasks up to this position have their places; a job opens the rest."
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["id", "project"], name="revision_with_project"),
            models.CheckConstraint(
                name="revision_opens_what_is_paid", condition=Q(places_opened_to__lte=F("paid_upto"))
            ),
            models.CheckConstraint(name="revision_expected_positive", condition=Q(expected_seconds__gt=0)),
            models.CheckConstraint(name="revision_lease_positive", condition=Q(lease_seconds__gt=0)),
            models.CheckConstraint(
                name="revision_answers_in_range",
                condition=Q(answers_per_task__gte=1, answers_per_task__lte=1000),
            ),
        ]


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
    open places alone and never walks past done ones.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="places", db_constraint=False, db_index=False
    )
    task = models.ForeignKey(Task, models.PROTECT, related_name="places", db_constraint=False, db_index=False)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=PlaceState, default=PlaceState.OPEN)
    rank = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "task", "number"], name="place_number_once"),
            models.CheckConstraint(name="place_state_known", condition=Q(state__in=PlaceState.values)),
            models.CheckConstraint(
                name="place_ranked_while_open",
                condition=Q(state=PlaceState.OPEN, rank__isnull=False)
                | (~Q(state=PlaceState.OPEN) & Q(rank__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["project", "rank"], condition=Q(rank__isnull=False), name="place_queue")
        ]


class Assignment(models.Model):
    """One worker's promise to do one task, with its reward set aside.

    `attempt` is 2 once the work was returned. `seed` fixes what was drawn for this worker, such as
    the order of two sides. `held_until` is when a rejected place's money stops waiting for an appeal;
    `place_released` is set when its place has reopened.

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
    held_until = models.DateTimeField(null=True)
    place_released = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["worker", "task"],
                condition=Q(state__in=COUNTS_AS_DONE),
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
        ]


class Draft(models.Model):
    """What a worker has filled in so far and not handed in."""

    assignment = models.OneToOneField(Assignment, models.CASCADE, primary_key=True, related_name="draft")
    answer = models.JSONField()
    saved_at = models.DateTimeField()


class WorkerChoice(models.Model):
    """How a worker wants the pages of work, kept until they choose otherwise. Nothing is decided by it."""

    worker = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="choice")
    feed_order = models.CharField(max_length=10, choices=FeedOrder, default=FeedOrder.NEWEST)
    takes_next = models.BooleanField(default=True, help_text="Handing in brings the next task at once.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="worker_choice_order_known", condition=Q(feed_order__in=FeedOrder.values)
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
    active_seconds = models.PositiveIntegerField(null=True, help_text="As measured or stated by the worker.")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "attempt"], name="submission_once_per_attempt"),
            models.CheckConstraint(name="submission_attempt_known", condition=Q(attempt__in=[1, 2])),
        ]


class Decision(models.Model):
    """What was decided about a submission, by whom, and why; written once, never changed.

    Work is approved under the project's row lock, so within one project the ids of approvals are in
    the order of their commits: a reader that goes on from an id misses none (`queries.finished`).
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="decisions", db_constraint=False, db_index=False
    )
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=12, choices=Outcome)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    automatic = models.BooleanField(default=False)
    ground = models.CharField(max_length=30, choices=Ground, blank=True)
    evidence = models.CharField(max_length=2000, blank=True)
    reason = models.CharField(max_length=2000, blank=True)
    rework_minor = models.PositiveBigIntegerField(
        default=0, help_text="Of a return: what the rework is paid if it is approved."
    )
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="decision_outcome_known", condition=Q(outcome__in=Outcome.values)),
            models.CheckConstraint(
                name="decision_ground_known", condition=Q(ground__in=["", *Ground.values])
            ),
            models.CheckConstraint(
                name="decision_named_or_automatic",
                condition=Q(automatic=True, decided_by__isnull=True, outcome=Outcome.APPROVED)
                | Q(automatic=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_return_has_reason", condition=~Q(outcome=Outcome.RETURNED) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="decision_rejection_is_grounded",
                condition=~Q(outcome=Outcome.REJECTED) | (~Q(ground="") & ~Q(evidence="") & ~Q(reason="")),
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(outcome__in=["approved", "returned", "rejected"]),
                name="decision_once_per_submission",
            ),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(outcome="overturned"), name="decision_overturned_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "id"],
                condition=Q(outcome__in=["approved", "overturned"]),
                name="decision_finishes",
            )
        ]


class Appeal(models.Model):
    """A worker's appeal against a rejection, heard by somebody other than who decided."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="appeal")
    words = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.OPEN)
    opened_at = models.DateTimeField()
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="appeal_state_known", condition=Q(state__in=AppealState.values)),
            models.CheckConstraint(
                name="appeal_decided_by_name",
                condition=Q(state=AppealState.OPEN, heard_by__isnull=True, decided_at__isnull=True, reason="")
                | (
                    ~Q(state=AppealState.OPEN)
                    & Q(heard_by__isnull=False, decided_at__isnull=False)
                    & ~Q(reason="")
                ),
            ),
        ]


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
