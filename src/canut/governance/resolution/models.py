"""A resolution jury: who sits in it, what they said and said back, and what they chose."""

from django.db import models
from django.db.models import F, Q

from canut.governance.models import Proposal
from canut.governance.resolution.states import ENDED, SETTLED, SITTING, JuryState
from canut.membership.states import College
from canut.people.models import Person

LONGEST_WORDS = 2_000


class Jury(models.Model):
    """Members drawn by lot from each college look at a draft that somebody blocks (MECHANISMS 6.3).

    The draft is held meanwhile. Lots are membership's own: theirs are found by this row's number. A jury
    looks at a version once.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="juries", db_index=False)
    version_number = models.PositiveIntegerField()
    caller = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField(max_length=LONGEST_WORDS)
    state = models.CharField(max_length=9, choices=JuryState, default=JuryState.SEATING)
    called_at = models.DateTimeField()
    ends_by = models.DateTimeField(help_text="When it ends without a decision.")
    seated_at = models.DateTimeField(null=True)
    understood_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wording = models.ForeignKey("Wording", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="jury_once_a_version", fields=["proposal", "version_number"]),
            models.UniqueConstraint(name="jury_one_open", fields=["proposal"], condition=~Q(state__in=ENDED)),
            models.CheckConstraint(name="jury_state_known", condition=Q(state__in=JuryState.values)),
            models.CheckConstraint(name="jury_has_reason", condition=~Q(reason__regex=r"^\s*$")),
            models.CheckConstraint(name="jury_ends_later", condition=Q(ends_by__gt=F("called_at"))),
            models.CheckConstraint(
                name="jury_seated_has_time",
                condition=(~Q(state__in=(*SITTING, *SETTLED)) | Q(seated_at__isnull=False))
                & (~Q(state=JuryState.SEATING) | Q(seated_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="jury_understood_before_it_chooses",
                condition=~Q(state__in=(JuryState.CHOOSING, *SETTLED)) | Q(understood_at__isnull=False),
            ),
            models.CheckConstraint(
                name="jury_ended_has_time",
                condition=Q(state__in=ENDED, ended_at__isnull=False, ended_at__gte=F("called_at"))
                | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="jury_amended_has_wording",
                condition=Q(state=JuryState.AMENDED, wording__isnull=False)
                | (~Q(state=JuryState.AMENDED) & Q(wording__isnull=True)),
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="jury_by_state")]


class Seat(models.Model):
    """Somebody who was drawn and accepted. Pages tell their number and college, never who they are.

    Who leaves keeps the row with its time, and so does what they said.
    """

    jury = models.ForeignKey(Jury, models.PROTECT, related_name="seats", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Counted from 1 in each jury.")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    college = models.CharField(max_length=10, choices=College)
    taken_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="jury_seat_number_once", fields=["jury", "number"]),
            models.UniqueConstraint(name="jury_seat_once_a_person", fields=["jury", "person"]),
            models.CheckConstraint(name="jury_seat_counted_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="jury_seat_college_known", condition=Q(college__in=College.values)),
            models.CheckConstraint(
                name="jury_seat_left_later", condition=Q(left_at__isnull=True) | Q(left_at__gte=F("taken_at"))
            ),
        ]
        indexes = [models.Index(fields=["person", "-id"], name="jury_seat_of_person")]


class Statement(models.Model):
    """What a juror thinks of the conflict. Written once."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="statement")
    text = models.TextField(max_length=LONGEST_WORDS)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="jury_statement_has_words", condition=~Q(text__regex=r"^\s*$"))
        ]


class Restatement(models.Model):
    """Another juror says back what somebody said; that one says whether they were understood.

    If they were not, they say what was missed, and the other tries again with another row.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="restatements", db_index=False)
    by = models.ForeignKey(Seat, models.PROTECT, related_name="restatements")
    text = models.TextField(max_length=LONGEST_WORDS)
    said_at = models.DateTimeField()
    understood = models.BooleanField(null=True, help_text="None while it waits for an answer.")
    missed = models.TextField(max_length=LONGEST_WORDS, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="jury_restatement_one_that_counts",
                fields=["statement", "by"],
                condition=Q(understood__isnull=True) | Q(understood=True),
            ),
            models.CheckConstraint(name="jury_restatement_has_words", condition=~Q(text__regex=r"^\s*$")),
            models.CheckConstraint(
                name="jury_restatement_answered_has_time",
                condition=Q(understood__isnull=True, answered_at__isnull=True, missed="")
                | Q(understood=True, answered_at__isnull=False, missed="")
                | (Q(understood=False, answered_at__isnull=False) & ~Q(missed__regex=r"^\s*$")),
            ),
        ]
        indexes = [models.Index(fields=["statement", "by"], name="jury_restatement_of")]


class Wording(models.Model):
    """What a juror would have the draft read, a whole version as `wordings.py` keeps it. Written once."""

    jury = models.ForeignKey(Jury, models.PROTECT, related_name="wordings", db_index=False)
    by = models.ForeignKey(Seat, models.PROTECT, related_name="wordings")
    content = models.JSONField()
    put_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["jury", "id"], name="jury_wording_of")]


class Choice(models.Model):
    """What a juror would have: a wording, or the draft as it stands if there is none. The last one counts."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="choice")
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, related_name="+", db_index=False)
    chosen_at = models.DateTimeField()
