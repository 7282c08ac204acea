"""Elections, candidates, ballots, seats, recalls, and what the board votes on in the open.

A ballot is tied to its elector only as long as the election is open, so that it can be changed; closing
it deletes those rows and writes the rankings anew, sorted by receipt (`migrations/0002_promises.py` holds
the site to it). Seats are filled from those rankings again when one becomes empty.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from canut.charter.models import LogEntry
from canut.governance.ballots.rules_receipts import RECEIPT_PATTERN
from canut.governance.board.states import (
    RUNNING_PETITIONS,
    ElectedBy,
    ElectionState,
    LeftSeat,
    MotionChoice,
    MotionKind,
    MotionState,
    PetitionState,
    TookSeat,
)
from canut.membership.states import College
from canut.people.models import Person

LONGEST_STATEMENT = 2_000
LONGEST_REASON = 1_000
LONGEST_WORDS = 500


class Election(models.Model):
    """One college elects some or all of its members of the board.

    `is_for_rest` tells that it fills empty seats until the others' term ends. `members` are the college's
    active members when the vote opened, who are its electors. `detail_least_votes` is under how many
    ballots nothing but who is elected is told. `log_root` is the root of the public log's tree once the
    ballots' hash stood in it, at `ballots_logged`; the lots of the count come from it. `sheet` is the count
    (`rules_stv.sheet_to_json`). Its number in the public log is its id.
    """

    college = models.CharField(max_length=10, choices=College)
    seats = models.PositiveSmallIntegerField()
    is_for_rest = models.BooleanField(default=False)
    state = models.CharField(max_length=11, choices=ElectionState, default=ElectionState.NOMINATIONS)
    opened_at = models.DateTimeField()
    nominations_end_at = models.DateTimeField()
    voting_ends_at = models.DateTimeField(null=True)
    term_ends_at = models.DateTimeField(null=True, help_text="Null until the term begins, but for a rest.")
    members = models.PositiveIntegerField(null=True)
    detail_least_votes = models.PositiveIntegerField(null=True)
    over_at = models.DateTimeField(null=True)
    elected_by = models.CharField(max_length=9, choices=ElectedBy, blank=True, default="")
    ballots = models.PositiveIntegerField(null=True)
    list_hash = models.CharField(max_length=64, blank=True, default="")
    log_root = models.CharField(max_length=64, blank=True, default="", help_text="In hex.")
    ballots_logged = models.OneToOneField(LogEntry, models.PROTECT, null=True, related_name="+")
    result_logged = models.OneToOneField(LogEntry, models.PROTECT, null=True, related_name="+")
    sheet = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["college"], condition=~Q(state="over"), name="election_one_a_college"
            ),
            models.CheckConstraint(name="election_college_known", condition=Q(college__in=College.values)),
            models.CheckConstraint(name="election_state_known", condition=Q(state__in=ElectionState.values)),
            models.CheckConstraint(name="election_has_seats", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="election_elected_by_known",
                condition=Q(elected_by="") | Q(elected_by__in=ElectedBy.values),
            ),
            models.CheckConstraint(
                name="election_in_order",
                condition=Q(nominations_end_at__gt=F("opened_at"))
                & (Q(voting_ends_at__isnull=True) | Q(voting_ends_at__gt=F("nominations_end_at")))
                & (Q(over_at__isnull=True) | Q(over_at__gte=F("nominations_end_at")))
                & (
                    Q(over_at__isnull=True)
                    | Q(voting_ends_at__isnull=True)
                    | Q(over_at__gte=F("voting_ends_at"))
                ),
            ),
            models.CheckConstraint(
                name="election_vote_opens_whole",
                condition=Q(state="nominations", voting_ends_at__isnull=True, members__isnull=True)
                | Q(
                    state="voting",
                    voting_ends_at__isnull=False,
                    members__isnull=False,
                    detail_least_votes__isnull=False,
                )
                | Q(state="over"),
            ),
            models.CheckConstraint(
                name="election_over_is_whole",
                condition=(
                    ~Q(state="over")
                    & Q(over_at__isnull=True, elected_by="", ballots__isnull=True, list_hash="", log_root="")
                    & Q(ballots_logged__isnull=True, result_logged__isnull=True, sheet__isnull=True)
                )
                | (
                    Q(state="over", over_at__isnull=False, term_ends_at__isnull=False)
                    & (Q(result_logged__isnull=False) | Q(elected_by="nobody"))
                    & (
                        Q(elected_by__in=("unopposed", "nobody"), ballots__isnull=True, list_hash="")
                        & Q(log_root="")
                        & Q(ballots_logged__isnull=True, sheet__isnull=True, voting_ends_at__isnull=True)
                        | Q(elected_by="count", ballots__isnull=False, ballots_logged__isnull=False)
                        & Q(list_hash__regex=r"^[0-9a-f]{64}$", log_root__regex=r"^[0-9a-f]{64}$")
                        & Q(sheet__isnull=False, voting_ends_at__isnull=False, members__isnull=False)
                        & Q(ballots__lte=F("members"), detail_least_votes__isnull=False)
                    )
                ),
            ),
        ]
        indexes = [models.Index(fields=["college", "-id"], name="election_of_college")]


class Candidate(models.Model):
    """Somebody who stands in an election, or stood and withdrew.

    `number` is how ballots and the count name them. `pseudonym` is how the public log does: the SHA-256 of
    the salt, the election and the person, which nobody can tie to the person once the salt is gone.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="candidates", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    statement = models.TextField(max_length=LONGEST_STATEMENT, blank=True, default="")
    salt = models.BinaryField(max_length=32, null=True)
    pseudonym = models.CharField(max_length=64)
    stood_at = models.DateTimeField()
    withdrew_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["election", "person"], name="board_candidate_once"),
            models.UniqueConstraint(fields=["election", "number"], name="board_candidate_number_once"),
            models.UniqueConstraint(fields=["pseudonym"], name="board_candidate_pseudonym_once"),
            models.CheckConstraint(name="board_candidate_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="board_candidate_pseudonym_shape", condition=Q(pseudonym__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="board_candidate_withdrew_later",
                condition=Q(withdrew_at__isnull=True) | Q(withdrew_at__gte=F("stood_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-election"], name="board_candidate_of_person"),
        ]


