"""Votes, who may vote in them, the ballots while a vote is open, and the list that is published after it.

A ballot is tied to its elector only as long as the vote is open, so that it can be changed. Closing the vote
deletes those rows and writes the published ones anew, sorted by receipt: nothing is kept by which the two
could be brought together. `migrations/0002_promises.py` holds the site to it.
"""

from django.db import models
from django.db.models import F, Q

from canut.charter.parameters import Class
from canut.governance.ballots.rules_receipts import RECEIPT_PATTERN
from canut.governance.ballots.states import BallotChoice, CollegeOutcome, VoteState
from canut.membership.states import College
from canut.people.models import Person

LONGEST_TITLE = 200


class Vote(models.Model):
    """One question, put to the colleges for a while.

    `subject_kind` and `subject_id` say which row of which room it is about, `address` the page that tells
    what it is. `rule` is how it is decided (`rules.VoteRule`), as the charter had it at the opening.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    title_en = models.CharField(max_length=LONGEST_TITLE)
    title_fr = models.CharField(max_length=LONGEST_TITLE)
    address = models.CharField(max_length=200, help_text="A path of this site.")
    question_class = models.CharField(max_length=14, choices=Class)
    only_college = models.CharField(max_length=10, choices=College, blank=True, default="")
    rule = models.JSONField()
    state = models.CharField(max_length=6, choices=VoteState, default=VoteState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    is_adopted = models.BooleanField(null=True)
    list_hash = models.CharField(
        max_length=64, blank=True, default="", help_text="SHA-256 of the published list, in hex."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(state="open"), name="vote_one_open"
            ),
            models.CheckConstraint(
                name="vote_subject_shape", condition=Q(subject_kind__regex=r"^[a-z][a-z_]*$")
            ),
            models.CheckConstraint(
                name="vote_has_title", condition=Q(title_en__regex=r"\S", title_fr__regex=r"\S")
            ),
            models.CheckConstraint(name="vote_address_is_ours", condition=Q(address__regex=r"^/([^/]|$)")),
            models.CheckConstraint(name="vote_class_known", condition=Q(question_class__in=Class.values)),
            models.CheckConstraint(
                name="vote_college_known", condition=Q(only_college="") | Q(only_college__in=College.values)
            ),
            models.CheckConstraint(name="vote_state_known", condition=Q(state__in=VoteState.values)),
            models.CheckConstraint(name="vote_closes_later", condition=Q(closes_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="vote_closed_is_whole",
                condition=Q(state="open", closed_at__isnull=True, is_adopted__isnull=True, list_hash="")
                | Q(
                    state="closed",
                    closed_at__isnull=False,
                    is_adopted__isnull=False,
                    list_hash__regex=r"^[0-9a-f]{64}$",
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at", "id"], condition=Q(state="open"), name="vote_open_by_end"),
            models.Index(
                fields=["-closed_at", "-id"], condition=Q(state="closed"), name="vote_closed_by_end"
            ),
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="vote_of_subject"),
        ]


class CollegeTally(models.Model):
    """One college in one vote: its active members at the opening, and how it voted once that is counted.

    `members` are electors where the college is asked. Of a college with few ballots only their number and
    the outcome are kept.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="tallies", db_index=False)
    college = models.CharField(max_length=10, choices=College)
    members = models.PositiveIntegerField()
    is_asked = models.BooleanField()
    decides = models.BooleanField(help_text="Whether its outcome decides; or else it is only shown.")
    ballots = models.PositiveIntegerField(null=True)
    yes = models.PositiveIntegerField(null=True)
    no = models.PositiveIntegerField(null=True)
    abstain = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=12, choices=CollegeOutcome, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "college"], name="tally_once_a_college"),
            models.CheckConstraint(name="tally_college_known", condition=Q(college__in=College.values)),
            models.CheckConstraint(
                name="tally_outcome_known", condition=Q(outcome="") | Q(outcome__in=CollegeOutcome.values)
            ),
            models.CheckConstraint(
                name="tally_counted_or_not",
                condition=Q(outcome="", ballots__isnull=True, yes__isnull=True)
                | (
                    Q(outcome="not_asked", is_asked=False, ballots__isnull=False, ballots=0)
                    & Q(yes__isnull=True)
                )
                | (
                    ~Q(outcome__in=["", "not_asked"])
                    & Q(is_asked=True, ballots__isnull=False, ballots__lte=F("members"))
                ),
            ),
            models.CheckConstraint(
                name="tally_adds_up",
                condition=Q(yes__isnull=True, no__isnull=True, abstain__isnull=True)
                | Q(
                    yes__isnull=False,
                    no__isnull=False,
                    abstain__isnull=False,
                    ballots=F("yes") + F("no") + F("abstain"),
                ),
            ),
        ]


class Elector(models.Model):
    """Somebody who may vote, fixed when the vote opens: who comes later may not, who leaves later still may.

    `voted_at` is when they cast a ballot last; it stays, for turnout is no secret to oneself.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="electors", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    college = models.CharField(max_length=10, choices=College)
    voted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When they were told that the vote is open.")
    reminded_at = models.DateTimeField(null=True, help_text="When they were reminded before its end.")
    result_told_at = models.DateTimeField(null=True, help_text="When they were told how it ended.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "person"], name="elector_once"),
            models.CheckConstraint(name="elector_college_known", condition=Q(college__in=College.values)),
        ]
        indexes = [
            models.Index(fields=["person", "-vote"], name="elector_of_person"),
            models.Index(fields=["vote"], condition=Q(told_at__isnull=True), name="elector_to_tell"),
            models.Index(
                fields=["vote"], condition=Q(result_told_at__isnull=True), name="elector_to_tell_result"
            ),
        ]


class Ballot(models.Model):
    """A ballot while its vote is open: whose it is, what it says, and the receipt that stays the same."""

    elector = models.OneToOneField(Elector, models.PROTECT, primary_key=True, related_name="ballot")
    choice = models.CharField(max_length=7, choices=BallotChoice)
    receipt = models.CharField(max_length=19)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="ballot_receipt_once"),
            models.CheckConstraint(name="ballot_choice_known", condition=Q(choice__in=BallotChoice.values)),
            models.CheckConstraint(name="ballot_receipt_shape", condition=Q(receipt__regex=RECEIPT_PATTERN)),
        ]


class CountedBallot(models.Model):
    """One line of the list that is published when a vote has ended. Nothing says whose it is.

    `choice` is empty where the college had so few ballots that only its outcome is told.
    """

    vote = models.ForeignKey(Vote, models.PROTECT, related_name="counted_ballots", db_index=False)
    college = models.CharField(max_length=10, choices=College)
    receipt = models.CharField(max_length=19)
    choice = models.CharField(max_length=7, choices=BallotChoice, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="counted_ballot_receipt_once"),
            models.CheckConstraint(
                name="counted_ballot_college_known", condition=Q(college__in=College.values)
            ),
            models.CheckConstraint(
                name="counted_ballot_choice_known", condition=Q(choice="") | Q(choice__in=BallotChoice.values)
            ),
            models.CheckConstraint(
                name="counted_ballot_receipt_shape", condition=Q(receipt__regex=RECEIPT_PATTERN)
            ),
        ]
        indexes = [models.Index(fields=["vote", "receipt"], name="counted_ballot_of_vote")]
