"""What a requester wants done: the project, its revisions, and its tasks with their places."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.people.models import Party
from canut.work.states import (
    Audience,
    CascadePolicy,
    Device,
    Fund,
    PayBasis,
    ProjectKind,
    ProjectState,
    Risk,
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
    device = models.CharField(
        max_length=8, choices=Device, default=Device.ANY, help_text="What it is best done with: a hint."
    )
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
    risks = ArrayField(
        models.CharField(max_length=20, choices=Risk),
        default=list,
        help_text="What its work may show that can harm; only workers who accept all of them may take tasks.",
    )
    launches_itself = models.BooleanField(
        default=False, help_text="The rest goes live as soon as a prototype round has passed."
    )
    round = models.ForeignKey(
        "work.Round",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="The one running.",
    )
    round_most = models.PositiveIntegerField(
        null=True, help_text="How many places of the running round one worker may take."
    )
    cascade_policy = models.CharField(
        max_length=10, choices=CascadePolicy, default=CascadePolicy.LADDER, help_text="How it opens."
    )
    threshold = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        null=True,
        help_text="The standing that admits now. None: no cascade, or it has ended. It does not count in a "
        "prototype round.",
    )
    cascade_beat = models.PositiveIntegerField(
        default=0, help_text="The beat that runs, counted from 1, which begins at publication."
    )
    cascade_started_at = models.DateTimeField(null=True)
    cascade_beat_at = models.DateTimeField(null=True, help_text="When the beat that runs began.")
    cascade_next_at = models.DateTimeField(null=True, help_text="When the next beat is due.")
    cascade_stopped_at = models.DateTimeField(
        null=True, help_text="Since when its clock stands still: it is paused, or a prototype round runs."
    )
    cascade_reference = models.PositiveIntegerField(
        default=0, help_text="Most starts and submissions in one beat since the threshold last moved."
    )
    fund = models.CharField(
        max_length=12,
        choices=Fund,
        blank=True,
        help_text="Which fund pays it, of duties: without fee, levies, cascade or round.",
    )
    asks_standings = models.BooleanField(
        default=False, help_text="Whether it has requirements; kept by the database."
    )
    is_guarded = models.GeneratedField(
        expression=models.ExpressionWrapper(
            Q(allowed_only=True)
            | Q(round_most__isnull=False)
            | Q(pay_basis="hour")
            | Q(risks__len__gt=0)
            | Q(threshold__isnull=False)
            | Q(asks_standings=True),
            output_field=models.BooleanField(),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        help_text="Whether admission asks more than what every project asks; kept by the database.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="project_kind_known", condition=Q(kind__in=ProjectKind.values)),
            models.CheckConstraint(
                name="project_pay_basis_known", condition=Q(pay_basis__in=PayBasis.values)
            ),
            models.CheckConstraint(name="project_audience_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(name="project_device_known", condition=Q(device__in=Device.values)),
            models.CheckConstraint(name="project_state_known", condition=Q(state__in=ProjectState.values)),
            models.CheckConstraint(
                name="project_duty_is_plain",
                condition=Q(fund="")
                | Q(
                    fund__in=Fund.values,
                    kind=ProjectKind.PAID,
                    pay_basis=PayBasis.PIECE,
                    cascade_policy=CascadePolicy.OPEN,
                    threshold__isnull=True,
                    round__isnull=True,
                ),
            ),
            models.CheckConstraint(name="project_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="project_risks_known", condition=Q(risks__contained_by=Risk.values)),
            models.CheckConstraint(
                name="project_cascade_policy_known", condition=Q(cascade_policy__in=CascadePolicy.values)
            ),
            models.CheckConstraint(
                name="project_cascade_has_clock",
                condition=Q(
                    threshold__isnull=True, cascade_next_at__isnull=True, cascade_stopped_at__isnull=True
                )
                | Q(
                    threshold__isnull=False,
                    cascade_next_at__isnull=False,
                    cascade_beat_at__isnull=False,
                    cascade_started_at__isnull=False,
                    cascade_beat__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="project_round_has_limit",
                condition=Q(round__isnull=True, round_most__isnull=True)
                | Q(round__isnull=False, round_most__isnull=False),
            ),
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
            models.Index(
                fields=["cascade_next_at"], condition=Q(threshold__isnull=False), name="project_cascading"
            ),
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
    hourly_minor = models.PositiveBigIntegerField(
        default=0, help_text="By the hour: what an hour of a session pays. Zero by the piece."
    )
    hours_seconds = models.PositiveBigIntegerField(
        default=0, help_text="By the hour: how much time its requester pays for in all."
    )
    hours_paid_seconds = models.PositiveBigIntegerField(
        default=0, help_text="By the hour: for how much of it the money was set aside so far."
    )
    hours_reserved_seconds = models.PositiveBigIntegerField(
        default=0, help_text="By the hour: how much of it is used by sessions or set aside for open ones."
    )
    session_most_seconds = models.PositiveIntegerField(
        default=0, help_text="By the hour: the longest session."
    )
    design_hash = models.CharField(
        max_length=64, default="", help_text="Of what workers see and answer: equal designs have equal ones."
    )
    words_hash = models.CharField(
        max_length=64,
        default="",
        help_text="Of the design's words alone: an owner's projects with equal ones count together.",
    )
    risks = ArrayField(
        models.CharField(max_length=20, choices=Risk),
        default=list,
        help_text="The project's when it was published; a revision that is discarded gives them back.",
    )
    design_version = models.PositiveIntegerField(
        default=0, help_text="Which of its kept versions the draft's design is."
    )
    keeps_answers = models.BooleanField(
        default=True, help_text="Rows answered under an earlier revision are not asked again."
    )
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(published_at__isnull=True), name="revision_one_unpublished"
            ),
            models.CheckConstraint(
                name="revision_hours_not_overdrawn",
                condition=Q(hours_reserved_seconds__lte=F("hours_paid_seconds")),
            ),
            models.CheckConstraint(
                name="revision_hours_paid_as_asked",
                condition=Q(hours_paid_seconds__lte=F("hours_seconds")),
            ),
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
        indexes = [
            # The feed compares the prices of all open projects, and reads them from here alone.
            models.Index(
                fields=["project", "-number"],
                include=["reward_minor", "hourly_minor", "expected_seconds"],
                condition=Q(published_at__isnull=False),
                name="revision_offer",
            ),
        ]
