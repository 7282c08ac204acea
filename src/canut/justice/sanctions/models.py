"""Sanctions, the statement of reasons that goes with each, answers to them, and what programs propose."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.justice.sanctions.states import (
    FOR_DAYS,
    Delivered,
    Ended,
    Ground,
    Kind,
    Outcome,
    Pattern,
    ProposalState,
)
from canut.people.models import Bar, Person

LONGEST_TEXT = 5_000
LEAST_REASON = 40
"""Characters that a reason has at least: so few that a sentence has them, so many that a word has not."""


class Proposal(models.Model):
    """What a rule found and proposes. It does nothing; unless a person takes it up it lapses.

    `facts` are the numbers the rule went by, so that whoever reads it can check them.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    pattern = models.CharField(max_length=30, choices=Pattern)
    kind = models.CharField(max_length=14, choices=Kind)
    ground = models.CharField(max_length=12, choices=Ground)
    facts = models.JSONField()
    made_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=ProposalState, default=ProposalState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(max_length=LONGEST_TEXT, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sanction_proposal_known",
                condition=Q(pattern__in=Pattern.values, kind__in=Kind.values, ground__in=Ground.values),
            ),
            models.CheckConstraint(name="sanction_proposal_lapses", condition=Q(lapses_at__gt=F("made_at"))),
            models.CheckConstraint(
                name="sanction_proposal_state",
                condition=Q(state=ProposalState.OPEN, closed_at__isnull=True, closed_by__isnull=True)
                | Q(state=ProposalState.LAPSED, closed_at__isnull=False, closed_by__isnull=True)
                | (
                    Q(state=ProposalState.TAKEN_UP, closed_at__isnull=False, closed_by__isnull=False)
                    | (
                        Q(state=ProposalState.SET_ASIDE, closed_at__isnull=False, closed_by__isnull=False)
                        & ~Q(reason__regex=r"^\s*$")
                    )
                ),
            ),
            models.CheckConstraint(
                name="sanction_proposal_closed_by_another",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("person")),
            ),
            models.UniqueConstraint(
                name="sanction_proposal_once",
                fields=["person", "pattern"],
                condition=Q(state=ProposalState.OPEN),
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="sanction_proposal_by_state")]


