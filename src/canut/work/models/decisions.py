"""What was decided about work, and appeals against it."""

from django.db import models
from django.db.models import Q

from canut.people.models import Person
from canut.work.models.assignments import Assignment, Submission
from canut.work.models.projects import Project
from canut.work.states import AppealBy, AppealState, Ground, Outcome


class Decision(models.Model):
    """What was decided about a submission, by whom, and why; written once, never changed.

    Silence approves, and peers overturn a rejection: then no person decided.

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
                | Q(automatic=False, decided_by__isnull=False)
                | Q(automatic=False, decided_by__isnull=True, outcome=Outcome.OVERTURNED),
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
    """A worker's appeal against a rejection. While it is open, the place's money waits.

    The room above hears it and says here how it ended. `heard_by` is the operator who heard it, before
    juries sat; of an appeal that peers hear nobody is named.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="appeal")
    words = models.CharField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=AppealState, default=AppealState.OPEN)
    opened_at = models.DateTimeField()
    decided_by = models.CharField(max_length=9, choices=AppealBy, blank=True, default="")
    heard_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=2000, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="appeal_state_known", condition=Q(state__in=AppealState.values)),
            models.CheckConstraint(
                name="appeal_ended_by_known", condition=Q(decided_by__in=["", *AppealBy.values])
            ),
            models.CheckConstraint(
                name="appeal_ended_has_time",
                condition=Q(state=AppealState.OPEN, decided_at__isnull=True, decided_by="", reason="")
                | (~Q(state=AppealState.OPEN) & Q(decided_at__isnull=False) & ~Q(decided_by="")),
            ),
            models.CheckConstraint(
                name="appeal_heard_by_name",
                condition=Q(decided_by=AppealBy.OPERATOR, heard_by__isnull=False)
                | (~Q(decided_by=AppealBy.OPERATOR) & Q(heard_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="appeal_outcome_by_peers",
                condition=(
                    ~Q(decided_by__in=[AppealBy.OPERATOR, AppealBy.JURY])
                    | (Q(state__in=[AppealState.UPHELD, AppealState.OVERTURNED]) & ~Q(reason=""))
                )
                & (
                    ~Q(decided_by__in=[AppealBy.NO_PEERS, AppealBy.REQUESTER])
                    | Q(state=AppealState.OVERTURNED)
                )
                & (~Q(decided_by=AppealBy.WORKER) | Q(state=AppealState.DROPPED)),
            ),
        ]