class BoardElector(models.Model):
    """Somebody who may vote in an election, fixed when its vote opens."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="electors", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    voted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="When they were told that the vote is open.")
    reminded_at = models.DateTimeField(null=True, help_text="When they were reminded before its end.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "person"], name="board_elector_once")]
        indexes = [models.Index(fields=["person", "-election"], name="board_elector_of_person")]


class RankedBallot(models.Model):
    """A ballot while its election is open: whose it is, how it ranks, and the receipt that stays the same."""

    elector = models.OneToOneField(BoardElector, models.PROTECT, primary_key=True, related_name="ballot")
    ranking = ArrayField(models.PositiveSmallIntegerField(), help_text="Numbers of candidates, best first.")
    receipt = models.CharField(max_length=19)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="ranked_ballot_receipt_once"),
            models.CheckConstraint(
                name="ranked_ballot_receipt_shape", condition=Q(receipt__regex=RECEIPT_PATTERN)
            ),
        ]


class CountedRanking(models.Model):
    """One ballot of an election that is over. Nothing says whose it is."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="rankings", db_index=False)
    ranking = ArrayField(models.PositiveSmallIntegerField(), help_text="Numbers of candidates, best first.")
    receipt = models.CharField(max_length=19)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], name="counted_ranking_receipt_once"),
            models.CheckConstraint(
                name="counted_ranking_receipt_shape", condition=Q(receipt__regex=RECEIPT_PATTERN)
            ),
        ]
        indexes = [models.Index(fields=["election", "receipt"], name="counted_ranking_of_election")]


class Seat(models.Model):
    """Somebody's seat on the board. Who is elected stays until others are, even if the term is past."""

    candidate = models.OneToOneField(Candidate, models.PROTECT, related_name="seat")
    took_by = models.CharField(max_length=9, choices=TookSeat)
    began_at = models.DateTimeField()
    term_ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=13, choices=LeftSeat, blank=True, default="")
    followed_at = models.DateTimeField(
        null=True, help_text="When it was seen to who follows; only of a seat that became empty."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="seat_took_known", condition=Q(took_by__in=TookSeat.values)),
            models.CheckConstraint(name="seat_term_ends_later", condition=Q(term_ends_at__gt=F("began_at"))),
            models.CheckConstraint(
                name="seat_ended_somehow",
                condition=Q(ended_at__isnull=True, ended_as="", followed_at__isnull=True)
                | Q(ended_at__isnull=False, ended_at__gte=F("began_at"), ended_as__in=LeftSeat.values),
            ),
        ]
        indexes = [
            models.Index(fields=["term_ends_at"], condition=Q(ended_at__isnull=True), name="seat_held"),
            models.Index(fields=["-ended_at"], condition=Q(ended_at__isnull=False), name="seat_former"),
        ]