class Sanction(models.Model):
    """A named person who runs the site decided this about somebody, on a ground of the published list.

    What was decided is written once. It takes effect only after its statement of reasons was delivered; it
    ends once, and then for good. What it bars stands in the rooms that obey it (`people.Restriction`,
    `ledger.PaymentRefusal`), which the database fills for a sanction in this state alone.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="sanctions", db_index=False)
    kind = models.CharField(max_length=14, choices=Kind)
    bars = ArrayField(models.CharField(max_length=7, choices=Bar), default=list)
    days = models.PositiveSmallIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    amount_minor = models.PositiveBigIntegerField(null=True)
    ground = models.CharField(max_length=12, choices=Ground)
    evidence = models.TextField(max_length=LONGEST_TEXT)
    reason = models.TextField(max_length=LONGEST_TEXT)
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="sanction")
    decided_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    decided_at = models.DateTimeField()

    delivered_at = models.DateTimeField(null=True)
    delivered_how = models.CharField(max_length=4, choices=Delivered, blank=True, default="")
    statement = models.TextField(blank=True, default="", help_text="As it was delivered.")
    takes_effect_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=10, choices=Ended, blank=True, default="")
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    end_reason = models.TextField(max_length=LONGEST_TEXT, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(name="sanction_kind_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="sanction_ground_known", condition=Q(ground__in=Ground.values)),
            models.CheckConstraint(
                name="sanction_has_reason",
                condition=Q(reason__regex=rf"^\s*\S(.|\s){{{LEAST_REASON - 1},}}$"),
            ),
            models.CheckConstraint(name="sanction_has_evidence", condition=~Q(evidence__regex=r"^\s*$")),
            models.CheckConstraint(
                name="sanction_bars_by_kind",
                condition=Q(kind=Kind.RESTRICT, bars__len__gte=1)
                & Q(bars__contained_by=[Bar.TAKE, Bar.PUBLISH, Bar.POST])
                | Q(kind__in=[Kind.SUSPEND, Kind.CLOSE], bars=Bar.values)
                | Q(kind__in=[Kind.WARN, Kind.REFUSE_PAYMENT], bars=[]),
            ),
            models.CheckConstraint(
                name="sanction_days_by_kind",
                condition=Q(kind__in=FOR_DAYS, days__isnull=False, days__gte=1)
                | (~Q(kind__in=FOR_DAYS) & Q(days__isnull=True)),
            ),
            models.CheckConstraint(
                name="sanction_amount_by_kind",
                condition=(
                    Q(kind=Kind.REFUSE_PAYMENT, currency__regex=r"^[A-Z]{3}$")
                    & (Q(amount_minor__isnull=True) | Q(amount_minor__gt=0))
                )
                | (~Q(kind=Kind.REFUSE_PAYMENT) & Q(currency="", amount_minor__isnull=True)),
            ),
            models.CheckConstraint(name="sanction_by_another", condition=~Q(decided_by=F("person"))),
            models.CheckConstraint(
                name="sanction_delivered_whole",
                condition=Q(
                    delivered_at__isnull=True,
                    delivered_how="",
                    statement="",
                    takes_effect_at__isnull=True,
                    ends_at__isnull=True,
                )
                | (
                    Q(delivered_at__isnull=False, takes_effect_at__isnull=False)
                    & Q(delivered_at__gte=F("decided_at"))
                    & Q(delivered_how__in=Delivered.values)
                    & ~Q(statement="")
                ),
            ),
            models.CheckConstraint(
                name="sanction_told_before_effect",
                condition=Q(takes_effect_at__isnull=True) | Q(takes_effect_at__gt=F("delivered_at")),
            ),
            models.CheckConstraint(
                name="sanction_ends_by_its_days",
                condition=Q(delivered_at__isnull=True)
                | Q(days__isnull=True, ends_at__isnull=True)
                | Q(days__isnull=False, ends_at__isnull=False, ends_at__gt=F("takes_effect_at")),
            ),
            models.CheckConstraint(
                name="sanction_ended_whole",
                condition=Q(ended_at__isnull=True, ended_how="", ended_by__isnull=True, end_reason="")
                | Q(ended_at__isnull=False, ended_at__gte=F("decided_at"), ended_how__in=Ended.values),
            ),
            models.CheckConstraint(
                name="sanction_ended_by_somebody",
                condition=~Q(ended_how__in=[Ended.WITHDRAWN, Ended.REVERSED])
                | (Q(ended_by__isnull=False) & ~Q(end_reason__regex=r"^\s*$")),
            ),
            models.CheckConstraint(
                name="sanction_ended_by_another",
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("person")),
            ),
            models.UniqueConstraint(
                name="sanction_one_of_a_kind",
                fields=["person", "kind"],
                condition=Q(ended_at__isnull=True) & ~Q(kind=Kind.WARN),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="sanction_of_person"),
            models.Index(fields=["id"], condition=Q(ended_at__isnull=True), name="sanction_not_ended"),
        ]


class Review(models.Model):
    """The one it touches asked that another person look at a sanction again, and what that person said.

    Until `review_by`; without an answer by then the sanction lapses.
    """

    sanction = models.OneToOneField(Sanction, models.PROTECT, related_name="review")
    words = models.TextField(max_length=LONGEST_TEXT, blank=True, default="")
    asked_at = models.DateTimeField()
    review_by = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    reviewer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    outcome = models.CharField(max_length=6, choices=Outcome, blank=True, default="")
    reason = models.TextField(max_length=LONGEST_TEXT, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="sanction_review_has_time", condition=Q(review_by__gt=F("asked_at"))),
            models.CheckConstraint(
                name="sanction_review_whole",
                condition=Q(outcome="", reviewer__isnull=True, reviewed_at__isnull=True, reason="")
                | (
                    Q(outcome__in=Outcome.values, reviewer__isnull=False, reviewed_at__isnull=False)
                    & Q(reviewed_at__gte=F("asked_at"))
                    & Q(
                        reviewed_at__lte=F("review_by"),
                        reason__regex=rf"^\s*\S(.|\s){{{LEAST_REASON - 1},}}$",
                    )
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["review_by"], condition=Q(outcome=""), name="sanction_review_waits"),
        ]


class Answer(models.Model):
    """What the one it touches says to a sanction. Written once."""

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="answers")
    words = models.TextField(max_length=LONGEST_TEXT)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="sanction_answer_says_something", condition=~Q(words__regex=r"^\s*$")
            ),
        ]


class SanctionFile(models.Model):
    """A file that goes with a sanction: evidence of whoever decided it, or of the one it touches.

    The one it touches and those who run the site read it, and nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="files")
    is_evidence = models.BooleanField(help_text="Of whoever decided; else of the one it touches.")
    stored_as = models.CharField(max_length=200, unique=True)
    filename = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="sanction_file_not_empty", condition=Q(size_bytes__gt=0)),
            models.CheckConstraint(name="sanction_file_has_name", condition=~Q(filename="")),
            models.UniqueConstraint(name="sanction_file_once", fields=["sanction", "is_evidence", "sha256"]),
        ]