class Recount(models.Model):
    """A count of an election's ballots made again to fill seats that became empty."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="recounts")
    gone = ArrayField(models.PositiveSmallIntegerField(), help_text="Who cannot take a seat, by number.")
    sitting = ArrayField(models.PositiveSmallIntegerField(), help_text="Who keeps theirs, by number.")
    sheet = models.JSONField()
    counted_at = models.DateTimeField()
    logged = models.OneToOneField(LogEntry, models.PROTECT, related_name="+")


class RecallPetition(models.Model):
    """Members of a college ask it to recall somebody whom it elected.

    `needed` is how many must sign, fixed at the beginning. `vote_id` is the college's vote.
    """

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="petitions")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=9, choices=PetitionState, default=PetitionState.OPEN)
    needed = models.PositiveIntegerField()
    opened_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    vote_id = models.BigIntegerField(null=True, unique=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seat"], condition=Q(state__in=RUNNING_PETITIONS), name="petition_one_a_seat"
            ),
            models.CheckConstraint(name="petition_state_known", condition=Q(state__in=PetitionState.values)),
            models.CheckConstraint(name="petition_has_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(name="petition_needs_somebody", condition=Q(needed__gte=1)),
            models.CheckConstraint(name="petition_lapses_later", condition=Q(lapses_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="petition_vote_when_voted",
                condition=Q(state__in=("vote", "recalled", "kept"), vote_id__isnull=False)
                | Q(state__in=("open", "lapsed", "withdrawn"), vote_id__isnull=True)
                | Q(state="moot"),
            ),
            models.CheckConstraint(
                name="petition_ended_has_time",
                condition=Q(state__in=RUNNING_PETITIONS, ended_at__isnull=True)
                | (~Q(state__in=RUNNING_PETITIONS) & Q(ended_at__isnull=False, ended_at__gte=F("opened_at"))),
            ),
        ]


class RecallSignature(models.Model):
    """A member's name under a petition. Nobody is told who signed; it goes when the petition ends."""

    petition = models.ForeignKey(RecallPetition, models.PROTECT, related_name="signatures", db_index=False)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["petition", "by"], name="signature_once")]
        indexes = [models.Index(fields=["by"], name="signature_by_member")]


class Motion(models.Model):
    """A question that the board votes on in the open. `subject_id` is the proposal's id, or 0."""

    kind = models.CharField(max_length=12, choices=MotionKind)
    subject_id = models.BigIntegerField(default=0)
    by = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    reason = models.TextField(max_length=LONGEST_REASON)
    state = models.CharField(max_length=8, choices=MotionState, default=MotionState.OPEN)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    members = models.PositiveSmallIntegerField(null=True, help_text="Who sat on the board at its end.")
    needed = models.PositiveSmallIntegerField(null=True, help_text="How many of them had to vote.")
    logged = models.OneToOneField(LogEntry, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(state="open"), name="motion_one_open"
            ),
            models.CheckConstraint(name="motion_kind_known", condition=Q(kind__in=MotionKind.values)),
            models.CheckConstraint(name="motion_state_known", condition=Q(state__in=MotionState.values)),
            models.CheckConstraint(name="motion_has_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(
                name="motion_subject_fits",
                condition=Q(kind="overrule", subject_id__gte=1) | Q(kind="ratification", subject_id=0),
            ),
            models.CheckConstraint(name="motion_closes_later", condition=Q(closes_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="motion_ended_is_whole",
                condition=Q(state="open", ended_at__isnull=True, members__isnull=True, needed__isnull=True)
                & Q(logged__isnull=True)
                | Q(state__in=("adopted", "rejected", "moot"), ended_at__gte=F("opened_at"))
                & Q(members__isnull=False, needed__isnull=False, logged__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["-opened_at"], name="motion_by_age")]


class MotionVote(models.Model):
    """What a member of the board said to a motion, for everybody to read. It may change until the end."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes", db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+", db_index=False)
    choice = models.CharField(max_length=7, choices=MotionChoice)
    words = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["motion", "seat"], name="motion_vote_once"),
            models.CheckConstraint(
                name="motion_vote_choice_known", condition=Q(choice__in=MotionChoice.values)
            ),
        ]
        indexes = [models.Index(fields=["seat", "-motion"], name="motion_vote_of_seat")]
